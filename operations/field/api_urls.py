"""Addresses of the field under /api/v1/."""

from django.urls import path

from operations.field.api.desks import CrossingViewSet, QuarantineViewSet, SignalViewSet, ToldViewSet, VersionViewSet
from operations.field.api.taking import FieldKitViewSet
from operations.field.api.views import FieldBatchViewSet, FieldImportViewSet, FieldPhotoViewSet
from portal.api.routers import Router

router = Router()
router.register("field/batches", FieldBatchViewSet, "field-batches")
router.register("field/photos", FieldPhotoViewSet, "field-photos")
router.register("field/imports", FieldImportViewSet, "field-imports")
router.register("field/versions", VersionViewSet, "field-versions")
router.register("field/quarantine", QuarantineViewSet, "field-quarantine")
router.register("field/signals", SignalViewSet, "field-signals")
router.register("field/told", ToldViewSet, "field-told")
router.register("crossings", CrossingViewSet, "crossings")
urlpatterns = [path("field/kit/", FieldKitViewSet.as_view({"get": "take"}), name="field-kit"), *router.urls]
