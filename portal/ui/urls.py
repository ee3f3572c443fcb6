"""Pages of the ground."""

from django.urls import path

from portal.ui import views

app_name = "ui"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("style/", views.style_page, name="style"),
    path("style/features/", views.style_map, name="style-features"),
    path("style/panel/", views.style_panel, name="style-panel"),
]
