"""Pages of the live stream; the stream itself is served beside Django, by `portal.live.stream`."""

from django.urls import path

from portal.live import views

app_name = "live"
urlpatterns = [path("ticket/", views.ticket, name="ticket")]
