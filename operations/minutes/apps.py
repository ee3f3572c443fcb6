from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.outbox import beat
from portal.ui import menu, panels

HOURS = 3600.0


class MinutesConfig(AppConfig):
    name = "operations.minutes"
    label = "minutes"
    verbose_name = "Minutes"

    def ready(self) -> None:
        from agreements.sharing import gates, kinds
        from operations.minutes import alerting, demo, duties, home, rhythms
        from operations.minutes.actions import keeping, sealing

        kinds.register(
            kinds.Kind(
                name="minutes",
                label="Minutes",
                plural="Minutes",
                view_permission=Permission.MEETING_VIEW,
                detail_url="minutes:minutes-detail",
                list_url="minutes:minutes-list",
                change_url="minutes:minutes-change",
                change_permission=Permission.MEETING_CALL,
                icon="journal-text",
                # Begun as a draft, and put to the agencies by an act of its own (R6).
                logged=False,
                release_gap=keeping.release_gap,
            )
        )
        kinds.register(
            kinds.Kind(
                name="annotation",
                label="Annotation",
                plural="Annotations",
                view_permission=Permission.MEETING_VIEW,
                detail_url="minutes:annotation-detail",
                list_url="minutes:minutes-list",
                icon="chat-left-text",
                logged=False,
            )
        )
        kinds.register(
            kinds.Kind(
                name="minutes_copy",
                label="Agreed minutes",
                plural="Agreed minutes",
                view_permission=Permission.MEETING_VIEW,
                detail_url="minutes:copy-detail",
                list_url="minutes:minutes-list",
                icon="patch-check",
                logged=False,
                release_gap=sealing.release_gap,
            )
        )
        gates.on_marking(keeping.marking_gate)
        duties.register_all()
        alerting.register()
        rhythms.register()
        beat.every(6 * HOURS, "minutes.rhythms")
        home.register()
        menu.register(menu.MenuEntry("Minutes", "minutes:minutes-list", "journal-text", 51, Permission.MEETING_VIEW))
        menu.register(menu.MenuEntry("Actions", "minutes:action-list", "list-check", 52, Permission.MEETING_VIEW))
        panels.register(panels.Panel("meetings.meeting", "minutes:meeting-minutes", "Minutes", 30))
        panels.register(panels.Panel("planning.operation", "minutes:operation-rhythm", "Regular meetings", 62))
        panels.register(panels.Panel("register.agreement", "minutes:agreement-rhythm", "Regular meetings", 42))
        demo.register()
        second_lock.guard(
            "minutes_minutes",
            "minutes_side",
            "minutes_point",
            "minutes_actionitem",
            "minutes_report",
            "minutes_wording",
            "minutes_annotation",
            "minutes_assent",
            "minutes_minutescopy",
            "minutes_rhythm",
            "minutes_kept",
        )
