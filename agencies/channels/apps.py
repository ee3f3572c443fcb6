from django.apps import AppConfig

from portal.ui import panels


class ChannelsConfig(AppConfig):
    name = "agencies.channels"
    label = "channels"
    verbose_name = "Communication channels"

    def ready(self) -> None:
        from agencies.channels import demo

        demo.register()
        panels.register(panels.Panel("directory.agency", "channels:agency-channels", "Communication channels", 10))
