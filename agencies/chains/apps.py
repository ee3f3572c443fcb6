from django.apps import AppConfig

from portal.ui import panels


class ChainsConfig(AppConfig):
    name = "agencies.chains"
    label = "chains"
    verbose_name = "Duty chains"

    def ready(self) -> None:
        from agencies.chains import demo

        demo.register()
        panels.register(panels.Panel("directory.agency", "chains:agency-chain", "Duty chain", 12))
