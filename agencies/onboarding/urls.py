"""Pages of partner agencies."""

from django.urls import path

from agencies.onboarding.views import endings, invitations, invited, keeping

app_name = "onboarding"
urlpatterns = [
    path("invitations/", invitations.invitation_list, name="invitation-list"),
    path("invitations/new/", invitations.invitation_create, name="invitation-create"),
    path("invitations/<uuid:pk>/", invitations.invitation_detail, name="invitation-detail"),
    path("invitations/<uuid:pk>/resend/", invitations.invitation_resend, name="invitation-resend"),
    path("invitations/<uuid:pk>/withdraw/", invitations.invitation_withdraw, name="invitation-withdraw"),
    path("invitations/<uuid:pk>/release/", invitations.invitation_release, name="invitation-release"),
    path("invitations/<uuid:pk>/refuse/", invitations.invitation_refuse, name="invitation-refuse"),
    path("invited/<str:key>/", invited.invited, name="invited"),
    path("agencies/<uuid:pk>/setup/", keeping.setup, name="agency-setup"),
    path("agencies/<uuid:pk>/setup/<slug:task>/", keeping.setup_task, name="setup-task"),
    path("agencies/<uuid:pk>/setup/<slug:task>/settle/", keeping.setup_settle, name="setup-settle"),
    path("agencies/<uuid:pk>/contacts/", keeping.contact_list, name="contact-list"),
    path("agencies/<uuid:pk>/contacts/<slug:function>/", keeping.contact_change, name="contact-change"),
    path("agencies/<uuid:pk>/contacts/<slug:function>/verify/", keeping.contact_verify, name="contact-verify"),
    path("agencies/<uuid:pk>/contacts/<slug:function>/end/", keeping.contact_end, name="contact-end"),
    path("agencies/<uuid:pk>/languages/", keeping.agency_languages, name="agency-languages"),
    path("agencies/<uuid:pk>/designations/", keeping.agency_designations, name="agency-designations"),
    path("agencies/<uuid:pk>/suspend/", endings.agency_suspend, name="agency-suspend"),
    path("agencies/<uuid:pk>/lift/", endings.agency_lift, name="agency-lift"),
    path("agencies/<uuid:pk>/close/", endings.agency_close, name="agency-close"),
    path("endings/", endings.ending_list, name="ending-list"),
    path("closings/<uuid:pk>/", endings.closing_detail, name="closing-detail"),
    path("closings/<uuid:pk>/agree/", endings.closing_agree, name="closing-agree"),
    path("closings/<uuid:pk>/drop/", endings.closing_drop, name="closing-drop"),
]
