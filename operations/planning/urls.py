"""Pages of operations."""

from django.urls import path

from operations.planning.views import common, operations, powers, team

app_name = "planning"
urlpatterns = [
    path("", operations.operation_list, name="operation-list"),
    path("new/", operations.operation_create, name="operation-create"),
    path("invitations/", team.invitation_list, name="invitation-list"),
    path("instructions/<uuid:pk>/", team.instruction_detail, name="instruction-detail"),
    path("with/agencies/<uuid:pk>/", common.agency_operations, name="agency-operations"),
    path("with/countries/<str:code>/", common.country_operations, name="country-operations"),
    path("<uuid:pk>/channels/", common.operation_channels, name="operation-channels"),
    path("<uuid:pk>/", operations.operation_detail, name="operation-detail"),
    path("<uuid:pk>/map/", operations.operation_geojson, name="operation-geojson"),
    path("<uuid:pk>/powers/", powers.operation_powers, name="operation-powers"),
    path("<uuid:pk>/powers/print/", powers.operation_powers_print, name="operation-powers-print"),
    path("<uuid:pk>/edit/", operations.operation_edit, name="operation-edit"),
    path("<uuid:pk>/open/", operations.operation_step, {"name": "open"}, name="operation-open"),
    path("<uuid:pk>/close/", operations.operation_step, {"name": "close"}, name="operation-close"),
    path("<uuid:pk>/archive/", operations.operation_step, {"name": "archive"}, name="operation-archive"),
    path("<uuid:pk>/cancel/", operations.operation_cancel, name="operation-cancel"),
    path("<uuid:pk>/invite/", team.invitation_create, name="invitation-create"),
    path("<uuid:pk>/accept/", team.invitation_accept, name="invitation-accept"),
    path("<uuid:pk>/participants/<uuid:agency>/end/", team.participation_end, name="participation-end"),
    path("<uuid:pk>/team/new/", team.assignment_create, name="assignment-create"),
    path("<uuid:pk>/team/<uuid:assignment>/end/", team.assignment_end, name="assignment-end"),
    path("<uuid:pk>/orders/new/", team.order_issue, name="order-issue"),
    path("<uuid:pk>/orders/<uuid:order>/revoke/", team.order_revoke, name="order-revoke"),
    path("<uuid:pk>/instructions/take/", team.instruction_take, name="instruction-take"),
]
