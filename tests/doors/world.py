"""A world with something of everything, for the tests that walk every door."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from agencies.directory.models import Appointment, Unit
from agencies.onboarding.actions import inviting
from agencies.onboarding.models import Contact
from agreements.bulletins import actions as bulletins
from agreements.bulletins import escalating
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.scopes import Scope
from agreements.compelled import actions as compelled
from agreements.corrections import actions as corrections
from agreements.deadlines import actions as deadlines
from agreements.distress import actions as distress
from agreements.hits import actions as hits
from agreements.hits.choices import Term
from agreements.onward import actions as onward
from agreements.papers import actions as papers
from agreements.papers import reading
from agreements.register import actions as register
from agreements.register.choices import ActionKind, Category, ClauseKind, Onward, Purpose
from agreements.register.models import Agreement, Clause, TreatyAction
from agreements.requests import actions as requests
from agreements.requests import handling
from agreements.requests.models import AskedRecord
from agreements.sharing.actions import circles, compartments, orders, records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from intel.reports import actions as reports
from operations.field import told
from operations.field.actions import crossings, signals, versions
from operations.field.models import Crossing
from operations.incidents.actions import chain, events, levels, links, serious
from operations.incidents.actions import reports as incidents
from operations.joint.actions import reports as joint
from operations.joint.actions import signing
from operations.joint.content import content_digest
from operations.meetings import actions as meetings
from operations.meetings import agenda
from operations.meetings.actions import Invitee
from operations.minutes.actions import agreeing, doing, points, rhythms
from operations.minutes.actions import keeping as minutes
from operations.minutes.content import content_digest as minutes_digest
from operations.minutes.models import Minutes
from operations.patrols.actions import legs, observations, patrols
from operations.patrols.actions.patrols import TeamPlan
from operations.patrols.models import Patrol
from operations.planning.actions import invitations, operations, team
from operations.response.actions import assistance, desks, handovers, procedures, responses
from operations.response.actions.procedures import Line
from operations.response.models import Procedure
from operations.safety.actions import alarms, notices
from operations.safety.choices import Cause
from operations.safety.models import LimitChange
from operations.types import actions as types
from operations.types.definitions import read_types
from operations.types.filling import Filling
from tests.conftest import Cast, make_treaty

# A word that stands in the title or text of every record of the world, and nowhere else.
WORD = "zanzibar"
# Each stands in one text alone: of a correction (R21), of a request to pass on (R11) and of a compelled disclosure
# whose order forbids telling the originator (R25), all of the report that is given to b; and why a call was sent (R24).
BETWEEN_TWO, ASKED, UNTOLD, CALLED = ("quagga", "okapi", "kudu", "numbat")
# Why b asks for a report of a1 that it cannot see, and why a1 refuses without telling.
WANTED, SILENT = ("serval", "tapir")
# In the text of every document of an agreement: those are for whoever may know of the agreement, record or not (R23).
PAPER = "quokka"
SECRETS = (BETWEEN_TWO, ASKED, UNTOLD, CALLED, WANTED, SILENT)
PLAIN = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER)


def partners(cast: Cast) -> None:
    """A contact of each agency, and an invitation from X to an agency of Y that waits for its answer."""
    for agency in (cast.a1, cast.a2, cast.b, cast.c):
        Contact.objects.create(agency=agency, function="pursuit", telephone="+00 1", mail="pursuit@demo.invalid")
    inviting.invite(
        name="Customs of Y", kind="customs", country=cast.b.country, mail="boss@y.invalid", why="Talks.", by=cast.tara
    )


def build(cast: Cast) -> list[Record]:
    """A joint operation of a1 and b with a patrol, legs and entries of both sides; own, named and red ones."""
    now = timezone.now()
    partners(cast)
    row = operations.plan_operation(
        by=cast.xenia,
        name=f"Operation {WORD}",
        objective=WORD,
        clauses=[cast.art7],
        purpose=Purpose.BORDER_OPERATION,
        host_state=cast.a1.country,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=9),
        instructions=f"Return {WORD}",
        area={"type": "Polygon", "coordinates": [[[9.0, 47.6], [9.2, 47.6], [9.2, 47.7], [9.0, 47.6]]]},
    )
    record = row.record
    invitations.invite_agency(operation=row, agency=cast.b, clause=cast.art7, by=cast.xenia)
    invitations.accept_invitation(operation=row, by=cast.yara)
    team.assign_officer(operation=row, appointment=cast.yann, by=cast.yara)
    own = record.circle.participations.get(agency=cast.a1)
    circles.assign(participation=own, appointment=cast.lars, by=cast.xenia)
    order: dict[str, Any] = {
        "circle": record.circle, "clause": cast.art7, "purpose": Purpose.BORDER_OPERATION,
        "kinds": ["patrol", "leg", "observation"], "categories": ["operational"], "ceiling": 1, "tlp": Tlp.AMBER,
    }  # fmt: skip
    orders.issue(by=cast.xenia, **order)
    orders.issue(by=cast.yara, **order)
    say_what_is_logged(cast, record)
    patrol = patrols.plan(
        by=cast.lars, operation=record, title=f"Patrol {WORD}", objective=WORD, marking=PLAIN,
        starts_at=now - timedelta(hours=2), ends_at=now + timedelta(hours=2),
        teams=[TeamPlan(cast.a1, 2), TeamPlan(cast.b, 2)],
    )  # fmt: skip
    patrol = patrols.start(patrol=patrol, by=cast.lars, started_at=now - timedelta(hours=1))
    for who in (cast.lars, cast.yann):
        legs.start(patrol=patrol, by=who, territory=who.agency.country, marking=PLAIN, note=WORD)
        text = f"{WORD} seen by {who.officer.username}"
        filling = Filling("zone", {"words": WORD})
        observations.log(patrol=patrol, by=who, type="", text=text, marking=PLAIN, filling=filling)
    theirs = patrols.plan(
        by=cast.yann, operation=record, title=f"Their patrol {WORD}", objective=WORD, marking=PLAIN,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2),
        teams=[TeamPlan(cast.a1, 2), TeamPlan(cast.b, 2)],
    )  # fmt: skip
    patrols.start(patrol=theirs, by=cast.yann, started_at=now - timedelta(minutes=30))
    crossings.enter(
        patrol=patrol, by=cast.lars, territory=cast.b.country, basis="joint_patrol", marking=PLAIN, place=WORD,
        notified=f"Desk {WORD}",
    )  # fmt: skip
    raise_alarms(cast, patrol)
    crossing = Crossing.objects.get()
    reason = {"method": "map", "accuracy_m": 9, "time_reason": f"Because {WORD}"}
    told.keep(crossing.record, reason, at=now, drift=timedelta())
    held = observations.log(
        patrol=patrol, by=cast.lars, type="sighting", text=f"{WORD} person", position=(47.65, 9.1),
        marking=Marking(["operational", "personal_data"], 1, Tlp.AMBER), filling=Filling("zone", {"words": WORD}),
    )  # fmt: skip
    versions.edit(observation=held, version=9, by=cast.lars, text=f"Again {WORD}", made_at=now)
    red = records.create(
        by=cast.ada, kind="observation", title=f"Red {WORD}", marking=Marking(["operational"], 1, Tlp.RED), host=None
    )
    releases.release(
        record=red, to=To(AudienceKind.OFFICER, appointment=cast.yara), clause=cast.art7,
        purpose=Purpose.COORDINATION, by=cast.ada,
    )  # fmt: skip
    sign_together(cast, patrol.record, theirs.record, now)
    write_reports(cast, record, now)
    tell_incidents(cast, record)
    meeting = meetings.call(
        by=cast.xenia, title=f"Meeting {WORD}", starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=1),
        place=WORD, agenda=WORD, operation=record, invitees=[Invitee(cast.b, cast.art7, Purpose.COORDINATION)],
    )  # fmt: skip
    meetings.accept_invitation(meeting=meeting, by=cast.yann)
    agenda.add(meeting, by=cast.xenia, text=WORD)
    keep_minutes(cast, record, now)
    meetings.call(
        by=cast.zoe, title=f"Alone {WORD}", starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2),
        place=WORD,
    )  # fmt: skip
    share_with_parts(cast)
    pass_some_on(cast)
    keep_some_between_few(cast)
    confine_some(cast)
    index_some(cast)
    ask_for_some(cast)
    shelve_some(cast)
    assert held.record.releases.filter(clause__isnull=False).count() == 0
    tell_apart()
    return list(Record.objects.all())


def tell_apart() -> None:
    """Tests know records by title: none has another's, or stands in one. Those that rooms name themselves (a copy as its
    report, a call for help by team and minute) are numbered here: all of one name, so that none has the bare one."""
    rows = list(Record.objects.order_by("pk"))
    for title in {row.title for row in rows}:
        same = [row for row in rows if row.title == title]
        for number, row in enumerate(same if len(same) > 1 else (), start=1):
            row.title = f"No. {number}, {title}"
            Record.objects.filter(pk=row.pk).update(title=row.title)
    titles = [row.title for row in rows]
    assert [(one, other) for one in titles for other in titles if one in other] == [(one, one) for one in titles]


def say_what_is_logged(cast: Cast, operation: Record) -> None:
    """A type of the operation's own, and a draft of the next version that partners do not see."""
    field = {"key": "words", "kind": "text", "labels": {"en": WORD}, "hints": {"en": WORD}}
    plain = {"key": "zone", "base": "note", "labels": {"en": f"Zone {WORD}"}, "fields": [field]}
    row = types.begin(operation=operation, by=cast.xenia)
    row = types.change(catalogue=row, revision=row.revision, by=cast.xenia, types=read_types([plain]))
    types.publish(catalogue=row, revision=row.revision, by=cast.xenia)
    types.begin(operation=operation, by=cast.xenia)


