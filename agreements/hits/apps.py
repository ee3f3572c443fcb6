import re

from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels


class HitsConfig(AppConfig):
    name = "agreements.hits"
    label = "hits"
    verbose_name = "Hit/no-hit"

    def ready(self) -> None:
        from agreements.hits import actions, alerting, demo, searching
        from agreements.requests import references
        from agreements.sharing import gates

        alerting.register()
        demo.register()
        gates.on_taken_back(actions.silence)
        references.register(references.Scheme(re.compile(f"[{actions.SIGNS}]{{8}}"), searching.behind))
        menu.register(menu.MenuEntry("Hit/no-hit", "hits:search", "search", 58, Permission.HIT_SEARCH))
        panels.register(panels.Panel("sharing.record", "hits:record-panel", "Indexed for hit/no-hit", 45))
        second_lock.guard("hits_indexentry")
