from django.apps import AppConfig

from agencies.directory.roles import Permission
from portal import second_lock
from portal.ui import menu, panels


class ResponseConfig(AppConfig):
    name = "operations.response"
    label = "response"
    verbose_name = "Responses"

    def ready(self) -> None:
        from agreements.sharing import kinds
        from operations.response import alerting, demo, duties, home, presenting

        kinds.register(
            kinds.Kind(
                name="procedure",
                label="Procedure",
                plural="Procedures",
                view_permission=Permission.INCIDENT_VIEW,
                detail_url="response:procedure-detail",
                list_url="response:procedure-list",
                change_url="response:procedure-change",
                change_permission=Permission.OPERATION_PLAN,
                icon="list-check",
                logged=False,
            )
        )
        kinds.register(
            kinds.Kind(
                name="assistance",
                label="Call for assistance",
                plural="Calls for assistance",
                view_permission=Permission.INCIDENT_VIEW,
                detail_url="response:assistance-detail",
                list_url="response:assistance-list",
                icon="megaphone",
                logged=False,
            )
        )
        alerting.register()
        duties.register_all()
        home.register()
        presenting.register()
        demo.register()
        menu.register(menu.MenuEntry("Responses", "response:response-list", "flag", 26, Permission.INCIDENT_VIEW))
        panels.register(panels.Panel("incidents.report", "response:incident-response", "Response", 10))
        second_lock.guard(
            "response_response",
            "response_task",
            "response_handover",
            "response_procedure",
            "response_procedureversion",
            "response_step",
            "response_assistancecall",
            "response_asked",
        )
