from django.apps import AppConfig

from portal.ui import panels


class DraftingConfig(AppConfig):
    name = "agreements.drafting"
    label = "drafting"
    verbose_name = "Drafting"

    def ready(self) -> None:
        from agreements.drafting import alerting, demo, home, looking
        from agreements.drafting.actions import going, starting
        from agreements.register.actions import rights

        looking.register()
        rights.watch(starting.changed)
        rights.watch(going.changed)
        alerting.register()
        home.register()
        demo.register()
        panels.register(panels.Panel("drafting.powers", "powers:agreement-powers", "What officers may do"))
        panels.register(panels.Panel("drafting.documents", "papers:agreement-documents", "Documents"))