def raise_alarms(cast: Cast, patrol: Patrol) -> None:
    """Of a1: a call for help, told to b by hand, which answers it; one held; a stay whose limits changed."""
    for words, given in ((f"Called {WORD}", True), (f"Again {WORD}", False)):
        signal = signals.call(by=cast.lars, at=timezone.now(), patrol=patrol, words=words, position=(47.65, 9.1))
        alarm, _ = alarms.raise_alarm(signal=signal, cause=Cause.CALLED)
        notice = notices.tell_partners(alarm=alarm, by=cast.lars, shown=False)
        if given:
            releases.release(
                record=notice.record, to=To(AudienceKind.AGENCY, agency=cast.b), clause=cast.art7,
                purpose=Purpose.COORDINATION, by=cast.lars,
            )  # fmt: skip
            notices.answer(notice=notice, by=cast.yann, acts=True, words=f"A boat {WORD}")
        else:
            alarms.close(alarm=alarm, by=cast.xenia, outcome=WORD)
    LimitChange.objects.create(crossing=Crossing.objects.get(), limits=[], permitted=False)


def share_with_parts(cast: Cast) -> None:
    """Of a1: one for a unit of b where Yann is posted, one for whoever leads there. Yara is in no unit."""
    lake = Unit.objects.create(agency=cast.b, name="Lake post")
    Appointment.objects.filter(pk=cast.yann.pk).update(unit=lake)
    cast.yann.unit = lake
    strict = Marking(["operational"], 1, Tlp.AMBER_STRICT)
    for to in (
        To.of_unit(lake),
        To(AudienceKind.FUNCTION, agency=cast.b, function=cast.yara.function),
    ):
        row = records.create(
            by=cast.xenia, kind="observation", title=f"For {to.unit or 'the lead'} {WORD}", marking=strict
        )
        releases.release(record=row, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.xenia)


