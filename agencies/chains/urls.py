"""Pages of duty chains."""

from django.urls import path

from agencies.chains import views

app_name = "chains"
urlpatterns = [
    path("agencies/<uuid:pk>/", views.agency_chain, name="agency-chain"),
    path("agencies/<uuid:pk>/new/", views.step_add, name="step-add"),
    path("<uuid:pk>/change/", views.step_change, name="step-change"),
    path("<uuid:pk>/remove/", views.step_remove, name="step-remove"),
    path("<uuid:pk>/move/", views.step_move, name="step-move"),
]
