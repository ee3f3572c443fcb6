"""Pages of citations."""

from django.urls import path

from agreements.citations import views

app_name = "citations"
urlpatterns = [
    path("records/<uuid:pk>/", views.record_citations, name="record-citations"),
    path("records/<uuid:pk>/cite/", views.cite, name="cite"),
    path("<uuid:pk>/take-out/", views.uncite, name="uncite"),
]