def pass_some_on(cast: Cast) -> None:
    """b passes one of a1's on to c, and asks a1 whether it may another. Y and Z have a treaty of their own."""
    art9 = make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], article="Art. 9", onward=Onward.FREE,
    )  # fmt: skip
    free = make_treaty(
        short_name="X–Y Free", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 1", onward=Onward.FREE,
    )  # fmt: skip
    to_b, to_c = To(AudienceKind.AGENCY, agency=cast.b), To(AudienceKind.AGENCY, agency=cast.c)
    for clause, words in ((free, "On its way"), (cast.art7, "Asked for")):
        row = records.create(by=cast.xenia, kind="observation", title=f"{words} {WORD}", marking=PLAIN)
        releases.release(record=row, to=to_b, clause=clause, purpose=Purpose.COORDINATION, by=cast.xenia)
        terms: dict[str, Any] = {
            "record": row,
            "to": to_c,
            "clause": art9,
            "purpose": Purpose.COORDINATION,
            "by": cast.yara,
        }
        if clause == free:
            onward.pass_on(**terms)
        else:
            onward.ask(reason=f"Because {WORD}", **terms)


def keep_some_between_few(cast: Cast) -> None:
    """What b says and asks of the report that a1 gave it, what it tells nobody of, and a call of a1 to b."""
    given = Record.objects.get(title=f"Given {WORD}")
    corrections.propose(
        record=given, by=cast.yann, wrong=f"{BETWEEN_TWO} of {WORD}", instead=f"{BETWEEN_TWO} and {WORD}"
    )
    to_c: dict[str, Any] = {
        "to": To(AudienceKind.AGENCY, agency=cast.c), "clause": Clause.objects.get(agreement__short_name="Y–Z Treaty"),
    }  # fmt: skip
    onward.ask(record=given, reason=f"{ASKED} of {WORD}", purpose=Purpose.COORDINATION, by=cast.yann, **to_c)
    compelled.record_compelled(
        record=given, authority=f"Court of {UNTOLD}", legal_basis="Order 1", what=UNTOLD, telling_forbidden=True,
        due_on=timezone.now().date() + timedelta(days=9), by=cast.yann,
    )  # fmt: skip
    distress.send(
        nature="accident", position=(47.65, 9.1), call_back="+41 58 000 00 00", reason=f"A {CALLED}",
        agencies=[cast.b], by=cast.xenia,
    )  # fmt: skip


