"""Pages of the register."""

from django.urls import path

from agreements.register import views

app_name = "register"
urlpatterns = [
    path("", views.agreement_list, name="agreement-list"),
    path("new/", views.agreement_create, name="agreement-create"),
    path("<uuid:pk>/", views.agreement_detail, name="agreement-detail"),
    path("<uuid:pk>/confirm/", views.agreement_confirm, name="agreement-confirm"),
    path("<uuid:pk>/actions/new/", views.action_create, name="action-create"),
    path("<uuid:pk>/clauses/new/", views.clause_create, name="clause-create"),
    path("<uuid:pk>/condition/", views.condition_create, name="condition-create"),
    path("<uuid:pk>/relations/new/", views.relation_create, name="relation-create"),
    path("<uuid:pk>/precedence/", views.agreement_precedence, name="agreement-precedence"),
    path("relations/<uuid:pk>/delete/", views.relation_delete, name="relation-delete"),
    path("clauses/<uuid:pk>/compare/", views.clause_compare, name="clause-compare"),
    path("<uuid:pk>/designations/new/", views.designation_create, name="designation-create"),
    path("designations/<uuid:pk>/withdraw/", views.designation_withdraw, name="designation-withdraw"),
]
