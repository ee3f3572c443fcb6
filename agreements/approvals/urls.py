"""Pages of two-person release."""

from django.urls import path

from agreements.approvals import views

app_name = "approvals"
urlpatterns = [
    path("", views.approval_list, name="approval-list"),
    path("<uuid:pk>/", views.approval_detail, name="approval-detail"),
    path("<uuid:pk>/approve/", views.approval_approve, name="approval-approve"),
    path("<uuid:pk>/decline/", views.approval_decline, name="approval-decline"),
    path("<uuid:pk>/take-back/", views.approval_take_back, name="approval-take-back"),
]
