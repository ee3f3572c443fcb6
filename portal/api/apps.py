from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "portal.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        # Registers our authentication with the generator of the description; needs the models.
        import_module("portal.api.schema")
