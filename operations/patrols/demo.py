"""The demonstration's patrols: two weeks between real crossing points, by invented people."""

import io
import json
import random
import uuid
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter

from agencies.directory.models import Agency, Country
from agreements.sharing.actions import releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from operations.patrols import geometry, photos, tracks
from operations.patrols.actions import legs, observations, patrols
from operations.patrols.actions.patrols import TeamPlan
from operations.patrols.models import Leg, Patrol
from operations.planning.demo import appointment, key_of
from operations.planning.models import Operation
from operations.types.filling import Filling
from portal.ui import demo

DATA = Path(__file__).parent / "demo_data" / "patrols.json"
RECORDED_EVERY = 15  # seconds
WOBBLE = 0.00004  # degrees: what a good receiver is off by
Entry = dict[str, Any]


def load() -> int:
    """Patrols that are not there yet, with legs, tracks and entries. Returns how many are new."""
    data, made = json.loads(DATA.read_text(encoding="utf-8")), 0
    now = timezone.now().replace(second=0, microsecond=0)
    for entry in data["patrols"]:
        if not Record.objects.filter(pk=_key(entry)).exists():
            _load(entry, data, now)
            made += 1
    return made


def _key(entry: Entry, part: str = "") -> Any:
    return key_of_patrol(entry["operation"], entry["title"], entry.get("day", "today"), part)


def key_of_patrol(operation: str, title: str, day: int | str, part: str = "") -> uuid.UUID:
    """The key of the demonstration's patrol, or of a part of it."""
    return key_of(f"{operation} {title} {day} {part}")


def _marking(extra: list[str] | None = None) -> Marking:
    return Marking(categories=["operational", *(extra or [])], classification=1, tlp=Tlp.AMBER.value)


def _load(entry: Entry, data: Entry, now: datetime) -> None:
    operation = Operation.objects.select_related("record__owner").get(pk=key_of(entry["operation"]))
    planner = appointment(entry["by"])
    starts_at = _start(entry, operation, now)
    ends_at = starts_at + timedelta(hours=entry["hours"])
    patrol = patrols.plan(
        by=planner,
        operation=operation.record,
        title=entry["title"],
        objective=entry["objective"],
        starts_at=starts_at,
        ends_at=ends_at,
        teams=[_team(team) for team in entry["teams"]],
        marking=_marking(),
        meeting_point=entry["meets"],
        position=_place(data, entry["meets"]),
        key=_key(entry),
    )
    _release(patrol, operation, entry)
    if entry["state"] == "cancelled":
        patrols.cancel(patrol=patrol, by=planner, reason=entry["reason"])
    elif entry["state"] != "planned":
        patrol = patrols.start(patrol=patrol, by=planner, started_at=starts_at + timedelta(minutes=entry["late"]))
        _log(patrol, operation, entry, data, now)
        if entry["state"] == "ended":
            patrols.end(patrol=patrol, by=planner, ended_at=ends_at - timedelta(minutes=10))


def _start(entry: Entry, operation: Operation, now: datetime) -> datetime:
    """A time of day so many days ago, in the operation's zone; or so many hours from now."""
    if "from_now" in entry:
        return now + timedelta(hours=entry["from_now"])
    zone = ZoneInfo(operation.record.zone)
    day = now.astimezone(zone).date() + timedelta(days=entry["day"])
    return datetime.combine(day, time.fromisoformat(entry["at"]), tzinfo=zone)


def _team(team: Entry) -> TeamPlan:
    values = {**team, "agency": Agency.objects.select_related("country").get(acronym=team["agency"])}
    if "leader" in values:
        values["leader"] = appointment(values["leader"])
    return TeamPlan(**values)


def _place(data: Entry, name: str) -> tuple[float, float]:
    latitude, longitude = data["places"][name]
    return latitude, longitude


def _release(row: Any, operation: Operation, entry: Entry) -> None:
    """By hand, as somebody does with a tap, where no standing order releases."""
    if entry.get("released_by_hand"):
        releases.release(
            record=row.record,
            to=To(AudienceKind.CIRCLE, circle=operation.circle),
            clause=operation.clauses.select_related("agreement").get(),
            purpose=operation.purpose,
            by=row.record.author,
        )


