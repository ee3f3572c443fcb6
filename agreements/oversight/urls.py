"""Pages of oversight."""

from django.urls import path

from agreements.oversight import views

app_name = "oversight"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("chain/", views.chain, name="chain"),
    path("records/<uuid:pk>/", views.record_ledger, name="record-ledger"),
]
