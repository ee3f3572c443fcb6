"""Pages of powers."""

from django.urls import path

from agreements.powers import views

app_name = "powers"
urlpatterns = [
    path("", views.lookup, name="lookup"),
    path("print/", views.lookup_print, name="lookup-print"),
    path("agreements/<uuid:pk>/", views.agreement_powers, name="agreement-powers"),
    path("agreements/<uuid:pk>/confirm/", views.powers_confirm, name="powers-confirm"),
    path("articles/<uuid:pk>/new/", views.power_create, name="power-create"),
    path("<uuid:pk>/", views.power_detail, name="power-detail"),
    path("<uuid:pk>/correct/", views.power_correct, name="power-correct"),
    path("<uuid:pk>/words/", views.text_create, name="text-create"),
]