def _log(patrol: Patrol, operation: Operation, entry: Entry, data: Entry, now: datetime) -> None:
    assert patrol.started_at is not None
    made: dict[str, Leg] = {}
    for number, plan in enumerate(entry["legs"]):
        leg = _leg(patrol, entry, plan, number, data, now)
        _release(leg, operation, entry)
        made[plan["by"]] = leg
    for number, item in enumerate(entry["entries"]):
        at = patrol.started_at + timedelta(minutes=item["after"])
        row = observations.log(
            patrol=patrol,
            by=appointment(item["by"]),
            type=item["type"],
            filling=Filling(item["form"], item["values"]) if "form" in item else None,
            text=item["text"],
            marking=_marking(item.get("categories")),
            occurred_at=at,
            position=_place(data, item["place"]) if "place" in item else None,
            leg=made.get(item["by"]),
            pictures=[photos.redraw(_photograph())] if item.get("photograph") else [],
            key=_key(entry, f"entry {number}"),
        )
        # What holds personal data waits for a tap.
        if not item.get("held") and "personal_data" not in row.record.categories:
            _release(row, operation, entry)


def _leg(patrol: Patrol, entry: Entry, plan: Entry, number: int, data: Entry, now: datetime) -> Leg:
    """Start the leg, walk its route, and end it unless it still runs."""
    assert patrol.started_at is not None
    by = appointment(plan["by"])
    started_at = patrol.started_at + timedelta(minutes=plan["after"])
    leg = legs.start(
        patrol=patrol,
        by=by,
        territory=Country.objects.get(pk=plan["territory"]),
        marking=_marking(),
        started_at=started_at,
        key=_key(entry, f"leg {number}"),
    )
    running = entry["state"] == "active"
    latest = now - timedelta(minutes=2) if running else patrol.ends_at - timedelta(minutes=15)
    points = [_place(data, name) if isinstance(name, str) else tuple(name) for name in data["routes"][plan["route"]]]
    data_of_device, last = _recording(points, started_at, latest, plan["speed"], f"{entry['title']} {number}")
    legs.attach_track(leg=leg, reading=tracks.read(data_of_device), by=by)
    return leg if running else legs.end(leg=leg, by=by, ended_at=last + timedelta(minutes=2))


def _recording(
    points: list[tuple[float, float]], start: datetime, latest: datetime, speed: float, seed: str
) -> tuple[bytes, datetime]:
    """A GPX file of a device carried along the points and back, at `speed` km/h, and when it was switched off."""
    chance = random.Random(seed)  # noqa: S311 - the same demonstration each time, not a secret
    step = speed / 3.6 * RECORDED_EVERY
    fixes, at = [], start
    way = [*points, *points[-2::-1]]
    for a, b in zip(way, way[1:], strict=False):
        parts = max(1, round(geometry.distance(a, b) / step))
        for i in range(parts):
            if at > latest:
                break
            spot = [a[k] + (b[k] - a[k]) * i / parts + chance.gauss(0, WOBBLE) for k in (0, 1)]
            fixes.append(
                f'<trkpt lat="{spot[0]:.6f}" lon="{spot[1]:.6f}"><time>{at.astimezone(ZoneInfo("UTC")):%Y-%m-%dT%H:%M:%SZ}'
                "</time></trkpt>"
            )
            at += timedelta(seconds=RECORDED_EVERY)
    text = '<gpx version="1.1" creator="Demonstration" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    return f"{text}{''.join(fixes)}</trkseg></trk></gpx>".encode(), at - timedelta(seconds=RECORDED_EVERY)


def _photograph() -> bytes:
    """A boat on the lake at dusk, drawn: nobody's photograph."""
    picture = Image.new("RGB", (1280, 853))
    draw = ImageDraw.Draw(picture)
    for y in range(853):
        shade = y / 853
        draw.line((0, y, 1280, y), fill=(int(40 + 150 * shade), int(55 + 70 * shade), int(95 + 10 * shade)))
    draw.rectangle((0, 470, 1280, 853), fill=(28, 44, 60))
    draw.polygon(
        [(0, 470), (210, 405), (470, 452), (760, 396), (1040, 450), (1280, 415), (1280, 470)], fill=(34, 42, 56)
    )
    for y in range(480, 853, 9):
        draw.line((0, y, 1280, y + 3), fill=(44, 64, 84))
    draw.polygon([(500, 585), (760, 585), (725, 630), (535, 630)], fill=(12, 16, 20))
    draw.rectangle((590, 540, 670, 585), fill=(20, 26, 32))
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(2)).save(out, "JPEG", quality=85)
    return out.getvalue()


def register() -> None:
    demo.register(demo.Step("patrols", 40, load))