def confine_some(cast: Cast) -> None:
    """Of a1: one confined to a case team of Xenia and Ada, one to a unit where Anton is posted; Ada writes both."""
    team = compartments.open_compartment(name=f"Case {WORD}", by=cast.ada)
    compartments.let_in(compartment=team, appointment=cast.xenia, by=cast.ada)
    harbour = Unit.objects.create(agency=cast.a1, name="Harbour")
    Appointment.objects.filter(pk=cast.anton.pk).update(unit=harbour)
    cast.anton.unit = harbour
    posted = compartments.open_compartment(name=f"Harbour {WORD}", unit=harbour, by=cast.ada)
    for circle in (team, posted):
        row = records.create(by=cast.ada, kind="observation", title=f"Confined {circle.name}", marking=PLAIN)
        compartments.confine(record=row, compartment=circle, by=cast.ada)


def index_some(cast: Cast) -> None:
    """Of a1: a passport of a report that b may not see, which Yann's search hits. Nothing else crosses by that."""
    search = make_treaty(
        short_name="X–Y Search", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 4", kind=ClauseKind.HIT_NO_HIT, categories=[Category.TRAVEL_DOCUMENTS],
    )  # fmt: skip
    kept = Record.objects.get(title=f"Kept {WORD}")
    terms: dict[str, Any] = {"term": Term.PASSPORT, "value": "QX7355119"}
    hits.index(record=kept, clause=search, by=cast.lars, **terms)
    found = hits.search(purpose=Purpose.COORDINATION, reason="A check", by=cast.yann, **terms)
    assert len(found.hits) == 1


def ask_for_some(cast: Cast) -> None:
    """Yann has the reference of the report of a1 that b may not see. a1 refuses, and that is told to nobody else."""
    kept = Record.objects.get(title=f"Kept {WORD}")
    asked = requests.ask(
        agency=cast.a1, reference=kept.reference, purpose=Purpose.COORDINATION, reason=f"A {WANTED}", by=cast.yann
    )
    handling.asked({"request": str(asked.pk)})
    requests.refuse(asked=AskedRecord.objects.get(request=asked), by=cast.lars, words=f"A {SILENT}")


