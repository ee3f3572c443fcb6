"""Pages of alerts."""

from django.urls import path

from agreements.alerts.views import health, inbox

app_name = "alerts"
urlpatterns = [
    path("", inbox.alert_list, name="alert-list"),
    path("bell/", inbox.bell, name="bell"),
    path("fresh/", inbox.fresh, name="fresh"),
    path("seen/", inbox.alert_see_all, name="alert-see-all"),
    path("<uuid:pk>/", inbox.alert_open, name="alert-open"),
    path("<uuid:pk>/recall/", inbox.recall_detail, name="recall-detail"),
    path("<uuid:pk>/seen/", inbox.alert_see, name="alert-see"),
    path("health/", health.health, name="health"),
    path("health/<uuid:pk>/replay/", health.message_replay, name="message-replay"),
    path("health/kinds/<str:kind>/replay/", health.kind_replay, name="kind-replay"),
]
