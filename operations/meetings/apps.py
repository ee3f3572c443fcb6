from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.outbox import beat
from portal.ui import menu, panels

HOURS = 3600.0


class MeetingsConfig(AppConfig):
    name = "operations.meetings"
    label = "meetings"
    verbose_name = "Meetings"

    def ready(self) -> None:
        from agreements.register import foresight
        from agreements.sharing import kinds
        from operations.meetings import alerting, demo, home, invitations, whatif

        kinds.register(
            kinds.Kind(
                name="meeting",
                label="Meeting",
                plural="Meetings",
                view_permission=Permission.MEETING_VIEW,
                detail_url="meetings:meeting-detail",
                list_url="meetings:meeting-list",
                change_url="meetings:meeting-change",
                change_permission=Permission.MEETING_CALL,
                icon="calendar-event",
            )
        )
        foresight.register_footings(whatif.footings)
        alerting.register()
        invitations.register()
        beat.every(6 * HOURS, "meetings.arm")
        home.register()
        menu.register(
            menu.MenuEntry("Meetings", "meetings:meeting-list", "calendar-event", 50, Permission.MEETING_VIEW)
        )
        panels.register(panels.Panel("planning.operation", "meetings:operation-meetings", "Meetings", 60))
        panels.register(panels.Panel("register.agreement", "meetings:agreement-meetings", "Meetings and boards", 50))
        demo.register()
        second_lock.guard(
            "meetings_meeting",
            "meetings_reply",
            "meetings_meetingtime",
            "meetings_seat",
            "meetings_presence",
            "meetings_agendaitem",
            "meetings_meetingpaper",
            "meetings_personallead",
            "meetings_invitation",
        )
