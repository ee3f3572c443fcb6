from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels


class BulletinsConfig(AppConfig):
    name = "agreements.bulletins"
    label = "bulletins"
    verbose_name = "Bulletins"

    def ready(self) -> None:
        from agreements.bulletins import alerting, demo, escalating, home, models
        from agreements.sharing import kinds

        kinds.register(
            kinds.Kind(
                name="bulletin",
                label="Bulletin",
                plural="Bulletins",
                view_permission=Permission.BULLETIN_VIEW,
                detail_url="bulletins:bulletin-detail",
                list_url="bulletins:bulletin-list",
                icon="megaphone",
                # Goes to whom it was addressed, and by no standing order.
                logged=False,
                tells=models.alerted,
            )
        )
        alerting.register()
        escalating.register()
        home.register()
        demo.register()
        menu.register(menu.MenuEntry("Bulletins", "bulletins:bulletin-list", "megaphone", 69, Permission.BULLETIN_VIEW))
        panels.register(panels.Panel("sharing.record", "bulletins:record-bulletins", "Bulletins about it", 47))
        second_lock.guard("bulletins_bulletin", "bulletins_target", "bulletins_receipt", "bulletins_escalation")
