"""Pages of corrections."""

from django.urls import path

from agreements.corrections import views

app_name = "corrections"
urlpatterns = [
    path("", views.correction_list, name="correction-list"),
    path("<uuid:pk>/", views.correction_detail, name="correction-detail"),
    path("<uuid:pk>/accept/", views.correction_accept, name="correction-accept"),
    path("<uuid:pk>/decline/", views.correction_decline, name="correction-decline"),
    path("<uuid:pk>/withdraw/", views.correction_withdraw, name="correction-withdraw"),
    path("records/<uuid:pk>/", views.record_corrections, name="record-corrections"),
    path("records/<uuid:pk>/new/", views.correction_create, name="correction-create"),
]
