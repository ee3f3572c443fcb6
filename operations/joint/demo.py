"""The demonstration's joint reports, invented: one signed by all, where a side states something of its own; one that
waits for the other side's signature; a handover that is a draft."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Record
from operations.joint.actions import reports, signing
from operations.joint.actions.signing import Device
from operations.joint.choices import Decision, Form
from operations.joint.content import content_digest
from operations.joint.models import JointReport
from operations.patrols.demo import key_of_patrol
from operations.patrols.models import Patrol
from operations.planning.demo import appointment, key_of
from portal.ui import demo

AGENT = "Mozilla/5.0 (Android 14; Tablet; demonstration)"
Text = tuple[str, str]


@dataclass(frozen=True)
class Sample:
    """A report on a patrol (operation, title, day), in the languages of `texts`: text and open points, the original
    first. `signs`: who, and what that side states on its own; nothing where it confirms."""

    patrol: tuple[str, str, int]
    by: str
    title: str
    texts: dict[str, Text]
    signs: tuple[tuple[str, str], ...] = ()
    form: Form = Form.JOINT
    codes: tuple[str, ...] = ()
    is_put: bool = True


SAMPLES = (
    Sample(
        ("Lake Constance Autumn", "Untersee night", -1),
        "ch.liaison",
        "Night on the Untersee",
        {
            "de": (
                "Beide Teams haben das Südufer zwischen Ermatingen und Gottlieben gemeinsam bestreift. Ein Boot ohne "
                "Licht wurde kontrolliert, die Papiere waren in Ordnung. Keine Person wurde zurückgewiesen. Erfunden.",
                "Die Beleuchtung am Steg von Triboltingen fehlt weiterhin.",
            ),
            "fr": (
                "Les deux équipes ont patrouillé ensemble la rive sud entre Ermatingen et Gottlieben. Un bateau sans "
                "feux a été contrôlé, les papiers étaient en règle. Personne n'a été refoulé. Inventé.",
                "L'éclairage du ponton de Triboltingen manque toujours.",
            ),
            "en": (
                "Both teams patrolled the south shore between Ermatingen and Gottlieben together. A boat without "
                "lights was checked, its papers were in order. Nobody was turned back. Invented.",
                "There is still no light at the jetty of Triboltingen.",
            ),
        },
        (
            ("ch.leader", ""),
            (
                "de.leader",
                "Nach unserer Uhr lag zwischen Sichtung und Kontrolle des Bootes eine halbe Stunde. Erfunden.",
            ),
        ),
        codes=("H2",),
    ),
    Sample(
        ("Lake Constance Autumn", "Höri shore by boat", -3),
        "de.liaison",
        "Along the Höri by boat",
        {
            "de": (
                "Gemeinsame Fahrt von Gaienhofen bis Öhningen. Zwei Kontakte mit Anwohnern, keine Feststellung. "
                "Die Funkverbindung war bei Wangen für zehn Minuten gestört. Erfunden.",
                "Funkloch bei Wangen melden.",
            ),
        },
        (("de.liaison", ""),),
    ),
    Sample(
        ("Lake Constance Autumn", "Kreuzlingen–Gottlieben dawn", -5),
        "ch.liaison",
        "Handover at Gottlieben",
        {
            "en": (
                "The shore is quiet. Two fishing boats are known to both teams. Invented.",
                "Look at the jetty at six.",
            )
        },
        form=Form.HANDOVER,
        is_put=False,
    ),
)


def load() -> int:
    """Joint reports that are not there yet; how many are new."""
    return sum(_load(sample) for sample in SAMPLES)


def _load(sample: Sample) -> int:
    key = key_of(f"joint {sample.title}")
    patrol = Patrol.objects.filter(pk=key_of_patrol(*sample.patrol)).select_related("record__operation").first()
    if patrol is None or patrol.started_at is None or Record.objects.filter(pk=key).exists():
        return 0
    by = appointment(sample.by)
    (language, (text, points)), *others = sample.texts.items()
    row = reports.write(
        host=patrol.record, by=by, key=key, title=sample.title, form=sample.form, language=language, text=text,
        open_points=points, starts_at=patrol.started_at, ends_at=patrol.ended_at or patrol.started_at + timedelta(hours=4),
        place=patrol.meeting_point, position=_position(patrol.record),
        sides=[team.agency for team in patrol.teams.select_related("agency__country")],
        marking=Marking(["operational"], 1, handling_codes=list(sample.codes)),
    )  # fmt: skip
    for code, (words, open_points) in others:
        reports.put_into_words(report=row, by=by, language=code, text=words, open_points=open_points)
    if sample.is_put:
        reports.put_forward(report=row, by=by)
    for number, (username, statement) in enumerate(sample.signs):
        _sign(row.pk, username, statement, number)
    return 1


def _position(record: Record) -> tuple[float, float] | None:
    return None if record.latitude is None or record.longitude is None else (record.latitude, record.longitude)


def _sign(key: uuid.UUID, username: str, statement: str, number: int) -> None:
    row = JointReport.objects.select_related("record__owner").get(pk=key)
    decision = Decision.DISAGREES if statement else Decision.CONFIRMS
    signing.sign(
        report=row, by=appointment(username), seen=content_digest(row), decision=decision, statement=statement,
        device=Device(key_of(f"device {username}"), row.put_at and row.put_at + timedelta(minutes=number), AGENT),
    )  # fmt: skip


def register() -> None:
    demo.register(demo.Step("joint reports", 60, load))
