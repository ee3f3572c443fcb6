"""The second lock in the world of everything: with the filter left out, nobody gets a row that no live audience covers."""

import ast
import contextlib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from agreements.sharing.locking import key_of
from agreements.sharing.middleware import AccessMiddleware
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import ONWARD, access, decide, readers, ways_onward
from operations.patrols.models import Patrol
from portal import second_lock
from portal.outbox import handlers, messages
from portal.outbox.models import Message

# Tables that point to records and are not locked, and why.
OPEN = {
    "sharing_circle": "the policy itself asks it; what it belongs to is read through the lock",
    "alerts_alert": "is its recipient's; its line is made of the record when it is read, through the lock",
    "delivery_rule": "is its officer's; the name of its operation is read through the lock",
    "alerts_recall": "is its recipient's, who need not see the record any more (R16); neither title nor content",
}
# Tables that hang from another record than the one that is plainly named `record`, by the field that leads there.
HANGING = {
    # Its incident's: the owner of that writes it, of records that are often a partner's. Doors ask for both.
    "incidents_link": "report",
    # Of an operation; of an agreement it hangs from no record, and is locked no more than that.
    "minutes_rhythm": "operation",
}
# Who may open the lock, and what for.
OPENERS = {
    "agreements/alerts/concerned.py": "the policy is asked for each officer",
    "agreements/alerts/raising.py": "whether the subject of an alert to many still exists",
    "agreements/alerts/handling/recalls.py": "those who opened a record that they may not see any more",
    "agreements/alerts/handling/sharing.py": "fan-out: the policy is asked for each officer",
    "agreements/approvals/alerting.py": "fan-out",
    "agreements/approvals/models.py": "the release that one leans on, given to who asked",
    "agreements/approvals/partners.py": "numbers of what waits for an agency that is suspended or closed",
    "agreements/bulletins/alerting.py": "fan-out",
    "agreements/bulletins/escalating.py": "fan-out: the duty chain of an agency, officer by officer",
    "agreements/compelled/alerting.py": "fan-out",
    "agreements/corrections/alerting.py": "fan-out",
    "agreements/corrections/partners.py": "numbers of what waits for an agency that is suspended or closed",
    "agreements/delivery/routing.py": "titles and places, for the rules of officers who see them: the policy is asked",
    "agreements/hits/alerting.py": "fan-out",
    "agreements/hits/searching.py": "what others indexed, by digest alone",
    "agreements/importing/undoing.py": "whether anything was built on what goes, by keys alone",
    "agreements/onward/alerting.py": "fan-out",
    "agreements/onward/partners.py": "numbers of what waits for an agency that is suspended or closed",
    "agreements/oversight/presenting.py": "keys of own records, also of confined ones",
    "agreements/oversight/reading.py": "whether a record is the agency's own",
    "agreements/requests/actions.py": "whether colleagues decide on another record yet",
    "agreements/requests/handling.py": "which records a request is for: neither its asker's nor the worker's to see",
    "agreements/requests/partners.py": "numbers of what waits for an agency that is suspended or closed",
    "agreements/requests/references.py": "which records a reference is of, by key alone",
    "agreements/oversight/support.py": "keys, kinds and counts, to whoever runs the installation; never content",
    "agreements/sharing/duties.py": "what officers leave open is counted; whoever reads or takes it is asked for by the policy",
    "agreements/approvals/duties.py": "a release that is handed over is taken back for who asked",
    "agreements/alerts/duties.py": "whether the successor may know of an alert's subject",
    "operations/incidents/actions/chain.py": "a partner's answer moves the report that it answers",
    "operations/incidents/alerting.py": "fan-out",
    "operations/types/filling.py": "a published version by its key: what the form looked like that was given out",
    "operations/incidents/duties.py": "another officer of the agency keeps the event",
    "operations/response/alerting.py": "fan-out, and whether a colleague sees the incident",
    "operations/response/duties.py": "another officer of the agency leads the response or does the task",
    "operations/patrols/duties.py": "another officer of the agency leads the team",
    "agreements/sharing/actions/circles.py": "whoever leaves takes back what the owner gave",
    "agreements/sharing/actions/recalls.py": "whom a recall concerns: the policy is asked for each officer",
    "agreements/sharing/benchmark/measure.py": "the floor, and guardian's own lists",
    "agreements/sharing/feed.py": "keys, times and numbers, by statements that carry the lanes",
    "agreements/sharing/handing.py": "how much an agency hands over, in numbers",
    "agreements/sharing/latest.py": "keys of the latest releases, by both conditions of the door",
    "agreements/sharing/management/commands/bench.py": "whether the database is empty",
    "agreements/sharing/partners.py": "how much an agency and its partners lose, in numbers",
    "agreements/sharing/policy/access.py": "what was passed on to the audiences that are being worked out",
    "agreements/sharing/policy/onward.py": "the releases that one leans on, up to the originator",
    "agreements/sharing/whatif.py": "counts of a what-if, for both parties",
    "operations/meetings/whatif.py": "which meetings lose their basis, for the party that asks",
    "operations/patrols/whatif.py": "which patrols lose their basis, for the party that asks",
    "operations/planning/whatif.py": "which operations lose their basis, for the party that asks",
    "operations/meetings/alerting.py": "fan-out: those who attend",
    "operations/meetings/invitations.py": "whose calendar is behind: the policy is asked for each officer",
    "operations/meetings/mailbox.py": "whose invitation an address stands for",
    "operations/meetings/reminders.py": "reminders of rows of meetings of all agencies",
    "operations/joint/actions/lapsing.py": "signatures of all sides lapse together",
    "operations/joint/actions/sealing.py": "each signatory receives a copy of its own",
    "operations/joint/actions/signing.py": "a partner's signature moves the report that it signs",
    "operations/joint/alerting.py": "fan-out",
    "operations/minutes/actions/agreeing.py": "a partner's agreement moves the minutes",
    "operations/minutes/actions/doing.py": "a partner's report moves the minutes that it is about",
    "operations/minutes/actions/lapsing.py": "what all agencies said lapses together",
    "operations/minutes/actions/sealing.py": "each agency that agreed receives a copy of its own",
    "operations/minutes/alerting.py": "fan-out",
    "operations/minutes/carrying.py": "an overdue action item opens the next agenda, whoever called that meeting",
    "operations/minutes/duties.py": "another officer of the agency sees to the action item",
    "operations/minutes/rhythms.py": "a broken rhythm is told to those who see that it is",
    "operations/minutes/rights.py": "minutes are held while a partner agrees",
    "operations/joint/management/commands/joint.py": "whether sealed copies are whole, by digests alone",
    "operations/safety/alerting.py": "whether the patrol of a missed check-in is over, and whom an alarm is told to",
    "operations/safety/falling.py": "the watch over patrols of all agencies, and whom it is told to",
    "operations/patrols/alerting.py": "fan-out, and the watch over patrols of all agencies",
    "portal/keys.py": "whether a key is taken",
    "portal/ui/management/commands/demo.py": "demo data, made as many officers",
}