def shelve_some(cast: Cast) -> None:
    """Texts of the treaty of X and Y, of one of Y and Z that X has no part in, and of a draft of a1; one withdrawn."""
    draft = register.register(
        by=cast.tara, title="Draft", short_name="Draft of X1", kind="agreement", draft=True,
        parties=[cast.a1.country, cast.b.country], expires_on=timezone.now().date() + timedelta(days=60),
    )  # fmt: skip
    theirs = Agreement.objects.get(short_name="Y–Z Treaty")
    for agreement, by in ((cast.art7.agreement, cast.tara), (theirs, cast.yusuf), (draft, cast.tara)):
        for part in ("text", "note"):
            name = f"{agreement.short_name}, {part}"
            row = papers.add(
                agreement=agreement, file=ContentFile(f"{PAPER}. {name}".encode(), name="a.txt"), kind="annex",
                title=name, language="en", by=by,
            )  # fmt: skip
            reading.keep(row, [(1, f"{PAPER}. {name}")])
        papers.withdraw(document=row, reason="The wrong file.", by=by)
        deadlines.plan_review(
            agreement=agreement, what=f"Review of {name}", first_on=timezone.now().date() + timedelta(days=30), by=by
        )


def sign_together(cast: Cast, ours: Record, theirs: Record, now: Any) -> None:
    """Of a1: one that both signed, b with a statement; one withdrawn, one a draft in two languages. Of b: one that
    waits for a1."""
    terms: dict[str, Any] = {
        "text": WORD, "open_points": WORD, "place": WORD, "marking": PLAIN, "starts_at": now - timedelta(minutes=20),
        "ends_at": now, "position": (47.65, 9.1),
    }  # fmt: skip
    signed = joint.write(host=ours, by=cast.lars, title=f"Signed {WORD}", sides=[cast.b], **terms)
    signed = joint.put_forward(report=signed, by=cast.lars)
    seen, device = content_digest(signed), signing.Device(user_agent=f"Browser {WORD}")
    signing.sign(report=signed, by=cast.lars, seen=seen, device=device)
    signing.sign(
        report=signed, by=cast.yann, seen=seen, device=device, decision="disagrees", statement=f"Otherwise {WORD}"
    )
    gone = joint.write(host=ours, by=cast.lars, title=f"Not signed {WORD}", sides=[cast.b], **terms)
    joint.withdraw(report=joint.put_forward(report=gone, by=cast.lars), by=cast.lars, reason=WORD)
    draft = joint.write(host=ours, by=cast.lars, title=f"Joint draft {WORD}", sides=[cast.b], **terms)
    joint.put_into_words(report=draft, by=cast.lars, language="fr", text=f"En {WORD}", open_points=WORD)
    waits = joint.write(host=theirs, by=cast.yann, title=f"Theirs to sign {WORD}", sides=[cast.a1], **terms)
    joint.put_forward(report=waits, by=cast.yann)


def keep_minutes(cast: Cast, operation: Record, now: Any) -> None:
    """Of three meetings of a1 with b: minutes that both agreed to, b with an annotation, some that wait for b, a draft; and
    some that were withdrawn."""
    rows = []
    for number, what in enumerate(("Agreed", "Waiting", "Withdrawn", "Drafted"), 1):
        starts_at = now - timedelta(hours=3 * number)
        meeting = meetings.call(
            by=cast.xenia, title=f"{what} meeting {WORD}", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
            place=WORD, operation=operation, invitees=[Invitee(cast.b, cast.art7, Purpose.COORDINATION)],
        )  # fmt: skip
        meetings.accept_invitation(meeting=meeting, by=cast.yann)
        row = minutes.begin(meeting=meeting.record, by=cast.lars, title=f"{what} minutes {WORD}", opening=WORD)
        item = points.add_point(minutes=row, by=cast.lars, title=f"Item {WORD}", text=WORD)
        decision = points.add_point(minutes=row, by=cast.lars, under=item, text=f"Decided {WORD}")
        for agency in (cast.a1, cast.b):
            points.add_action(
                decision=decision, by=cast.lars, text=f"Do {WORD}", agency=agency, objective=WORD,
                due_on=timezone.localdate() + timedelta(days=3),
            )  # fmt: skip
        minutes.put_into_words(minutes=row, by=cast.lars, language="fr", texts={"title": f"En {WORD}", "opening": WORD})
        rows.append(Minutes.objects.select_related("record__owner__country").get(pk=row.pk))
    agreed, waits, withdrawn, _ = rows
    for row in (agreed, waits, withdrawn):
        minutes.put_forward(minutes=row, by=cast.lars)
        for item in row.action_items.select_related("minutes__record__owner"):
            doing.report(action=item, by=cast.yann if item.agency == cast.b else cast.lars, note=f"Half {WORD}")
    withdrawn.refresh_from_db()
    minutes.withdraw(minutes=withdrawn, by=cast.lars, reason=f"Wrong {WORD}")
    seen = minutes_digest(Minutes.objects.select_related("record").get(pk=agreed.pk))
    agreeing.agree(minutes=agreed, by=cast.lars, seen=seen)
    agreeing.agree(minutes=agreed, by=cast.yann, seen=seen, decision="annotates", annotation=f"But {WORD}")
    since = timezone.localdate() - timedelta(days=90)
    rhythms.state(by=cast.xenia, operation=operation, subject="meeting", every=1, unit="months", since=since)
    rhythms.state(by=cast.tara, agreement=cast.art7.agreement, subject="review", every=1, unit="months", since=since)


