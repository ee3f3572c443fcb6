"""Pages of onward transfer."""

from django.urls import path

from agreements.onward import views

app_name = "onward"
urlpatterns = [
    path("", views.request_list, name="request-list"),
    path("records/<uuid:pk>/", views.pass_on, name="pass-on"),
    path("records/<uuid:pk>/panel/", views.record_panel, name="record-panel"),
    path("<uuid:pk>/", views.request_detail, name="request-detail"),
    path("<uuid:pk>/consent/", views.request_consent, name="request-consent"),
    path("<uuid:pk>/refuse/", views.request_refuse, name="request-refuse"),
    path("<uuid:pk>/release/", views.request_release, name="request-release"),
    path("<uuid:pk>/pass/", views.request_pass, name="request-pass"),
    path("<uuid:pk>/end/", views.request_end, name="request-end"),
    path("<uuid:pk>/take-back/", views.request_take_back, name="request-take-back"),
]
