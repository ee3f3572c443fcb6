"""Pages of meetings."""

from django.urls import path

from operations.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.meeting_list, name="meeting-list"),
    path("new/", views.meeting_create, name="meeting-create"),
    path("operation/<uuid:pk>/", views.operation_meetings, name="operation-meetings"),
    path("<uuid:pk>/", views.meeting_detail, name="meeting-detail"),
    path("<uuid:pk>/change/", views.meeting_change, name="meeting-change"),
    path("<uuid:pk>/cancel/", views.meeting_cancel, name="meeting-cancel"),
    path("<uuid:pk>/rsvp/", views.meeting_rsvp, name="meeting-rsvp"),
    path("<uuid:pk>/invite/", views.invitation_create, name="invitation-create"),
    path("<uuid:pk>/accept/", views.invitation_accept, name="invitation-accept"),
    path("<uuid:pk>/participants/<uuid:agency>/end/", views.participation_end, name="participation-end"),
    path("<uuid:pk>/officers/new/", views.assignment_create, name="assignment-create"),
    path("<uuid:pk>/officers/<uuid:assignment>/end/", views.assignment_end, name="assignment-end"),
    path("<uuid:pk>/meeting.ics", views.meeting_calendar, name="meeting-calendar"),
]
