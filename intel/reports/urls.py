"""Pages of reports."""

from django.urls import path

from intel.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.report_list, name="report-list"),
    path("reports/new/", views.report_create, name="report-create"),
    path("reports/operation/<uuid:pk>/", views.operation_reports, name="operation-reports"),
    path("reports/<uuid:pk>/", views.report_detail, name="report-detail"),
    path("reports/<uuid:pk>/map/", views.report_geojson, name="report-geojson"),
    path("reports/<uuid:pk>/change/", views.report_change, name="report-change"),
    path("reports/<uuid:pk>/withdraw/", views.report_withdraw, name="report-withdraw"),
]