def covered(now):
    """What the second lock is to let through, worked out apart from it."""
    groups = {item.group for item in now.audiences}
    return set(Release.objects.standing().filter(group__in=groups).values_list("content_object", flat=True))


def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def test_without_a_filter_everybody_gets_what_the_live_audiences_cover_and_no_more(cast, world):
    everything = set(Record.objects.values_list("pk", flat=True))
    for who in cast.everybody:
        now = access(who, timezone.now())
        expected = covered(now)
        visible = set(Record.objects.visible_to(now).values_list("pk", flat=True))
        own = Release.objects.filter(Q(provider=who.agency) | Q(content_object__owner=who.agency))
        meant = Release.objects.standing().filter(group__in={item.group for item in now.audiences})
        given = {*own.values_list("pk", flat=True), *meant.values_list("pk", flat=True)}
        with second_lock.fed(lambda now=now: key_of(now)):
            assert set(Record.objects.values_list("pk", flat=True)) == expected
            assert set(raw("SELECT id FROM sharing_record")) == expected
            assert set(raw("TABLE sharing_record")) == expected
            assert Record.objects.count() == len(expected)
            assert set(Release.objects.values_list("pk", flat=True)) == given
        assert visible <= expected < everything, f"{who.officer} sees more than the lock lets through, or all"
    assert covered(access(cast.aldo, timezone.now())) == set(), "no agreement names the customs of X"


def test_a_confined_record_is_locked_away_from_the_own_agency(cast, world):
    confined = Record.objects.filter(compartment__isnull=False).first()
    assert confined is not None
    outside = next(
        who
        for who in cast.everybody
        if who.agency == confined.owner
        and not Record.objects.visible_to(access(who, timezone.now())).filter(pk=confined.pk)
    )
    with second_lock.fed(lambda: key_of(access(outside, timezone.now()))):
        assert not Record.objects.filter(pk=confined.pk).exists()


