from django.apps import AppConfig

from agencies.directory.roles import Permission
from agreements.sharing import kinds
from portal import second_lock
from portal.outbox import beat
from portal.ui import menu, panels

MINUTE = 60.0


class SafetyConfig(AppConfig):
    name = "operations.safety"
    label = "safety"
    verbose_name = "Safety in the field"

    def ready(self) -> None:
        from operations.safety import alerting, demo, falling, home, telling

        kinds.register(
            kinds.Kind(
                name="alarm",
                label="Alarm",
                plural="Alarms",
                view_permission=Permission.PATROL_VIEW,
                detail_url="safety:notice-detail",
                list_url="safety:alarm-list",
                icon="exclamation-octagon",
            )
        )
        alerting.register()
        falling.register()
        home.register()
        telling.register()
        demo.register()
        beat.every(MINUTE, "safety.watch_bases")
        menu.register(menu.MenuEntry("Safety", "safety:now", "life-preserver", 24, Permission.PATROL_VIEW))
        panels.register(panels.Panel("patrols:patrol", "safety:patrol-panel", "Safety", 10))
        panels.register(panels.Panel("field:crossing", "safety:limits-panel", "How the limits changed", 10))
        second_lock.guard("safety_notice", "safety_answer", "safety_limitchange")
