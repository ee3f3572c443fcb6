from django.apps import AppConfig

from portal.ui import menu


class PictureConfig(AppConfig):
    name = "operations.picture"
    label = "picture"
    verbose_name = "Picture"

    def ready(self) -> None:
        menu.register(menu.MenuEntry("Home", "picture:home", "house", 0))
