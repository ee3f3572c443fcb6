"""Invented content for the style page: one example of each part, and the awkward ones besides."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, JsonResponse

from portal.ui.marking import PageMarking
from portal.ui.states import STATES

NOON = datetime(2026, 11, 24, 11, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Agency:
    """What the chip needs of an agency."""

    short: str
    name: str
    country_id: str
    colour: int


@dataclass(frozen=True)
class Marked:
    classification: int
    tlp: int
    handling_codes: tuple[str, ...] = ()


NORTH = Agency("BG-N", "Border Guard of Northland (invented)", "NN", 1)
SOUTH = Agency("KAPO-S", "Cantonal Police of Southland (invented)", "SS", 0)
EAST = Agency("LP-E", "State Police of Eastland (invented)", "EE", 2)
LONG = Agency("Direction interrégionale des douanes", "A long name (invented)", "FF", 4)


class SampleFilter(forms.Form):
    """A filter bar: everything optional."""

    q = forms.CharField(label="Words", required=False)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), ("active", "Active"), ("ended", "Ended")]
    )
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class SampleForm(forms.Form):
    """A form that came back: what was typed is kept, what is wrong is said at the field."""

    place = forms.CharField(label="Place", help_text="Nearest crossing point, road or water mark.")
    kind = forms.ChoiceField(label="Kind", choices=[("sighting", "Sighting"), ("contact", "Contact")])
    text = forms.CharField(label="What happened", widget=forms.Textarea(attrs={"rows": 3}))
    people = forms.IntegerField(label="Persons", min_value=0, required=False)
    urgent = forms.BooleanField(label="Danger to life", required=False)
    area = forms.CharField(label="Area as GeoJSON", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    lat = forms.FloatField(label="Latitude", required=False)
    lon = forms.FloatField(label="Longitude", required=False)


def sample(request: HttpRequest) -> dict[str, Any]:
    """The context of the style page."""
    form = SampleForm({"kind": "sighting", "text": "Two persons on foot, westward.", "people": "-1"})
    return {
        "page_marking": PageMarking(1, 2),
        "as_of": NOON,
        "next_year": NOON + timedelta(hours=12, minutes=30),
        "states": list(STATES),
        "tlps": range(5),
        "marked": [Marked(level, 4 - level, ("H2",) if level == 2 else ()) for level in range(5)],
        "agencies": [NORTH, SOUTH, EAST, LONG],
        "partners": [Agency(f"P{n}", f"Partner {n}", "XX", n) for n in range(12)],
        "north": NORTH,
        "south": SOUTH,
        "filter_form": SampleFilter(request.GET or None),
        "form": form,
        "timeline": _timeline(),
        "readers": [
            {"agency": SOUTH, "why": "Art. 7 of the N–S Treaty, binding both since 1 May 2024", "opened": NOON},
            {"agency": EAST, "why": "named grant to one officer until 31 Dec 2026", "is_new": True},
        ],
        "reasons": [
            {"rule": "R4", "text": "§ 3 of the technical arrangement under Art. 21, binding both since 1 May 2024"}
        ],
        "tabs": [
            {"label": "Overview", "url": "#", "current": True},
            {"label": "Log", "url": "#", "count": 12},
            {"label": "Teams", "url": "#", "count": 3},
        ],
        "chart_rows": [["BG-N", 42, 31], ["KAPO-S", 37, 12], ["LP-E", 9, 18]],
        "line_rows": [[f"{day} Nov", 4 + day % 5, 2 + day % 3] for day in range(10, 24)],
    }


def _timeline() -> list[dict[str, Any]]:
    return [
        {"day": date(2022, 4, 5), "title": "Signed", "text": "Northland, Southland", "tone": "neutral"},
        {"day": date(2024, 5, 1), "title": "Entered into force", "tone": "success", "icon": "check-circle"},
        {"at": NOON, "title": "Suspended in part", "agency": SOUTH, "state": "suspended", "tone": "danger"},
        {"day": date(2027, 5, 1), "title": "Denunciation takes effect", "tone": "warning", "future": True},
    ]


def features() -> JsonResponse:
    """An area, a track and points near Konstanz, invented."""

    def feature(geometry: str, coordinates: list[Any], **properties: str) -> dict[str, Any]:
        shape = {"type": geometry, "coordinates": coordinates}
        return {"type": "Feature", "geometry": shape, "properties": properties}

    area = [[9.05, 47.62], [9.25, 47.62], [9.28, 47.70], [9.08, 47.72], [9.05, 47.62]]
    track = [[9.155, 47.656], [9.170, 47.652], [9.181, 47.655], [9.192, 47.650], [9.205, 47.645]]
    found = [
        feature("Polygon", [area], kind="operation", title="Operation area (invented)", tone="info"),
        feature("LineString", track, kind="track", title="Leg of BG-N", time="24 Nov 2026, 12:02 · 11:02Z"),
        feature("Point", [9.176, 47.656], kind="crossing", title="Crossing point", tone="neutral"),
        feature("Point", [9.205, 47.645], kind="sighting", title="Sighting: two on foot", tone="warning", url="#map"),
        feature("Point", [9.155, 47.656], kind="patrol", title="Patrol Lake 2", tone="success", note="active"),
        feature("Point", [9.190, 47.690], kind="sighting", title="Contact lost", tone="danger"),
    ]
    return JsonResponse({"type": "FeatureCollection", "features": found}, content_type="application/geo+json")
