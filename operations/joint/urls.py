"""Pages of joint reports."""

from django.urls import path

from operations.joint.views import copies, reports, signing

app_name = "joint"
urlpatterns = [
    path("", reports.report_list, name="report-list"),
    path("new/", reports.report_create, name="report-create"),
    path("patrol/<uuid:pk>/", reports.patrol_joint, name="patrol-joint"),
    path("operation/<uuid:pk>/", reports.operation_joint, name="operation-joint"),
    path("copies/", copies.copy_list, name="copy-list"),
    path("copies/<uuid:pk>/", copies.copy_detail, name="copy-detail"),
    path("copies/<uuid:pk>/verify/", copies.copy_verify, name="copy-verify"),
    path("copies/<uuid:pk>/print/", copies.copy_print, name="copy-print"),
    path("copies/<uuid:pk>/download/", copies.copy_download, name="copy-download"),
    path("statements/<uuid:pk>/", signing.statement_detail, name="statement-detail"),
    path("<uuid:pk>/", reports.report_detail, name="report-detail"),
    path("<uuid:pk>/change/", reports.report_change, name="report-change"),
    path("<uuid:pk>/words/", reports.report_word, name="report-word"),
    path("<uuid:pk>/put/", reports.report_put, name="report-put"),
    path("<uuid:pk>/withdraw/", reports.report_withdraw, name="report-withdraw"),
    path("<uuid:pk>/sign/", signing.report_sign, name="report-sign"),
    path("<uuid:pk>/take-back/", signing.report_take_back, name="report-take-back"),
]
