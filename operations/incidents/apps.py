from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels


class IncidentsConfig(AppConfig):
    name = "operations.incidents"
    label = "incidents"
    verbose_name = "Incidents"

    def ready(self) -> None:
        from agreements.sharing import gates, kinds
        from operations.incidents import alerting, demo, duties, home
        from operations.incidents.actions import reports, serious

        kinds.register(
            kinds.Kind(
                name="incident",
                label="Incident report",
                plural="Incident reports",
                view_permission=Permission.INCIDENT_VIEW,
                detail_url="incidents:report-detail",
                list_url="incidents:report-list",
                change_url="incidents:report-change",
                change_permission=Permission.INCIDENT_REPORT,
                icon="exclamation-diamond",
                # Written as a draft and reported later: it goes out when somebody releases it (R6).
                logged=False,
                release_gap=reports.release_gap,
            )
        )
        kinds.register(
            kinds.Kind(
                name="event",
                label="Event",
                plural="Events",
                view_permission=Permission.INCIDENT_VIEW,
                detail_url="incidents:event-detail",
                list_url="incidents:event-list",
                icon="collection",
                logged=False,
            )
        )
        kinds.register(
            kinds.Kind(
                name="serious",
                label="Serious incident",
                plural="Serious incidents",
                view_permission=Permission.INCIDENT_VIEW,
                detail_url="incidents:serious-detail",
                list_url="incidents:serious-list",
                icon="shield-exclamation",
                logged=False,
                release_gap=serious.release_gap,
            )
        )
        gates.on_marking(serious.marking_gate)
        alerting.register()
        duties.register_all()
        home.register()
        entry = menu.MenuEntry(
            "Incidents", "incidents:report-list", "exclamation-diamond", 25, Permission.INCIDENT_VIEW
        )
        menu.register(entry)
        panels.register(panels.Panel("planning.operation", "incidents:operation-incidents", "Incidents", 52))
        panels.register(panels.Panel("sharing.record", "incidents:record-incidents", "Incidents it belongs to", 48))
        demo.register()
        second_lock.guard(
            "incidents_incidentreport",
            "incidents_involved",
            "incidents_validation",
            "incidents_chainlink",
            "incidents_event",
            "incidents_eventlink",
            "incidents_levelproposal",
            "incidents_link",
            "incidents_seriousincident",
            "incidents_concerned",
            "incidents_recipient",
        )
