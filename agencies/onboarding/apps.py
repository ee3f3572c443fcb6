from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal.ui import menu, panels


class OnboardingConfig(AppConfig):
    name = "agencies.onboarding"
    label = "onboarding"
    verbose_name = "Partner agencies"

    def ready(self) -> None:
        from agencies.directory import succession
        from agencies.onboarding import demo, home, mailing
        from agencies.onboarding.actions import closing, inviting
        from portal.outbox import handlers

        handlers.register(inviting.INVITED, mailing.invite)
        handlers.register(inviting.WELCOME, mailing.welcome)
        succession.on_answer(closing.follow)
        home.register()
        demo.register()
        menu.register(
            menu.MenuEntry("Invitations", "onboarding:invitation-list", "envelope-paper", 82, Permission.AGENCY_INVITE)
        )
        panels.register(panels.Panel("directory.agency_known", "onboarding:contact-list", "Contacts", 10))
        panels.register(
            panels.Panel("directory.agency", "onboarding:agency-designations", "Designated for agreements", 20)
        )
