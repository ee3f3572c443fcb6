from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import menu, panels, tabs


class AtlasConfig(AppConfig):
    name = "agreements.atlas"
    label = "atlas"
    verbose_name = "Atlas of agreements"

    def ready(self) -> None:
        menu.register(menu.MenuEntry("Flows", "atlas:flow-matrix", "grid-3x3", 62, Permission.AGREEMENT_VIEW))
        tabs.register(tabs.Tab("atlas", "atlas:flow-matrix", "Flow matrix", 10))
        tabs.register(tabs.Tab("atlas", "atlas:network", "Network", 20))
        tabs.register(tabs.Tab("atlas", "atlas:country-list", "Countries", 30))
        panels.register(panels.Panel("directory.agency", "atlas:agency-relations", "Agreements in common", 20))
        panels.register(panels.Panel("directory.agency", "atlas:agency-exchanged", "What we exchanged", 60))
        panels.register(panels.Panel("register.agreement", "atlas:agreement-channels", "Who can talk to whom", 70))
        panels.register(panels.Panel("atlas.country", "atlas:country-exchanged", "What we exchanged", 60))
