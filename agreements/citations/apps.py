from django.apps import AppConfig

from portal import second_lock
from portal.ui import panels


class CitationsConfig(AppConfig):
    name = "agreements.citations"
    label = "citations"
    verbose_name = "Citations"

    def ready(self) -> None:
        from agreements.citations import actions
        from agreements.sharing import gates

        gates.on_release(actions.release_gate)
        gates.on_marking(actions.marking_gate)
        panels.register(panels.Panel("sharing.record", "citations:record-citations", "What it cites", 45))
        second_lock.guard("citations_citation")
