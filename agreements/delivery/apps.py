from django.apps import AppConfig

from portal.ui import demo, panels


class DeliveryConfig(AppConfig):
    name = "agreements.delivery"
    label = "delivery"
    verbose_name = "Deliveries"

    def ready(self) -> None:
        from agreements.alerts import outlets
        from agreements.delivery import reached, routing, sending, trials
        from agreements.delivery.demo import load
        from portal.outbox import handlers

        outlets.register(routing.route)
        outlets.counted(reached.counts)
        outlets.reaching(reached.reached)
        handlers.register(routing.SEND, sending.deliver)
        handlers.register(trials.TRY, trials.tried)
        demo.register(demo.Step("delivery", 61, load))
        panels.register(panels.Panel("directory.account", "delivery:account-panel", "How alerts reach you", 20))
        panels.register(panels.Panel("directory.agency", "delivery:agency-panel", "Where alerts go", 60))
