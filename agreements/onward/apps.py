from django.apps import AppConfig

from portal import second_lock
from portal.ui import panels


class OnwardConfig(AppConfig):
    name = "agreements.onward"
    label = "onward"
    verbose_name = "Onward transfer"

    def ready(self) -> None:
        from agreements.onward import alerting, demo, home

        alerting.register()
        home.register()
        demo.register()
        panels.register(panels.Panel("sharing.record", "onward:record-panel", "Passing it on", 40))
        second_lock.guard("onward_consentrequest")
