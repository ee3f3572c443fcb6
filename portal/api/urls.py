"""Mounts the rooms' APIs by name under /api/v1/. Each room offers `<room>.api_urls` with a Router's urls."""

from importlib.util import find_spec

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path

from portal.api.views import DocsView, SchemaView

ROOMS = (
    "agencies.directory",
    "agencies.postings",
    "agencies.channels",
    "agencies.chains",
    "agencies.onboarding",
    "agreements.register",
    "agreements.powers",
    "agreements.papers",
    "agreements.deadlines",
    "agreements.sharing",
    "agreements.atlas",
    "agreements.alerts",
    "agreements.delivery",
    "agreements.drafting",
    "agreements.importing",
    "agreements.distress",
    "agreements.compelled",
    "agreements.requests",
    "agreements.hits",
    "agreements.approvals",
    "agreements.onward",
    "agreements.citations",
    "agreements.corrections",
    "agreements.bulletins",
    "agreements.oversight",
    "operations.planning",
    "operations.types",
    "operations.patrols",
    "operations.field",
    "operations.safety",
    "operations.meetings",
    "operations.incidents",
    "operations.joint",
    "operations.minutes",
    "operations.response",
    "operations.picture",
    "intel.reports",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", login_required(DocsView.as_view()), name="docs"),
    # Rooms that have no API yet are left out.
    *[path("", include(f"{room}.api_urls")) for room in ROOMS if find_spec(f"{room}.api_urls")],
]