def write_reports(cast: Cast, operation: Record, now: Any) -> None:
    """Of a1: one released to b, one held, one red that names Yara. Of b: one held."""
    text: dict[str, Any] = {
        "summary": WORD, "body": WORD, "scheme": "nato", "source_grade": "B", "information_grade": "2",
        "occurred_at": now - timedelta(days=1), "position": (47.65, 9.1),
    }  # fmt: skip
    given = reports.write(by=cast.ada, title=f"Given {WORD}", marking=PLAIN, operation=operation, **text)
    releases.release(
        record=given.record, to=To(AudienceKind.AGENCY, agency=cast.b), clause=cast.art7,
        purpose=Purpose.COORDINATION, by=cast.ada,
    )  # fmt: skip
    reports.write(by=cast.lars, title=f"Kept {WORD}", marking=Marking(["operational"], 2, Tlp.AMBER), **text)
    red = reports.write(by=cast.ada, title=f"Red report {WORD}", marking=Marking(["operational"], 1, Tlp.RED), **text)
    releases.release(
        record=red.record, to=To(AudienceKind.OFFICER, appointment=cast.yara), clause=cast.art7,
        purpose=Purpose.COORDINATION, by=cast.ada,
    )  # fmt: skip
    reports.write(by=cast.yann, title=f"Theirs {WORD}", marking=PLAIN, operation=operation, **text)


def tell_incidents(cast: Cast, operation: Record) -> None:
    """Of a1: one given to b, which answers it; one withdrawn, one a draft that names a person; an event; a serious one
    that goes to the auditor. Of b: one of its own."""
    told: dict[str, Any] = {
        "type": "maritime_safety:Fire", "impact": 3, "confidence": 4, "account": WORD, "reaction": WORD,
        "position": (47.65, 9.1), "marking": PLAIN,
    }  # fmt: skip
    chain.set_link(operation=operation, step="centre", agency=cast.b, role=cast.yann.role, by=cast.xenia)
    given = incidents.write(by=cast.lars, title=f"Incident {WORD}", operation=operation, **told)
    incidents.involve(report=given, by=cast.lars, thing="vessel", name=WORD, number="9074729", amount="1")
    given = incidents.submit(report=given, by=cast.lars)
    releases.release(
        record=given.record, to=To(AudienceKind.AGENCY, agency=cast.b), clause=cast.art7,
        purpose=Purpose.COORDINATION, by=cast.lars,
    )  # fmt: skip
    chain.validate(report=given, by=cast.yann, words=f"Seen {WORD}")
    levels.propose(row=given, by=cast.yann, impact=2, confidence=4, reason=f"Less of {WORD}")
    wrong = incidents.write(by=cast.lars, title=f"Wrong incident {WORD}", **told)
    incidents.withdraw(report=wrong, by=cast.lars, reason=WORD)
    draft = incidents.write(by=cast.anton, title=f"Draft incident {WORD}", operation=operation, **told)
    incidents.involve(report=draft, by=cast.anton, thing="person", subject="witness", name=WORD, number="QX1")
    incidents.submit(report=incidents.write(by=cast.yann, title=f"Their incident {WORD}", **told), by=cast.yann)
    terms = {name: told[name] for name in ("impact", "confidence", "marking")}
    event = events.open_event(
        by=cast.lars, title=f"Event {WORD}", summary=WORD, operation=operation, reports=(given,), **terms
    )
    levels.propose(row=event, by=cast.xenia, impact=4, confidence=4, reason=f"More of {WORD}")
    serious.name_recipient(operation=operation, appointment=cast.arno, by=cast.xenia)
    row = serious.tell(
        by=cast.anton, title=f"Serious {WORD}", kind="injury", account=f"Somebody was injured {WORD}",
        categories=["personal_data"], classification=1, concerns=[cast.lars], operation=operation, position=(47.65, 9.1),
    )  # fmt: skip
    serious.close(serious=serious.take(serious=row, by=cast.arno), by=cast.arno, finding=WORD)
    respond(cast, given)
    alert(cast)


