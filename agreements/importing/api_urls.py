"""Addresses of imports and of the register's export under /api/v1/."""

from agreements.importing.api.exports import RegisterExportViewSet
from agreements.importing.api.imports import ImportViewSet
from agreements.importing.api.rows import CountryNameViewSet, ImportRowViewSet
from portal.api.routers import Router

router = Router()
router.register("imports", ImportViewSet)
router.register("import-rows", ImportRowViewSet)
router.register("country-names", CountryNameViewSet)
router.register("register-export", RegisterExportViewSet)
urlpatterns = router.urls
