from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import demo, menu, panels


class RegisterConfig(AppConfig):
    name = "agreements.register"
    label = "register"
    verbose_name = "Treaty register"

    def ready(self) -> None:
        from agreements.register import home, partners
        from agreements.register.demo import load
        from portal.live import telling

        telling.narrowed_by("agreement.")
        demo.register(demo.Step("agreements", 20, load))
        home.register()
        panels.register(
            panels.Panel("register.agreement", "register:agreement-precedence", "Where agreements overlap", 80)
        )
        partners.register()
        menu.register(
            menu.MenuEntry("Agreements", "register:agreement-list", "journal-check", 60, Permission.AGREEMENT_VIEW)
        )
