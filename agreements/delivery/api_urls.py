"""Addresses of deliveries, rules and outlets under /api/v1/."""

from django.urls import path

from agreements.delivery.api.deliveries import DeliveryViewSet, OutletViewSet
from agreements.delivery.api.rules import PreferenceViewSet, RuleViewSet
from portal.api.routers import Router

router = Router()
router.register("deliveries", DeliveryViewSet)
router.register("delivery-rules", RuleViewSet)
router.register("outlets", OutletViewSet)
preferences = path(
    "delivery-preferences/", PreferenceViewSet.as_view({"get": "read", "put": "change"}), name="delivery-preferences"
)
urlpatterns = [preferences, *router.urls]
