from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.outbox import beat
from portal.ui import menu

HOURS, MINUTES = 3600.0, 60.0


class AlertsConfig(AppConfig):
    name = "agreements.alerts"
    label = "alerts"
    verbose_name = "Alerts"

    def ready(self) -> None:
        from agreements.alerts import demo, duties, home, live, outlets, raising
        from agreements.alerts.handling import recalls, register, sharing, system
        from portal.live import topics
        from portal.outbox import handlers

        topics.register(live.topics)
        outlets.register(live.tell_new)
        home.register()
        sharing.register()
        recalls.register()
        register.register()
        system.register()
        demo.register()
        duties.register_all()
        handlers.register(raising.RAISE, raising.raise_part)
        beat.every(6 * HOURS, "alerts.watch_agreements")
        beat.every(MINUTES, "alerts.watch_messages")
        menu.register(menu.MenuEntry("Alerts", "alerts:alert-list", "bell", 70))
        menu.register(menu.MenuEntry("Health", "alerts:health", "activity", 95, Permission.SYSTEM_HEALTH))
