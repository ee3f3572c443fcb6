from django.apps import AppConfig

from portal import second_lock
from portal.ui import menu, panels


class SharingConfig(AppConfig):
    name = "agreements.sharing"
    label = "sharing"
    verbose_name = "Sharing"

    def ready(self) -> None:
        from agencies.directory import acquaintance as directory
        from agencies.directory import succession
        from agencies.onboarding import foreseeing
        from agencies.postings import deputies as postings
        from agreements.register import foresight
        from agreements.sharing import acquaintance, deputies, duties, handing, home, partners, whatif
        from portal.live import telling

        telling.narrowed_by("circle.", "compartment.", "participation.", "record.", "release.", "standing_order.")
        directory.register(acquaintance.by_agreement)
        directory.register(acquaintance.by_circle)
        foresight.register(whatif.effects)
        foresight.on_shown(whatif.shown)
        succession.register(handing.handed_over)
        postings.carry(deputies.carry)
        duties.register_all()
        foreseeing.register(partners.count)
        home.register()
        second_lock.guard("sharing_record", "sharing_release", "sharing_markingchange", "sharing_opening")
        second_lock.follow()
        menu.register(menu.MenuEntry("Records", "sharing:record-list", "collection", 50))
        panels.register(panels.Panel("register.agreement", "sharing:agreement-flows", "What may flow"))
