"""The app on phone and tablet: its shell, its service worker, and the secret that opens an officer's vault."""

from django.urls import path

from operations.device import views

app_name = "device"
urlpatterns = [
    path("", views.shell, name="shell"),
    path("worker.js", views.worker, name="worker"),
    path("app.webmanifest", views.web_manifest, name="manifest"),
    path("session/", views.session, name="session"),
]
