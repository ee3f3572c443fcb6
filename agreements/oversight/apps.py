from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import menu


class OversightConfig(AppConfig):
    name = "agreements.oversight"
    label = "oversight"
    verbose_name = "Oversight"

    def ready(self) -> None:
        from agreements.oversight import home

        home.register()
        menu.register(menu.MenuEntry("Ledger", "oversight:ledger", "journal-check", 80, Permission.LEDGER_VIEW))
