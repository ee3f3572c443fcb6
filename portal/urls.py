"""Mounts rooms by name: one line per room. Rooms that have no pages yet are left out."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

ROOMS = {
    "": "operations.picture",
    "directory/": "agencies.directory",
    "postings/": "agencies.postings",
    "channels/": "agencies.channels",
    "duty/": "agencies.chains",
    "partners/": "agencies.onboarding",
    "agreements/": "agreements.register",
    "powers/": "agreements.powers",
    "papers/": "agreements.papers",
    "deadlines/": "agreements.deadlines",
    "records/": "agreements.sharing",
    "atlas/": "agreements.atlas",
    "alerts/": "agreements.alerts",
    "deliveries/": "agreements.delivery",
    "drafts/": "agreements.drafting",
    "imports/": "agreements.importing",
    "distress/": "agreements.distress",
    "compelled/": "agreements.compelled",
    "requests/": "agreements.requests",
    "hits/": "agreements.hits",
    "approvals/": "agreements.approvals",
    "onward/": "agreements.onward",
    "citations/": "agreements.citations",
    "corrections/": "agreements.corrections",
    "bulletins/": "agreements.bulletins",
    "oversight/": "agreements.oversight",
    "operations/": "operations.planning",
    "types/": "operations.types",
    "patrols/": "operations.patrols",
    "field/": "operations.field",
    "safety/": "operations.safety",
    "device/": "operations.device",
    "meetings/": "operations.meetings",
    "incidents/": "operations.incidents",
    "joint/": "operations.joint",
    "minutes/": "operations.minutes",
    "response/": "operations.response",
    "intel/": "intel.reports",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("", include("portal.ui.urls")),
    path("live/", include("portal.live.urls")),
    *[path(prefix, include(f"{room}.urls")) for prefix, room in ROOMS.items() if find_spec(f"{room}.urls")],
    path("api/v1/", include("portal.api.urls")),
]

handler403 = "portal.ui.views.forbidden"
handler404 = "portal.ui.views.not_found"
handler500 = "portal.ui.views.server_error"
