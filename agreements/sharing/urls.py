"""Pages of sharing: records of every kind, who sees them and why."""

from django.urls import path

from agreements.sharing.views import marking, naming, panels, records, releases

app_name = "sharing"
urlpatterns = [
    path("", records.record_list, name="record-list"),
    path("audience-line/", panels.audience_line, name="audience-line"),
    path("held/", records.held, name="held"),
    path("held/<uuid:pk>/", records.held, name="held"),
    path("<uuid:pk>/", records.record_detail, name="record-detail"),
    path("<uuid:pk>/who/", panels.record_who, name="record-who"),
    path("<uuid:pk>/why/", panels.record_why, name="record-why"),
    path("<uuid:pk>/release/", releases.record_release, name="record-release"),
    path("<uuid:pk>/name/", naming.record_name, name="record-name"),
    path("<uuid:pk>/mark/", marking.record_mark, name="record-mark"),
    path("releases/<uuid:pk>/revoke/", releases.release_revoke, name="release-revoke"),
    path("flows/<uuid:pk>/", panels.agreement_flows, name="agreement-flows"),
]
