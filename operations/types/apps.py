from django.apps import AppConfig

from portal import second_lock
from portal.ui import panels


class TypesConfig(AppConfig):
    name = "operations.types"
    label = "types"
    verbose_name = "Observation types"

    def ready(self) -> None:
        from operations.types import demo

        panels.register(panels.Panel("planning.operation", "types:operation-types", "What is logged", 48))
        demo.register()
        second_lock.guard("types_catalogue", "types_filled")
