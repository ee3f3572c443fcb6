from django.apps import AppConfig

from portal.ui import menu, tabs


class PictureConfig(AppConfig):
    name = "operations.picture"
    label = "picture"
    verbose_name = "Picture"

    def ready(self) -> None:
        menu.register(menu.MenuEntry("Home", "picture:home", "house", 0))
        tabs.register(tabs.Tab("planning.operation", "picture:operation-situation", "Situation", 10))
