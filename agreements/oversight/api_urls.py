"""Addresses of oversight under /api/v1/."""

from django.urls import path

from agreements.oversight.api import ChainViewSet, LedgerViewSet, RecordLedgerViewSet
from portal.api.routers import Router

router = Router()
router.register("ledger", LedgerViewSet, basename="ledger")
urlpatterns = [
    path("ledger/chain/", ChainViewSet.as_view({"get": "retrieve", "post": "check"}), name="ledger-chain"),
    path("records/<uuid:pk>/ledger/", RecordLedgerViewSet.as_view({"get": "list"}), name="records-ledger"),
    *router.urls,
]
