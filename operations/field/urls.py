"""Pages of the field."""

from django.urls import path

from operations.field import crossing_views, views

app_name = "field"
urlpatterns = [
    path("versions/", views.version_list, name="version-list"),
    path("versions/<uuid:pk>/", views.version_detail, name="version-detail"),
    path("versions/<uuid:pk>/decide/", views.version_decide, name="version-decide"),
    path("quarantine/", views.quarantine_list, name="quarantine-list"),
    path("quarantine/<uuid:pk>/", views.quarantined_detail, name="quarantined-detail"),
    path("quarantine/<uuid:pk>/admit/", views.quarantined_admit, name="quarantined-admit"),
    path("quarantine/<uuid:pk>/reject/", views.quarantined_reject, name="quarantined-reject"),
    path("crossings/", crossing_views.crossing_list, name="crossing-list"),
    path("crossings/export/", crossing_views.crossing_export, name="crossing-export"),
    path("patrols/<uuid:pk>/crossings/new/", crossing_views.crossing_create, name="crossing-create"),
    path("crossings/<uuid:pk>/", crossing_views.crossing_detail, name="crossing-detail"),
    path("crossings/<uuid:pk>/leave/", crossing_views.crossing_leave, name="crossing-leave"),
    path("records/<uuid:pk>/", views.record_told, name="record-told"),
    path("signals/<uuid:pk>/", views.signal_detail, name="signal-detail"),
]
