from django.apps import AppConfig

from portal import second_lock


class ApprovalsConfig(AppConfig):
    name = "agreements.approvals"
    label = "approvals"
    verbose_name = "Two-person release"

    def ready(self) -> None:
        from agencies.onboarding import foreseeing
        from agreements.approvals import actions, alerting, duties, home, partners
        from agreements.sharing import second

        second.register(actions.ask, actions.drop, actions.waiting)
        alerting.register()
        home.register()
        duties.register_all()
        foreseeing.register(partners.count)
        second_lock.guard("approvals_approval")