def alert(cast: Cast) -> None:
    """Bulletins: of a1 to the desk of b, acknowledged there after a step of its duty chain; one that was cancelled; one
    that stays at home; and one of b alone."""
    for number, (by, agency) in enumerate(
        ((cast.lars, cast.b), (cast.lars, cast.b), (cast.lars, cast.a1), (cast.yann, cast.b))
    ):
        draft = bulletins.Draft(
            headline=f"Bulletin {number} {WORD}", instruction=WORD, marking=PLAIN, acknowledging="anyone", minutes=30,
            scopes=[Scope(TargetKind.DESK, agency)],
        )  # fmt: skip
        row = bulletins.send(draft=draft, by=by)
        if number == 0:
            escalating.escalate({"receipt": str(row.receipts.get().pk), "number": 1})
            bulletins.acknowledge(bulletin=row, by=cast.yann)
        elif number == 1:
            bulletins.cancel(bulletin=row, by=cast.lars, words=WORD)


def respond(cast: Cast, given: Any) -> None:
    """a1 responds: by a procedure of its own; b declined one task and took another, and was asked to come by an article
    that carries no data. Of b: the incident that it opened for the task, and a procedure."""
    record = Record.objects.get(title=f"Patrol {WORD}")
    links.link(report=given, record=record, by=cast.lars)
    make_treaty(
        short_name="X–Y Assistance", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 12", kind=ClauseKind.MUTUAL_ASSISTANCE, purposes=[],
    )  # fmt: skip
    for who in (cast.xenia, cast.yara):
        desks.man(by=who, name=f"Desk of {who.agency.short}", position=(47.65, 9.1), reach_km=20)
        procedures.make(
            by=who, name=f"Procedure {WORD} of {who.agency.short}", steps=[Line(f"Step {WORD}", 30)], marking=PLAIN
        )
    started = responses.start(report=given, by=cast.lars)
    responses.follow(response=started, procedure=Procedure.objects.get(record__owner=cast.a1), by=cast.lars)
    responses.end(task=started.tasks.get(), by=cast.lars, done=True, result=WORD)
    for number in range(2):
        task = responses.give(response=started, by=cast.lars, what=f"Task {number} {WORD}", assignee=cast.lars)
        offered = handovers.offer(task=task, agency=cast.b, by=cast.lars, message=WORD)
        if number:
            own = handovers.take(handover=offered, by=cast.yann)
            # Else it is named as the task is, which whoever sees the response reads.
            Record.objects.filter(pk=own.pk).update(title=f"Taken over {WORD}")
        else:
            handovers.decline(handover=offered, by=cast.yann, answer=WORD)
    terms: dict[str, Any] = {
        "report": given, "by": cast.lars, "position": (47.65, 9.1), "place": WORD,
        "call_back": "+41 58 000 00 00", "marking": PLAIN, "agencies": [cast.b],
    }  # fmt: skip
    for number, situation in enumerate(("fire", "accident")):
        call = assistance.call(needed=f"Boat {number} {WORD}", situation=situation, **terms)
        if number:
            assistance.decline(asked=call.asked.get(), by=cast.yann, reason=WORD)
            assistance.end(call=call, by=cast.lars, ending="own_means", words=WORD)
        else:
            due = timezone.now() + timedelta(minutes=20)
            assistance.accept(asked=call.asked.get(), by=cast.yann, means=WORD, expected_at=due)


def suspend(cast: Cast) -> None:
    today = timezone.now().date()
    TreatyAction.objects.create(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=today,
        recorded_by=cast.yusuf, recorded_for_id="YY",
    )  # fmt: skip
