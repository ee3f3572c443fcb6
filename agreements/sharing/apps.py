from django.apps import AppConfig

from portal.ui import menu, panels


class SharingConfig(AppConfig):
    name = "agreements.sharing"
    label = "sharing"
    verbose_name = "Sharing"

    def ready(self) -> None:
        from agencies.directory import acquaintance as directory
        from agreements.sharing import acquaintance, home

        directory.register(acquaintance.by_agreement)
        directory.register(acquaintance.by_circle)
        home.register()
        menu.register(menu.MenuEntry("Records", "sharing:record-list", "collection", 50))
        panels.register(panels.Panel("register.agreement", "sharing:agreement-flows", "What may flow"))
