from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.outbox import beat
from portal.ui import menu, panels


class PostingsConfig(AppConfig):
    name = "agencies.postings"
    label = "postings"
    verbose_name = "Postings"

    def ready(self) -> None:
        from agencies.directory import actions
        from agencies.postings import demo, home, posting, warning
        from portal.live import telling
        from portal.outbox import handlers

        telling.narrowed_by("deputy.", "posting.")
        actions.on_end(posting.ended)
        handlers.register(warning.SLEEPING, warning.send)
        beat.every(warning.EVERY.total_seconds(), "postings.warn_sleeping")
        home.register()
        demo.register()
        panels.register(panels.Panel("directory.agency", "postings:agency-panel", "Postings", 30))
        panels.register(panels.Panel("directory.account", "postings:account-panel", "Leave and handing over", 30))
        menu.register(
            menu.MenuEntry("Postings", "postings:posting-list", "arrow-left-right", 82, Permission.AGENCY_MANAGE)
        )
