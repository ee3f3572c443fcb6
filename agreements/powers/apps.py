from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import demo, menu, panels


class PowersConfig(AppConfig):
    name = "agreements.powers"
    label = "powers"
    verbose_name = "Powers"

    def ready(self) -> None:
        from agreements.powers import actions
        from agreements.powers.demo import load
        from agreements.register.actions.confirming import count_besides

        count_besides(actions.outstanding_counts)
        demo.register(demo.Step("powers", 22, load))
        panels.register(panels.Panel("register.agreement", "powers:agreement-powers", "What officers may do", 20))
        menu.register(menu.MenuEntry("Powers", "powers:lookup", "person-badge", 61, Permission.AGREEMENT_VIEW))
