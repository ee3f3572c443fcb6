from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.outbox import beat
from portal.ui import demo, menu, panels

HOURS = 3600.0


class DeadlinesConfig(AppConfig):
    name = "agreements.deadlines"
    label = "deadlines"
    verbose_name = "Deadlines"

    def ready(self) -> None:
        from agreements.alerts.handling import register
        from agreements.deadlines import home, reminders
        from agreements.deadlines.demo import load

        reminders.register()
        register.follow(reminders.follow)
        home.register()
        demo.register(demo.Step("deadlines", 26, load))
        beat.every(6 * HOURS, "deadlines.arm")
        panels.register(panels.Panel("register.agreement", "deadlines:agreement-deadlines", "Falls due", order=40))
        menu.register(
            menu.MenuEntry("Deadlines", "deadlines:deadline-list", "calendar-event", 62, Permission.AGREEMENT_VIEW)
        )
