"""Pages of meetings."""

from django.urls import path

from operations.meetings.views import agenda, attending, calling, detail, feeds, listing

app_name = "meetings"
urlpatterns = [
    path("", listing.meeting_list, name="meeting-list"),
    path("new/", calling.meeting_create, name="meeting-create"),
    path("operation/<uuid:pk>/", listing.operation_meetings, name="operation-meetings"),
    path("agreement/<uuid:pk>/", listing.agreement_meetings, name="agreement-meetings"),
    path("feeds/", feeds.feed_list, name="feed-list"),
    path("feeds/<uuid:pk>/revoke/", feeds.feed_revoke, name="feed-revoke"),
    path("feed/<str:token>.ics", feeds.feed, name="feed"),
    path("<uuid:pk>/", detail.meeting_detail, name="meeting-detail"),
    path("<uuid:pk>/change/", calling.meeting_change, name="meeting-change"),
    path("<uuid:pk>/cancel/", calling.meeting_cancel, name="meeting-cancel"),
    path("<uuid:pk>/rsvp/", detail.meeting_rsvp, name="meeting-rsvp"),
    path("<uuid:pk>/reply/", detail.meeting_reply, name="meeting-reply"),
    path("<uuid:pk>/reminders/", detail.meeting_reminders, name="meeting-reminders"),
    path("<uuid:pk>/invite/", attending.invitation_create, name="invitation-create"),
    path("<uuid:pk>/accept/", attending.invitation_accept, name="invitation-accept"),
    path("<uuid:pk>/participants/<uuid:agency>/end/", attending.participation_end, name="participation-end"),
    path("<uuid:pk>/participants/<uuid:agency>/seat/", attending.seat_set, name="seat-set"),
    path("<uuid:pk>/officers/new/", attending.assignment_create, name="assignment-create"),
    path("<uuid:pk>/officers/<uuid:assignment>/end/", attending.assignment_end, name="assignment-end"),
    path("<uuid:pk>/times/<uuid:time>/move/", calling.time_move, name="time-move"),
    path("<uuid:pk>/times/<uuid:time>/cancel/", calling.time_cancel, name="time-cancel"),
    path("<uuid:pk>/times/<uuid:time>/attendance/", calling.time_attendance, name="time-attendance"),
    path("<uuid:pk>/agenda/new/", agenda.item_create, name="item-create"),
    path("<uuid:pk>/agenda/<uuid:item>/change/", agenda.item_change, name="item-change"),
    path("<uuid:pk>/agenda/<uuid:item>/move/", agenda.item_move, name="item-move"),
    path("<uuid:pk>/agenda/<uuid:item>/end/", agenda.item_end, name="item-end"),
    path("<uuid:pk>/papers/new/", agenda.paper_create, name="paper-create"),
    path("<uuid:pk>/papers/<uuid:paper>/end/", agenda.paper_end, name="paper-end"),
    path("<uuid:pk>/meeting.ics", detail.meeting_calendar, name="meeting-calendar"),
]
