from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels


class CorrectionsConfig(AppConfig):
    name = "agreements.corrections"
    label = "corrections"
    verbose_name = "Corrections"

    def ready(self) -> None:
        from agencies.onboarding import foreseeing
        from agreements.corrections import alerting, demo, home, partners

        alerting.register()
        home.register()
        demo.register()
        panels.register(panels.Panel("sharing.record", "corrections:record-corrections", "Corrections"))
        menu.register(
            menu.MenuEntry("Corrections", "corrections:correction-list", "pencil-square", 55, Permission.RECORD_ANSWER)
        )
        foreseeing.register(partners.count)
        second_lock.guard("corrections_correction")
