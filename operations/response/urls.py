"""Pages of responses."""

from django.urls import path

from operations.response.views import assistance, procedures, responses, tasks

app_name = "response"
urlpatterns = [
    path("", responses.response_list, name="response-list"),
    path("tasks/", tasks.task_list, name="task-list"),
    path("tasks/<uuid:pk>/change/", tasks.task_change, name="task-change"),
    path("tasks/<uuid:pk>/end/", tasks.task_end, name="task-end"),
    path("tasks/<uuid:pk>/offer/", tasks.task_offer, name="task-offer"),
    path("handovers/<uuid:pk>/answer/", tasks.handover_answer, name="handover-answer"),
    path("handovers/<uuid:pk>/done/", tasks.handover_finish, name="handover-finish"),
    path("handovers/<uuid:pk>/take-back/", tasks.handover_withdraw, name="handover-withdraw"),
    path("assistance/", assistance.assistance_list, name="assistance-list"),
    path("assistance/<uuid:pk>/", assistance.assistance_detail, name="assistance-detail"),
    path("assistance/<uuid:pk>/map/", assistance.assistance_geojson, name="assistance-geojson"),
    path("assistance/<uuid:pk>/more/", assistance.assistance_more, name="assistance-more"),
    path("assistance/<uuid:pk>/end/", assistance.assistance_end, name="assistance-end"),
    path("asked/<uuid:pk>/answer/", assistance.asked_answer, name="asked-answer"),
    path("asked/<uuid:pk>/arrived/", assistance.asked_arrive, name="asked-arrive"),
    path("desks/", assistance.desk_list, name="desk-list"),
    path("desks/<uuid:pk>/close/", assistance.desk_close, name="desk-close"),
    path("procedures/", procedures.procedure_list, name="procedure-list"),
    path("procedures/new/", procedures.procedure_create, name="procedure-create"),
    path("procedures/<uuid:pk>/", procedures.procedure_detail, name="procedure-detail"),
    path("procedures/<uuid:pk>/change/", procedures.procedure_change, name="procedure-change"),
    path("procedures/<uuid:pk>/retire/", procedures.procedure_retire, name="procedure-retire"),
    path("incidents/<uuid:pk>/", responses.incident_response, name="incident-response"),
    path("incidents/<uuid:pk>/start/", responses.response_start, name="response-start"),
    path("incidents/<uuid:pk>/assistance/", assistance.assistance_create, name="assistance-create"),
    path("<uuid:pk>/", responses.response_detail, name="response-detail"),
    path("<uuid:pk>/task/", responses.task_give, name="task-give"),
    path("<uuid:pk>/procedure/", responses.response_follow, name="response-follow"),
    path("<uuid:pk>/lead/", responses.response_hand_on, name="response-hand-on"),
    path("<uuid:pk>/close/", responses.response_close, name="response-close"),
]
