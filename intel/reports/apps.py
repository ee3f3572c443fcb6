from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "intel.reports"
    label = "reports"
    verbose_name = "Intelligence reports"
