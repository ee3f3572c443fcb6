from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import menu


class DistressConfig(AppConfig):
    name = "agreements.distress"
    label = "distress"
    verbose_name = "Danger to life"

    def ready(self) -> None:
        from agreements.distress import alerting, demo, home
        from portal.live import telling

        telling.narrowed_by("distress.")
        alerting.register()
        home.register()
        demo.register()
        menu.register(
            menu.MenuEntry("Danger to life", "distress:call-list", "exclamation-octagon", 65, Permission.DISTRESS_VIEW)
        )
