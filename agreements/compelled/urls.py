"""Pages of compelled disclosure."""

from django.urls import path

from agreements.compelled import views

app_name = "compelled"
urlpatterns = [
    path("records/<uuid:pk>/", views.record_compelled, name="record-compelled"),
    path("records/<uuid:pk>/new/", views.compelled_create, name="compelled-create"),
]
