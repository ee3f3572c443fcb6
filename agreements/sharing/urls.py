"""Pages of sharing: records of every kind, who sees them and why."""

from django.urls import path

from agreements.sharing.views import compartments, marking, naming, panels, records, releases, still

app_name = "sharing"
urlpatterns = [
    path("", records.record_list, name="record-list"),
    path("audience-line/", panels.audience_line, name="audience-line"),
    path("still/", still.still, name="still"),
    path("held/", records.held, name="held"),
    path("held/<uuid:pk>/", records.held, name="held"),
    path("compartments/", compartments.compartment_list, name="compartment-list"),
    path("compartments/new/", compartments.compartment_open, name="compartment-open"),
    path("compartments/<uuid:pk>/", compartments.compartment_detail, name="compartment-detail"),
    path("<uuid:pk>/confine/", compartments.record_confine, name="record-confine"),
    path("<uuid:pk>/", records.record_detail, name="record-detail"),
    path("<uuid:pk>/who/", panels.record_who, name="record-who"),
    path("<uuid:pk>/why/", panels.record_why, name="record-why"),
    path("<uuid:pk>/release/", releases.record_release, name="record-release"),
    path("<uuid:pk>/name/", naming.record_name, name="record-name"),
    path("<uuid:pk>/mark/", marking.record_mark, name="record-mark"),
    path("releases/<uuid:pk>/revoke/", releases.release_revoke, name="release-revoke"),
    path("flows/<uuid:pk>/", panels.agreement_flows, name="agreement-flows"),
]
