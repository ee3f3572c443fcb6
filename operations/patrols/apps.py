from django.apps import AppConfig

from agencies.directory.roles import Permission
from agreements.sharing import kinds
from portal import second_lock
from portal.outbox import beat
from portal.ui import menu

MINUTE = 60.0
KINDS = (
    ("patrol", "Patrol", "Patrols", "signpost-2"),
    ("leg", "Leg", "Legs", "bezier2"),
    ("observation", "Observation", "Observations", "eye"),
)


class PatrolsConfig(AppConfig):
    name = "operations.patrols"
    label = "patrols"
    verbose_name = "Patrols"

    def ready(self) -> None:
        from agreements.register import foresight
        from operations.patrols import alerting, demo, duties, home, whatif

        for name, label, plural, icon in KINDS:
            kinds.register(
                kinds.Kind(
                    name=name,
                    label=label,
                    plural=plural,
                    view_permission=Permission.PATROL_VIEW,
                    detail_url=f"patrols:{name}-detail",
                    list_url="patrols:patrol-list",
                    icon=icon,
                )
            )
        foresight.register_footings(whatif.footings)
        alerting.register()
        home.register()
        beat.every(MINUTE, "patrols.watch_overdue")
        menu.register(menu.MenuEntry("Patrols", "patrols:patrol-list", "signpost-2", 20, Permission.PATROL_VIEW))
        demo.register()
        duties.register_all()
        second_lock.guard(
            "patrols_patrol", "patrols_team", "patrols_leg", "patrols_track", "patrols_observation", "patrols_photo"
        )
        second_lock.guard("patrols_recording")
