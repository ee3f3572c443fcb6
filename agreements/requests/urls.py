"""Pages of access requests."""

from django.urls import path

from agreements.requests import views

app_name = "requests"
urlpatterns = [
    path("", views.request_list, name="request-list"),
    path("ask/", views.ask, name="ask"),
    path("<uuid:pk>/", views.request_detail, name="request-detail"),
    path("<uuid:pk>/withdraw/", views.request_withdraw, name="request-withdraw"),
    path("asked/", views.asked_list, name="asked-list"),
    path("asked/<uuid:pk>/", views.asked_detail, name="asked-detail"),
    path("asked/<uuid:pk>/refuse/", views.asked_refuse, name="asked-refuse"),
    path("asked/<uuid:pk>/revoke/", views.asked_revoke, name="asked-revoke"),
    path("records/<uuid:pk>/panel/", views.record_panel, name="record-panel"),
]
