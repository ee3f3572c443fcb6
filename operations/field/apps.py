from django.apps import AppConfig

from agencies.directory.roles import Permission
from agreements.sharing import kinds
from portal import second_lock
from portal.ui import menu, panels


class FieldConfig(AppConfig):
    name = "operations.field"
    label = "field"
    verbose_name = "In the field"

    def ready(self) -> None:
        from operations.field import alerting, demo, home, telling

        kinds.register(
            kinds.Kind(
                name="crossing",
                label="Crossing",
                plural="Crossings",
                view_permission=Permission.PATROL_VIEW,
                detail_url="field:crossing-detail",
                list_url="field:crossing-list",
                icon="signpost-split",
            )
        )
        alerting.register()
        home.register()
        telling.register()
        demo.register()
        panels.register(panels.Panel("patrols.entry", "field:record-told", "As the device told it", 35))
        menu.register(
            menu.MenuEntry("Quarantine", "field:quarantine-list", "shield-exclamation", 66, Permission.FIELD_SUPERVISE)
        )
        second_lock.guard("field_version", "field_pause", "field_crossing", "field_told")
