"""Pages of communication channels."""

from django.urls import path

from agencies.channels import views

app_name = "channels"
urlpatterns = [
    path("", views.interoperability_matrix, name="interoperability"),
    path("agencies/<uuid:pk>/", views.agency_channels, name="agency-channels"),
    path("agencies/<uuid:pk>/new/", views.channel_create, name="channel-create"),
    path("<uuid:pk>/replace/", views.channel_replace, name="channel-replace"),
    path("<uuid:pk>/end/", views.channel_end, name="channel-end"),
]
