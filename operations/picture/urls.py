"""The first page, and the situation of an operation."""

from django.urls import path

from operations.picture import views

app_name = "picture"
urlpatterns = [
    path("", views.home, name="home"),
    path("operations/<uuid:pk>/situation/", views.operation_situation, name="operation-situation"),
    path("operations/<uuid:pk>/situation/map/", views.operation_features, name="operation-features"),
    path("operations/<uuid:pk>/effort/", views.operation_effort, name="operation-effort"),
]
