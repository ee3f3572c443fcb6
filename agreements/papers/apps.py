from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.outbox import beat
from portal.ui import demo, menu, panels

DAY = 24 * 3600.0


class PapersConfig(AppConfig):
    name = "agreements.papers"
    label = "papers"
    verbose_name = "Documents of agreements"

    def ready(self) -> None:
        from agreements.papers import reading
        from agreements.papers.demo import load

        reading.register()
        beat.every(DAY, "papers.forget_files")
        demo.register(demo.Step("documents", 25, load))
        panels.register(panels.Panel("register.agreement", "papers:agreement-documents", "Documents", order=60))
        menu.register(
            menu.MenuEntry("Documents", "papers:document-search", "file-earmark-text", 61, Permission.AGREEMENT_VIEW)
        )
