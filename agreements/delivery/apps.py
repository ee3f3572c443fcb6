from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "agreements.delivery"
    label = "delivery"
    verbose_name = "Deliveries"

    def ready(self) -> None:
        from agreements.alerts import outlets
        from agreements.delivery import reached, routing, sending
        from portal.outbox import handlers

        outlets.register(routing.route)
        outlets.counted(reached.counts)
        outlets.reaching(reached.reached)
        handlers.register(routing.SEND, sending.deliver)
