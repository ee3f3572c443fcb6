"""Pages of incidents."""

from django.urls import path

from operations.incidents.views import events, links, reports, serious, steps

app_name = "incidents"
urlpatterns = [
    path("", reports.report_list, name="report-list"),
    path("new/", reports.report_create, name="report-create"),
    path("operation/<uuid:pk>/", reports.operation_incidents, name="operation-incidents"),
    path("operation/<uuid:pk>/chain/", serious.operation_chain, name="operation-chain"),
    path("events/", events.event_list, name="event-list"),
    path("events/new/", events.event_create, name="event-create"),
    path("events/<uuid:pk>/", events.event_detail, name="event-detail"),
    path("events/<uuid:pk>/link/", events.event_link, name="event-link"),
    path("events/<uuid:pk>/keeper/", events.event_hand_on, name="event-hand-on"),
    path("events/<uuid:pk>/close/", events.event_close, name="event-close"),
    path("serious/", serious.serious_list, name="serious-list"),
    path("serious/new/", serious.serious_create, name="serious-create"),
    path("serious/<uuid:pk>/", serious.serious_detail, name="serious-detail"),
    path("serious/<uuid:pk>/take/", serious.serious_take, name="serious-take"),
    path("serious/<uuid:pk>/close/", serious.serious_close, name="serious-close"),
    path("involved/<uuid:pk>/remove/", steps.involved_remove, name="involved-remove"),
    path("levels/<uuid:pk>/", steps.proposal_decide, name="proposal-decide"),
    path("records/<uuid:pk>/", links.record_incidents, name="record-incidents"),
    path("<uuid:pk>/", reports.report_detail, name="report-detail"),
    path("<uuid:pk>/map/", reports.report_geojson, name="report-geojson"),
    path("<uuid:pk>/change/", reports.report_change, name="report-change"),
    path("<uuid:pk>/report/", steps.report_submit, name="report-submit"),
    path("<uuid:pk>/withdraw/", steps.report_withdraw, name="report-withdraw"),
    path("<uuid:pk>/involved/", steps.report_involve, name="report-involve"),
    path("<uuid:pk>/validate/", steps.report_validate, name="report-validate"),
    path("<uuid:pk>/link/", links.report_link, name="report-link"),
    path("<uuid:pk>/unlink/", links.report_unlink, name="report-unlink"),
    path("<uuid:pk>/levels/", steps.levels_propose, name="levels-propose"),
]
