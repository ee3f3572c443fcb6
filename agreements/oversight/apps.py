from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "agreements.oversight"
    label = "oversight"
    verbose_name = "Oversight"
