"""Pages of documents."""

from django.urls import path

from agreements.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.document_search, name="document-search"),
    path("<uuid:pk>/", views.document_detail, name="document-detail"),
    path("<uuid:pk>/file/", views.document_file, name="document-file"),
    path("<uuid:pk>/version/", views.version_create, name="version-create"),
    path("<uuid:pk>/withdraw/", views.document_withdraw, name="document-withdraw"),
    path("agreements/<uuid:pk>/", views.agreement_documents, name="agreement-documents"),
    path("agreements/<uuid:pk>/new/", views.document_create, name="document-create"),
]
