"""Pages of alarms."""

from django.urls import path

from operations.safety import views

app_name = "safety"
urlpatterns = [
    path("", views.now, name="now"),
    path("help/", views.help_call, name="help-call"),
    path("alarms/", views.alarm_list, name="alarm-list"),
    path("alarms/<uuid:pk>/", views.alarm_detail, name="alarm-detail"),
    path("alarms/<uuid:pk>/acknowledge/", views.alarm_acknowledge, name="alarm-acknowledge"),
    path("alarms/<uuid:pk>/close/", views.alarm_close, name="alarm-close"),
    path("alarms/<uuid:pk>/partners/", views.alarm_partners, name="alarm-partners"),
    path("alarms/<uuid:pk>/neighbours/", views.alarm_neighbours, name="alarm-neighbours"),
    path("signals/<uuid:pk>/", views.alarm_of_signal, name="alarm-of-signal"),
    path("notices/<uuid:pk>/", views.notice_detail, name="notice-detail"),
    path("notices/<uuid:pk>/answer/", views.notice_answer, name="notice-answer"),
    path("patrols/<uuid:pk>/", views.patrol_panel, name="patrol-panel"),
    path("patrols/<uuid:pk>/timer/", views.timer_set, name="timer-set"),
    path("patrols/<uuid:pk>/check-in/", views.check_in, name="check-in"),
    path("crossings/<uuid:pk>/limits/", views.limits_panel, name="limits-panel"),
]
