from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import menu


class ImportingConfig(AppConfig):
    name = "agreements.importing"
    label = "importing"
    verbose_name = "Imports"

    def ready(self) -> None:
        from agreements.importing import alerting

        alerting.register()
        menu.register(
            menu.MenuEntry("Imports", "importing:import-list", "file-earmark-arrow-up", 61, Permission.AGREEMENT_DRAFT)
        )
