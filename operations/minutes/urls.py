"""Pages of minutes."""

from django.urls import path

from operations.minutes.views import actions, agreeing, copies, minutes, panels, points, rhythms

app_name = "minutes"
urlpatterns = [
    path("", minutes.minutes_list, name="minutes-list"),
    path("of/<uuid:pk>/", minutes.minutes_begin, name="minutes-begin"),
    path("meeting/<uuid:pk>/", panels.meeting_minutes, name="meeting-minutes"),
    path("points/<uuid:pk>/change/", points.point_change, name="point-change"),
    path("points/<uuid:pk>/remove/", points.point_remove, name="point-remove"),
    path("points/<uuid:pk>/actions/new/", points.action_create, name="action-create"),
    path("actions/", actions.action_list, name="action-list"),
    path("actions/<uuid:pk>/", actions.action_detail, name="action-detail"),
    path("actions/<uuid:pk>/change/", points.action_change, name="action-change"),
    path("actions/<uuid:pk>/remove/", points.action_remove, name="action-remove"),
    path("actions/<uuid:pk>/officer/", actions.action_officer, name="action-officer"),
    path("actions/<uuid:pk>/report/", actions.action_report, name="action-report"),
    path("actions/<uuid:pk>/close/", actions.action_close, name="action-close"),
    path("actions/<uuid:pk>/reopen/", actions.action_reopen, name="action-reopen"),
    path("annotations/<uuid:pk>/", agreeing.annotation_detail, name="annotation-detail"),
    path("copies/<uuid:pk>/", copies.copy_detail, name="copy-detail"),
    path("copies/<uuid:pk>/verify/", copies.copy_verify, name="copy-verify"),
    path("copies/<uuid:pk>/print/", copies.copy_print, name="copy-print"),
    path("copies/<uuid:pk>/download/", copies.copy_download, name="copy-download"),
    path("rhythms/", rhythms.rhythm_list, name="rhythm-list"),
    path("rhythms/new/", rhythms.rhythm_create, name="rhythm-create"),
    path("rhythms/<uuid:pk>/dates/", rhythms.rhythm_dates, name="rhythm-dates"),
    path("rhythms/<uuid:pk>/review/", rhythms.rhythm_review, name="rhythm-review"),
    path("rhythms/<uuid:pk>/end/", rhythms.rhythm_end, name="rhythm-end"),
    path("operation/<uuid:pk>/rhythm/", rhythms.operation_rhythm, name="operation-rhythm"),
    path("agreement/<uuid:pk>/rhythm/", rhythms.agreement_rhythm, name="agreement-rhythm"),
    path("<uuid:pk>/", minutes.minutes_detail, name="minutes-detail"),
    path("<uuid:pk>/change/", minutes.minutes_change, name="minutes-change"),
    path("<uuid:pk>/words/", minutes.minutes_word, name="minutes-word"),
    path("<uuid:pk>/put/", minutes.minutes_put, name="minutes-put"),
    path("<uuid:pk>/withdraw/", minutes.minutes_withdraw, name="minutes-withdraw"),
    path("<uuid:pk>/agree/", agreeing.minutes_agree, name="minutes-agree"),
    path("<uuid:pk>/take-back/", agreeing.minutes_take_back, name="minutes-take-back"),
    path("<uuid:pk>/print/", minutes.minutes_print, name="minutes-print"),
    path("<uuid:pk>/points/new/", points.point_create, name="point-create"),
]
