"""Pages of the field."""

from django.urls import path

from operations.field import views

app_name = "field"
urlpatterns = [
    path("versions/", views.version_list, name="version-list"),
    path("versions/<uuid:pk>/", views.version_detail, name="version-detail"),
    path("versions/<uuid:pk>/decide/", views.version_decide, name="version-decide"),
    path("quarantine/", views.quarantine_list, name="quarantine-list"),
    path("quarantine/<uuid:pk>/", views.quarantined_detail, name="quarantined-detail"),
    path("quarantine/<uuid:pk>/admit/", views.quarantined_admit, name="quarantined-admit"),
    path("quarantine/<uuid:pk>/reject/", views.quarantined_reject, name="quarantined-reject"),
    path("crossings/<uuid:pk>/", views.crossing_detail, name="crossing-detail"),
    path("crossings/<uuid:pk>/leave/", views.crossing_leave, name="crossing-leave"),
    path("records/<uuid:pk>/", views.record_told, name="record-told"),
    path("signals/<uuid:pk>/", views.signal_detail, name="signal-detail"),
]
