"""Pages of bulletins."""

from django.urls import path

from agreements.bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.bulletin_list, name="bulletin-list"),
    path("new/", views.bulletin_create, name="bulletin-create"),
    path("records/<uuid:pk>/", views.record_bulletins, name="record-bulletins"),
    path("<uuid:pk>/", views.bulletin_detail, name="bulletin-detail"),
    path("<uuid:pk>/receipts/", views.receipt_table, name="receipt-table"),
    path("<uuid:pk>/acknowledge/", views.bulletin_acknowledge, name="bulletin-acknowledge"),
    path("<uuid:pk>/update/", views.bulletin_update, name="bulletin-update"),
    path("<uuid:pk>/cancel/", views.bulletin_cancel, name="bulletin-cancel"),
]
