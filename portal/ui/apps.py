from django.apps import AppConfig

from portal.ui import panels


class UiConfig(AppConfig):
    name = "portal.ui"
    label = "ui"
    verbose_name = "Pages"

    def ready(self) -> None:
        panels.register(panels.Panel("ui.style", "ui:style-panel", "A panel"))
