"""The first page."""

from django.urls import path

from operations.picture import views

app_name = "picture"
urlpatterns = [path("", views.home, name="home")]
