from django.apps import AppConfig

from portal import second_lock
from portal.ui import panels


class OnwardConfig(AppConfig):
    name = "agreements.onward"
    label = "onward"
    verbose_name = "Onward transfer"

    def ready(self) -> None:
        from agencies.onboarding import foreseeing
        from agreements.onward import alerting, demo, home, partners
        from portal.live import telling

        telling.narrowed_by("onward.")
        alerting.register()
        home.register()
        demo.register()
        panels.register(panels.Panel("sharing.record", "onward:record-panel", "Passing it on", 40))
        foreseeing.register(partners.count)
        second_lock.guard("onward_consentrequest")
