"""Addresses of the API of compelled disclosure."""

from agreements.compelled.api import CompelledViewSet
from portal.api.routers import Router

router = Router()
router.register("compelled-disclosures", CompelledViewSet)
urlpatterns = router.urls
