from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels, tabs


class PlanningConfig(AppConfig):
    name = "operations.planning"
    label = "planning"
    verbose_name = "Operations"

    def ready(self) -> None:
        from agreements.register import foresight
        from agreements.sharing import kinds
        from operations.planning import demo, home, whatif

        kinds.register(
            kinds.Kind(
                name="operation",
                label="Operation",
                plural="Operations",
                view_permission=Permission.OPERATION_VIEW,
                detail_url="planning:operation-detail",
                list_url="planning:operation-list",
                change_url="planning:operation-edit",
                change_permission=Permission.OPERATION_PLAN,
                icon="compass",
            )
        )
        kinds.register(
            kinds.Kind(
                name="instruction",
                label="Instruction",
                plural="Instructions",
                view_permission=Permission.OPERATION_VIEW,
                detail_url="planning:instruction-detail",
                list_url="planning:operation-list",
                icon="signpost",
                logged=False,
            )
        )
        menu.register(menu.MenuEntry("Operations", "planning:operation-list", "compass", 10, Permission.OPERATION_VIEW))
        tabs.register(tabs.Tab("planning.operation", "planning:operation-detail", "Plan and team", 20))
        panels.register(panels.Panel("directory.agency", "planning:agency-operations", "Operations in common", 40))
        panels.register(panels.Panel("atlas.country", "planning:country-operations", "Operations in common", 40))
        panels.register(panels.Panel("planning.operation", "planning:operation-channels", "Who can talk to whom", 70))
        tabs.register(tabs.Tab("planning.operation", "planning:operation-powers", "Powers card", 30))
        foresight.register_footings(whatif.footings)
        home.register()
        demo.register()
        second_lock.guard("planning_operation", "planning_operation_clauses", "planning_instruction")
