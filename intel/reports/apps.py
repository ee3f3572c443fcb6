from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels


class ReportsConfig(AppConfig):
    name = "intel.reports"
    label = "reports"
    verbose_name = "Intelligence reports"

    def ready(self) -> None:
        from agreements.sharing import kinds
        from intel.reports import actions, demo, home

        kinds.register(
            kinds.Kind(
                name="report",
                label="Report",
                plural="Reports",
                view_permission=Permission.REPORT_VIEW,
                detail_url="reports:report-detail",
                list_url="reports:report-list",
                change_url="reports:report-change",
                change_permission=Permission.REPORT_WRITE,
                icon="file-earmark-text",
                # No part of a log: it goes out when somebody releases it, never by a standing order (R6).
                logged=False,
                release_gap=actions.release_gap,
            )
        )
        home.register()
        menu.register(menu.MenuEntry("Reports", "reports:report-list", "file-earmark-text", 30, Permission.REPORT_VIEW))
        panels.register(panels.Panel("planning.operation", "reports:operation-reports", "Reports", 55))
        demo.register()
        second_lock.guard("reports_report")
