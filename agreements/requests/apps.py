from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels


class RequestsConfig(AppConfig):
    name = "agreements.requests"
    label = "requests"
    verbose_name = "Access requests"

    def ready(self) -> None:
        from agencies.onboarding import foreseeing
        from agreements.requests import actions, alerting, demo, duties, handling, home, partners
        from agreements.sharing import gates, second
        from portal.live import telling

        telling.narrowed_by("access.")
        alerting.register()
        handling.register()
        home.register()
        demo.register()
        duties.register_all()
        gates.on_released(actions.released)
        second.on_dropped(actions.not_released)
        entry = menu.MenuEntry(
            "Access requests", "requests:request-list", "person-raised-hand", 59, Permission.ACCESS_REQUEST
        )
        menu.register(entry)
        panels.register(panels.Panel("sharing.record", "requests:record-panel", "Access requests", 42))
        foreseeing.register(partners.count)
        second_lock.guard("requests_askedrecord")