def details():
    """Locked tables other than records and releases, with the column that leads to their record."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in second_lock.guarded() and model not in (Record, Release):
            found += [(model, path) for path in [_path(model)]]
    return found


def _path(model, seen=()):
    """The fields that lead from a row to its record: its own key first."""
    first = HANGING.get(model._meta.db_table, "record")
    links = [field for field in model._meta.concrete_fields if field.is_relation]
    links = [field for field in links if not field.null or field.name == HANGING.get(model._meta.db_table)]
    for field in sorted(links, key=lambda field: (not field.primary_key, field.name != first)):
        if field.related_model is Record:
            return field.attname if not seen else f"{field.name}"
        if field.related_model._meta.db_table in second_lock.guarded() and field.related_model is not model:
            return f"{field.name}__{_path(field.related_model, (*seen, model))}"
    raise AssertionError(f"{model} is locked and hangs from no record")


def test_details_are_there_where_their_record_is(cast, world):
    checked = {model: False for model, _ in details()}
    for who in cast.everybody:
        now = access(who, timezone.now())
        expected = covered(now)
        for model, path in details():
            rows = dict(model._base_manager.values_list("pk", path))
            with second_lock.fed(lambda now=now: key_of(now)):
                found = set(model._base_manager.values_list("pk", flat=True))
                assert len(raw(f"SELECT 1 FROM {model._meta.db_table}")) == len(found)
            there = {pk for pk, record in rows.items() if record is None or record in expected}
            assert found == there, f"{model} as {who.officer}"
            checked[model] = checked[model] or len(found) < len(rows)
    full = {model for model in checked if model._base_manager.exists()}
    assert all(checked[model] for model in full), "of every table somebody is kept from something"
    assert len(full) >= 9


def test_a_superuser_without_an_appointment_and_nobody_get_nothing(cast, world):
    for who in (None, cast.rita):
        request = RequestFactory().get("/")
        request.user, request.now, request.appointment = who, timezone.now(), None
        assert _forgetful(request) == {"records": 0, "releases": 0, "details": 0}


def _forgetful(request):
    """What a view that forgot every filter would show, through the middleware that every request goes through."""
    found = {}

    def view(_):
        found["records"] = len(Record.objects.all())
        found["releases"] = len(Release.objects.all())
        found["details"] = sum(len(model._base_manager.exclude(**{path: None})) for model, path in details())
        return HttpResponse()

    AccessMiddleware(view)(request)
    return found


def test_a_view_that_forgot_the_filter_shows_its_reader_no_more_than_the_audiences(cast, world):
    for who in (cast.yann, cast.zoe, cast.aldo):
        request = RequestFactory().get("/")
        request.user, request.now, request.appointment = who.officer, timezone.now(), who
        assert _forgetful(request)["records"] == len(covered(access(who, request.now)))


def test_a_handler_of_the_worker_gets_nothing_unless_it_opens_the_lock(world):
    found = []
    handlers.register("test.forgetful", lambda payload: found.append(Record.objects.count()))
    handlers.register("test.deliberate", lambda payload: found.append(_deliberate()))
    try:
        for kind in ("test.forgetful", "test.deliberate"):
            messages.emit(kind=kind, key=kind, payload={})
            assert messages.dispatch(Message.objects.get(key=kind).pk)
    finally:
        handlers.unregister("test.forgetful")
        handlers.unregister("test.deliberate")
    assert found == [0, Record.objects.count()]


@second_lock.opened("a test")
def _deliberate():
    return Record.objects.count()


def test_foreign_rows_are_not_written(cast, world):
    now = access(cast.yann, timezone.now())
    foreign = Record.objects.visible_to(now).filter(owner=cast.a1, kind="patrol").first()
    hidden = Record.objects.exclude(pk__in=covered(now)).first()
    release = Release.objects.filter(content_object=foreign, provider=cast.a1).first()
    changes = [
        lambda: Record.objects.filter(pk=foreign.pk).update(title="x"),
        lambda: Record.objects.filter(pk=foreign.pk).update(owner=cast.b),
        lambda: Record.objects.update(title="x"),
        lambda: Patrol.objects.filter(pk=foreign.pk).update(objective="x"),
        lambda: Release.objects.filter(content_object=foreign, provider=cast.a1).update(provider=cast.b),
    ]
    with second_lock.fed(lambda: key_of(now)):
        for change in changes:
            # Rows that are not there are left alone; those that are, and are not one's own, are refused.
            with contextlib.suppress(DatabaseError), transaction.atomic():
                change()
    after = Record.objects.get(pk=foreign.pk)
    assert (after.title, after.owner, after.patrol.objective) == (foreign.title, cast.a1, foreign.patrol.objective)
    assert Release.objects.get(pk=release.pk).provider == cast.a1
    additions = [
        lambda: Record.objects.create(kind="patrol", title="x", owner=cast.a1, author=cast.yann),
        lambda: Record.objects.filter(owner=cast.b).update(owner=cast.a1),
        lambda: Release.objects.create(
            content_object=foreign, group=release.group, permission=release.permission, audience=release.audience,
            provider=cast.a1, released_by=cast.yann,
        ),
    ]  # fmt: skip
    for addition in additions:
        with (
            second_lock.fed(lambda: key_of(now)),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            addition()
    with second_lock.fed(lambda: key_of(now)):
        assert Record.objects.filter(pk=hidden.pk).update(title="x") == 0
        # Django's own delete would collect what hangs from it first.
        for key in (hidden.pk, foreign.pk):
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM sharing_record WHERE id = %s", [key])
                assert cursor.rowcount == 0
                cursor.execute("DELETE FROM sharing_release WHERE content_object_id = %s", [key])
                assert cursor.rowcount == 0
    assert Record.objects.get(pk=foreign.pk).owner == cast.a1


def test_every_table_that_hangs_from_a_record_is_locked_or_says_why_not():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        locked = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert cursor.fetchall() == []
    assert locked == second_lock.guarded()
    missing = set()
    for model in apps.get_models(include_auto_created=True):
        ends = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        hangs = Record in ends or {end._meta.db_table for end in ends if end} & locked
        if hangs and model._meta.managed and model._meta.db_table not in locked | OPEN.keys():
            missing.add(model._meta.label)
    assert missing == set(), "lock them (agreements.sharing.locking.hang) or say here why not"


test_every_table_that_hangs_from_a_record_is_locked_or_says_why_not = pytest.mark.django_db(
    test_every_table_that_hangs_from_a_record_is_locked_or_says_why_not
)


def test_only_listed_modules_open_the_lock():
    root = Path(settings.BASE_DIR)
    found = set()
    for wing in ("portal", "agencies", "agreements", "operations", "intel"):
        for path in (root / wing).rglob("*.py"):
            tree = ast.parse(path.read_text())
            for node in ast.walk(tree):
                opens = isinstance(node, ast.Attribute) and node.attr == "opened" and _is_lock(node.value)
                takes = isinstance(node, ast.ImportFrom) and node.module == "portal.second_lock"
                takes = takes and any(name.name in ("opened", "_Hold", "_held") for name in node.names)
                if opens or takes:
                    found.add(str(path.relative_to(root)))
    assert found == OPENERS.keys()


def _is_lock(node):
    return isinstance(node, ast.Name) and node.id == "second_lock"


def test_no_module_changes_role_or_settings_by_itself():
    root = Path(settings.BASE_DIR)
    words = ("entente.audiences", "entente.agency", "SET LOCAL ROLE", "SET ROLE", "row_security")
    allowed = {"portal/second_lock.py", "agreements/sharing/locking.py"}
    # Rewrites the policies of installations that are older than successions.
    allowed.add("agreements/sharing/migrations/0010_second_lock_of_successors.py")
    found = {
        str(path.relative_to(root))
        for wing in ("portal", "agencies", "agreements", "operations", "intel")
        for path in (root / wing).rglob("*.py")
        if any(word in path.read_text() for word in words)
    }
    assert found == allowed


VERBS = ("view", "export", "change", "mark", "release", ONWARD)


def decisions(now, rows):
    """All that the policy says of these records to one officer, in words."""
    found = {}
    for record in rows:
        answers = [decide(now, record, verb) for verb in VERBS]
        found[record.pk, "decided"] = [(bool(answer), answer.reason, answer.missing) for answer in answers]
        found[record.pk, "ways"] = [(way.release.pk, way.rule, way.sentence) for way in ways_onward(now, record)]
        if now.owns(record.owner_id):
            given = record.releases.standing().with_audience()
            told = [(str(reader.agency), reader.sees, reader.sentence) for reader in readers(record, given, now.at)]
            found[record.pk, "readers"] = sorted(told)
    return found


def test_the_lock_changes_no_decision(cast, world):
    """A policy that is kept from what it decides by might become milder, not only stricter."""
    rows = list(Record.objects.select_related("owner__country"))
    passed_on = 0
    for who in cast.everybody:
        at = timezone.now()
        before = access(who, at)
        with second_lock.closed():
            now = access(who, at)
        assert set(now.audiences) == set(before.audiences), f"the live audiences of {who.officer}"
        expected = decisions(now, rows)
        newest = [row.pk for row in Record.objects.visible_to(now).newest(50)]
        with second_lock.fed(lambda now=now: key_of(now)):
            assert decisions(now, rows) == expected, f"as {who.officer}"
            assert [row.pk for row in Record.objects.visible_to(now).newest(50)] == newest
            assert set(Record.objects.visible_to(now).values_list("pk", flat=True)) >= set(newest)
            assert Record.objects.visible_to(now).capped_count() == Record.objects.visible_to(now).count()
        passed_on += sum(bool(way.release.via_id) for row in rows for way in ways_onward(now, row))
    assert passed_on > 0, "the world holds something that was passed on"
