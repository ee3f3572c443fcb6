from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels


class JointConfig(AppConfig):
    name = "operations.joint"
    label = "joint"
    verbose_name = "Joint reports"

    def ready(self) -> None:
        from agreements.sharing import gates, kinds
        from operations.joint import alerting, demo, home
        from operations.joint.actions import lapsing, reports, sealing

        kinds.register(
            kinds.Kind(
                name="joint",
                label="Joint report",
                plural="Joint reports",
                view_permission=Permission.PATROL_VIEW,
                detail_url="joint:report-detail",
                list_url="joint:report-list",
                change_url="joint:report-change",
                change_permission=Permission.PATROL_RUN,
                icon="people",
                # Written as a draft, and put to its sides by an act of its own (R6).
                logged=False,
                release_gap=reports.release_gap,
            )
        )
        kinds.register(
            kinds.Kind(
                name="statement",
                label="Statement",
                plural="Statements",
                view_permission=Permission.PATROL_VIEW,
                detail_url="joint:statement-detail",
                list_url="joint:report-list",
                icon="chat-left-text",
                logged=False,
            )
        )
        kinds.register(
            kinds.Kind(
                name="sealed",
                label="Signed copy",
                plural="Signed copies",
                view_permission=Permission.PATROL_VIEW,
                detail_url="joint:copy-detail",
                list_url="joint:copy-list",
                icon="patch-check",
                logged=False,
                release_gap=sealing.release_gap,
            )
        )
        gates.on_marking(reports.marking_gate)
        gates.on_corrected(lapsing.entry_changed)
        alerting.register()
        home.register()
        menu.register(menu.MenuEntry("Joint reports", "joint:report-list", "people", 22, Permission.PATROL_VIEW))
        panels.register(panels.Panel("patrols:patrol", "joint:patrol-joint", "Joint reports", 30))
        panels.register(panels.Panel("planning.operation", "joint:operation-joint", "Joint reports", 51))
        demo.register()
        second_lock.guard(
            "joint_jointreport",
            "joint_side",
            "joint_wording",
            "joint_statement",
            "joint_signature",
            "joint_sealedcopy",
        )
