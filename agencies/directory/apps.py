from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import menu


class DirectoryConfig(AppConfig):
    name = "agencies.directory"
    label = "directory"
    verbose_name = "Directory"

    def ready(self) -> None:
        from agencies.directory import demo, home
        from portal.live import telling

        telling.narrowed_by("agency.", "appointment.", "officer.", "succession.", "unit.")
        home.register()
        demo.register()
        menu.register(menu.MenuEntry("Agencies", "directory:agency-list", "building", 80, Permission.DIRECTORY_VIEW))
