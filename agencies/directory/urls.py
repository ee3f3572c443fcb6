"""Pages of the directory."""

from django.urls import path

from agencies.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.agency_list, name="agency-list"),
    path("agencies/<uuid:pk>/", views.agency_detail, name="agency-detail"),
    path("roles/", views.role_list, name="role-list"),
    path("me/", views.my_account, name="my-account"),
    path("me/acting/", views.acting_choose, name="acting-choose"),
]
