from django.apps import AppConfig

from portal import second_lock
from portal.ui import panels


class CompelledConfig(AppConfig):
    name = "agreements.compelled"
    label = "compelled"
    verbose_name = "Compelled disclosure"

    def ready(self) -> None:
        from agreements.compelled import alerting

        alerting.register()
        panels.register(panels.Panel("sharing.record", "compelled:record-compelled", "Compelled disclosure", order=60))
        second_lock.guard("compelled_compelleddisclosure")
