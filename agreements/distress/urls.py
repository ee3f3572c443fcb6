"""Pages of calls of danger to life."""

from django.urls import path

from agreements.distress import views

app_name = "distress"
urlpatterns = [
    path("", views.call_list, name="call-list"),
    path("new/", views.call_create, name="call-create"),
    path("<uuid:pk>/", views.call_detail, name="call-detail"),
    path("<uuid:pk>/acknowledge/", views.call_acknowledge, name="call-acknowledge"),
    path("<uuid:pk>/over/", views.call_over, name="call-over"),
    path("<uuid:pk>/review/", views.call_review, name="call-review"),
]
