"""The demonstration's minutes, invented: of last week's review, agreed by the side that called it, waiting for the other;
one of three action items is overdue. A board that met in time, and one that is late."""

from datetime import date, timedelta

from agreements.register.models import Agreement
from agreements.sharing.models import Record
from operations.minutes.actions import agreeing, doing, keeping, points, rhythms
from operations.minutes.choices import Subject, Unit
from operations.minutes.content import content_digest
from operations.minutes.days import day_in
from operations.minutes.models import Minutes, Point, Rhythm
from operations.planning.demo import appointment, key_of
from portal.ui import demo

MEETING, OPERATION, ARRANGEMENT = "Review of the first week", "Upper Rhine Night", "Technical Arrangement Upper Rhine"
KEY = "minutes of the review"
SECRETARY, PARTNER = "de.liaison", "ch.liaison"
# Title, what was said, in English and German; then decisions, each with its actions: text, whose, days after.
ITEMS = (
    (
        ("What was seen", "Was beobachtet wurde"),
        (
            "Three boats without lights in two nights, none of them stopped. Invented.",
            "In zwei Nächten drei Boote ohne Licht, keines angehalten. Erfunden.",
        ),
        ("Boats without lights are hailed by both teams.", "Boote ohne Licht werden von beiden Teams angerufen."),
        (
            ("List the boats that are known on both banks", "Liste der auf beiden Ufern bekannten Boote", PARTNER, 3),
            ("Agree on one radio channel for the night", "Einen Funkkanal für die Nacht vereinbaren", SECRETARY, 20),
        ),
    ),
    (
        ("What to change", "Was zu ändern ist"),
        (
            "The shift changes at different hours. Invented.",
            "Der Schichtwechsel liegt zu verschiedenen Zeiten. Erfunden.",
        ),
        ("Both sides change shift at two.", "Beide Seiten wechseln um zwei Uhr."),
        (("Put the new hours into the plan", "Die neuen Zeiten in den Plan aufnehmen", SECRETARY, 14),),
    ),
)


def load() -> int:
    """Minutes and rhythms that are not there yet; how many are new."""
    return _minutes() + _rhythms()


def _minutes() -> int:
    key = key_of(KEY)
    meeting = Record.objects.filter(pk=key_of(MEETING)).select_related("owner__country", "operation").first()
    if meeting is None or Record.objects.filter(pk=key).exists():
        return 0
    by = appointment(SECRETARY)
    row = keeping.begin(meeting=meeting, by=by, key=key, opening="BPOL chaired, BAZG attended. Invented.")
    texts = {"title": f"Protokoll: {MEETING}", "opening": "Vorsitz BPOL, BAZG hat teilgenommen. Erfunden."}
    # What was on the agenda is written down already: this minutes' items are its own.
    for point in row.points.all():
        points.remove_point(point=point, by=by)
    for title, said, decided, actions in ITEMS:
        item = points.add_point(minutes=row, by=by, title=title[0], text=said[0])
        decision = points.add_point(minutes=row, by=by, under=item, text=decided[0])
        texts |= {f"{item.pk}.title": title[1], str(item.pk): said[1], str(decision.pk): decided[1]}
        texts |= _actions(decision, actions, day_in(row.starts_at, meeting.zone))
    keeping.put_into_words(minutes=row, by=by, language="de", texts=texts)
    keeping.put_forward(minutes=_again(row), by=by)
    agreeing.agree(minutes=_again(row), by=by, seen=content_digest(_again(row)))
    late = row.action_items.select_related("minutes__record").order_by("due_at", "pk")[0]
    doing.name_officer(action=late, by=appointment(PARTNER), officer=appointment(PARTNER))
    return 1


def _actions(decision: Point, actions: tuple[tuple[str, str, str, int], ...], day: date) -> dict[str, str]:
    texts = {}
    for text, german, whose, after in actions:
        item = points.add_action(
            decision=decision, by=appointment(SECRETARY), text=text, agency=appointment(whose).agency,
            due_on=day + timedelta(days=after), objective="Quiet nights on the Upper Rhine",
        )  # fmt: skip
        texts[str(item.pk)] = german
    return texts


def _again(row: Minutes) -> Minutes:
    return Minutes.objects.select_related("record__owner__country").get(pk=row.pk)


def _rhythms() -> int:
    if Rhythm.objects.exists():
        return 0
    operation = Record.objects.filter(pk=key_of(OPERATION)).select_related("owner__country").first()
    agreement = Agreement.objects.filter(short_name=ARRANGEMENT).first()
    made = 0
    if operation is not None:
        since = day_in(operation.recorded_at, operation.zone) - timedelta(days=30)
        rhythms.state(
            by=appointment("de.commander"), operation=operation, subject=Subject.MEETING, every=2, unit=Unit.WEEKS,
            since=since,
        )  # fmt: skip
        made += 1
    if agreement is not None:
        rhythms.state(
            by=appointment("ch.treaty"), agreement=agreement, subject=Subject.MEETING, every=6, unit=Unit.MONTHS,
            since=date.today() - timedelta(days=200),
        )  # fmt: skip
        made += 1
    return made


def register() -> None:
    demo.register(demo.Step("minutes", 62, load))
