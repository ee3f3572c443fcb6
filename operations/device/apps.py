from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import menu


class DeviceConfig(AppConfig):
    name = "operations.device"
    label = "device"
    verbose_name = "In the field"

    def ready(self) -> None:
        menu.register(menu.MenuEntry("In the field", "device:shell", "phone", 22, Permission.PATROL_RUN))
