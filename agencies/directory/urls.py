"""Pages of the directory."""

from django.urls import path

from agencies.directory import administration, successions, views

app_name = "directory"
urlpatterns = [
    path("", views.agency_list, name="agency-list"),
    path("agencies/<uuid:pk>/", views.agency_detail, name="agency-detail"),
    path("agencies/<uuid:pk>/contacts/", administration.agency_contacts, name="agency-contacts"),
    path("agencies/<uuid:pk>/officers/", administration.officer_list, name="officer-list"),
    path("agencies/<uuid:pk>/officers/new/", administration.officer_create, name="officer-create"),
    path("agencies/<uuid:pk>/officers/<uuid:officer>/link/", administration.officer_link, name="officer-link"),
    path(
        "agencies/<uuid:pk>/officers/<uuid:officer>/appointments/new/",
        administration.appointment_create,
        name="appointment-create",
    ),
    path("agencies/<uuid:pk>/rule/", administration.agency_rule, name="agency-rule"),
    path("agencies/<uuid:pk>/successor/", successions.succession_propose, name="succession-propose"),
    path("successions/<uuid:pk>/", successions.succession_detail, name="succession-detail"),
    path("successions/<uuid:pk>/accept/", successions.succession_accept, name="succession-accept"),
    path("successions/<uuid:pk>/drop/", successions.succession_drop, name="succession-drop"),
    path("agencies/<uuid:pk>/units/new/", administration.unit_create, name="unit-create"),
    path("agencies/<uuid:pk>/units/<uuid:unit>/close/", administration.unit_close, name="unit-close"),
    path("appointments/<uuid:pk>/end/", administration.appointment_end, name="appointment-end"),
    path("roles/", views.role_list, name="role-list"),
    path("me/", views.my_account, name="my-account"),
    path("me/acting/", views.acting_choose, name="acting-choose"),
]
