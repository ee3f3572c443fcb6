"""The second lock itself: what a transaction is told, when it is forgotten, and who cannot do away with it."""

import threading
import uuid

import psycopg2
import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agreements.sharing.actions import records, releases
from agreements.sharing.actions.audiences import audience_for
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import AudienceKind
from agreements.sharing.locking import key_of
from agreements.sharing.models import Record, Release
from agreements.sharing.permission import view_record
from agreements.sharing.policy import access
from portal import second_lock
from portal.second_lock import Key
from tests.conftest import make_agency, make_appointment

COUNT = "SELECT count(*) FROM sharing_record"


def one(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def told():
    """What the transaction knows now. Names no locked table, so nothing is told for it."""
    return one("SELECT current_setting('entente.audiences', true)") or ""


def key(who):
    now = access(who, timezone.now())
    return lambda: key_of(now)


@pytest.mark.django_db
def test_it_is_in_force_here():
    """If this fails, run portal/embedded/roles.sql, and let the owner become both other roles."""
    assert second_lock.in_force(connection)


def test_no_block_a_closed_one_and_an_empty_key(desk):
    desk.note()
    assert one(COUNT) == 1, "the owner of the tables, who writes the tests, passes"
    with second_lock.closed():
        assert one(COUNT) == 0
        assert one("SELECT current_user::text") == second_lock.WEB_ROLE
    with second_lock.fed(Key):
        assert one(COUNT) == 0
    with second_lock.opened("a test"):
        assert one(COUNT) == 1
        assert one("SELECT current_user::text") == second_lock.UNLOCKED_ROLE
    assert one(COUNT) == 1
    with pytest.raises(ValueError):
        second_lock.opened("")


def test_blocks_inside_blocks(desk):
    record = desk.note()
    with second_lock.closed():
        with second_lock.fed(key(desk.cast.xenia)):
            assert one(COUNT) == 1
            with second_lock.fed(key(desk.cast.yann)):
                assert one(COUNT) == 0
                with second_lock.opened("a test"):
                    assert one(COUNT) == 1
                assert one(COUNT) == 0
            assert one(COUNT) == 1
        assert one(COUNT) == 0
    assert Record.objects.get() == record


def test_an_error_inside_a_block_ends_it(desk):
    desk.note()
    with second_lock.closed():
        with pytest.raises(RuntimeError), second_lock.opened("a test"):
            raise RuntimeError
        assert one(COUNT) == 0


def test_a_savepoint_that_is_rolled_back_takes_nothing_with_it(desk):
    desk.note()
    with second_lock.fed(key(desk.cast.xenia)):
        with pytest.raises(DatabaseError), transaction.atomic():
            assert one(COUNT) == 1
            one("SELECT 1/0")
        assert one(COUNT) == 1, "the key is told again"
    with second_lock.closed():
        with pytest.raises(RuntimeError), transaction.atomic(), second_lock.opened("a test"):
            assert one(COUNT) == 1
            raise RuntimeError
        assert one(COUNT) == 0


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_was_told_ends_with_it(desk):
    desk.note()
    with second_lock.fed(key(desk.cast.xenia)):
        with transaction.atomic():
            assert one(COUNT) == 1
            assert told() != ""
        assert told() == ""
        assert one(COUNT) == 1, "outside a transaction each statement gets its own"
        assert told() == ""
        with transaction.atomic():
            assert told() == ""
            assert one(COUNT) == 1
    with second_lock.closed(), transaction.atomic():
        assert one(COUNT) == 0


@pytest.mark.django_db(transaction=True)
def test_a_server_side_cursor_outside_a_transaction_is_fed_too(desk):
    for number in range(3):
        desk.note(title=str(number))
    with second_lock.fed(key(desk.cast.xenia)):
        assert len(list(Record.objects.iterator(chunk_size=1))) == 3
    with second_lock.fed(key(desk.cast.yann)):
        assert list(Record.objects.iterator(chunk_size=1)) == []


def test_telling_counts_as_no_query_and_happens_once(desk):
    desk.note()
    asked = []
    ask = key(desk.cast.xenia)
    with (
        second_lock.fed(lambda: asked.append(1) or ask()),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        one("SELECT count(*) FROM auth_group")
        assert asked == []
        assert one(COUNT) == one(COUNT) == 1
    assert len(queries) == 3
    assert asked == [1]


def test_a_key_that_cannot_be_made_opens_nothing(desk):
    desk.note()

    def fails():
        raise LookupError

    with second_lock.fed(fails):
        for _ in range(2):
            with pytest.raises(LookupError):
                one(COUNT)


def test_a_key_that_reads_locked_rows_while_it_is_made_reads_none(desk):
    desk.note()
    found = []
    with second_lock.fed(lambda: found.append(one(COUNT)) or Key()):
        one(COUNT)
    assert found == [0]


def test_broken_and_empty_settings_open_nothing(desk):
    desk.note()
    with second_lock.closed():
        one(COUNT)
        for value in ("", "{}"):
            one("SELECT set_config('entente.audiences', %s, true)", [value])
            assert one("SELECT count(*) FROM public.sharing_record") == 0
    for value in ("x", "{[1,", "{(,)", "1"):
        with pytest.raises(DatabaseError), transaction.atomic():
            one("SET LOCAL ROLE entente_web; SELECT set_config('entente.audiences', %s, true)", [value])
            one("SELECT count(*) FROM pg_stat_activity, LATERAL (SELECT 1) AS x; TABLE sharing" + "_record")


def test_another_thread_is_not_let_in(desk):
    """A block holds for its own thread: a second request of the same process starts with none."""
    found = []
    with second_lock.opened("a test"):
        thread = threading.Thread(target=lambda: found.append(second_lock._hold.get()))
        thread.start()
        thread.join()
    assert found == [None]


def test_the_first_record_of_an_agency_is_seen_by_the_request_that_makes_it(desk, cast):
    """Its audience is made with it, after the key was."""
    fresh = make_appointment("fred", make_agency("XX", "New Guard of X", "N1"), cast.xenia.role)
    with second_lock.fed(key(fresh)), transaction.atomic():
        record = records.create(by=fresh, kind="note", title="x", marking=Marking(["operational"], 1))
        assert Record.objects.get() == record


def test_a_group_that_another_made_is_not_admitted(desk, cast):
    record = desk.note()
    audience = record.releases.get().audience
    with second_lock.fed(key(cast.yann)):
        assert one(COUNT) == 0
        assert audience_for(AudienceKind.OWN_AGENCY, agency=cast.a1) == audience
        assert one(COUNT) == 0
    assert Group.objects.count() >= 1


def test_a_new_marking_reaches_releases_that_the_writer_does_not_see(desk, cast):
    """What the database copies it copies to all rows: else a receiver would be judged by the old marking."""
    record = desk.note()
    onward = desk.release(record)
    Release.objects.filter(pk=onward.pk).update(provider=cast.c)
    with second_lock.fed(key(cast.xenia)), transaction.atomic():
        assert Release.objects.filter(pk=onward.pk).exists(), "an owner knows who was given its record, by whomever"
        records.mark(record=record, marking=Marking(["operational"], 2), by=cast.xenia)
    assert {row.classification for row in record.releases.all()} == {2}


def test_a_revoked_release_is_its_givers_and_the_owners_alone(desk, cast):
    release = desk.release(desk.note())
    with second_lock.fed(key(cast.yann)):
        assert Release.objects.filter(pk=release.pk).exists()
    releases.revoke(release=release, by=cast.xenia)
    with second_lock.fed(key(cast.yann)):
        assert not Release.objects.exists()
    with second_lock.fed(key(cast.xenia)):
        assert Release.objects.filter(pk=release.pk).exists()


@pytest.fixture
def web(cast):
    """A connection of its own, logged in as web and worker are."""
    made = psycopg2.connect(**(connection.get_connection_params() | {"user": second_lock.WEB_ROLE}))
    made.autocommit = True
    yield made
    made.close()


@pytest.mark.django_db(transaction=True)
def test_the_login_of_web_and_worker_sees_nothing_by_itself_and_cannot_change_that(desk, web):
    record = desk.note()
    cursor = web.cursor()
    cursor.execute(COUNT)
    assert cursor.fetchone() == (0,)
    cursor.execute("SELECT rolsuper, rolbypassrls, rolinherit FROM pg_roles WHERE rolname = current_user")
    assert cursor.fetchone() == (False, False, False)
    for statement in (
        "ALTER TABLE sharing_record DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE sharing_record NO FORCE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON sharing_record USING (true)",
        "ALTER POLICY seen ON sharing_record USING (true)",
        "DROP POLICY seen ON sharing_record",
        "TRUNCATE sharing_record",
        "ALTER ROLE entente_web BYPASSRLS",
        "SET ROLE entente_owner",
        "CREATE OR REPLACE FUNCTION sharing_owner_of(key uuid) RETURNS uuid LANGUAGE sql AS 'SELECT key'",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
    cursor.execute("SET row_security = off")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(COUNT)
    cursor.execute("RESET row_security")
    group = record.releases.get().group_id
    web.autocommit = False
    cursor.execute("SELECT set_config('entente.audiences', %s, true)", [f"{{[{group},{group}]}}"])
    cursor.execute(COUNT)
    assert cursor.fetchone() == (1,)
    web.commit()
    cursor.execute(COUNT)
    assert cursor.fetchone() == (0,), "the next transaction on the same connection knows nothing of it"
    web.rollback()


@pytest.mark.django_db
def test_nobody_logs_in_as_the_unlocked_role_and_it_does_no_more_than_web():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s",
            [second_lock.UNLOCKED_ROLE],
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.table_privileges WHERE grantee = %(one)s"
            " AND table_schema = 'public' EXCEPT SELECT table_name, privilege_type"
            " FROM information_schema.table_privileges WHERE grantee = %(two)s AND table_schema = 'public'",
            {"one": second_lock.UNLOCKED_ROLE, "two": second_lock.WEB_ROLE},
        )
        assert cursor.fetchall() == []


@given(st.frozensets(st.integers(1, 60), max_size=30))
def test_the_audiences_are_written_as_ranges(groups):
    written = Key(groups, uuid.uuid4()).audiences
    ranges = [part.split(",") for part in written.strip("{}").replace("],[", ";").strip("[]").split(";") if part]
    found = [number for first, last in ranges for number in range(int(first), int(last) + 1)]
    assert found == sorted(groups)
    assert all(int(ranges[i][1]) + 1 < int(ranges[i + 1][0]) for i in range(len(ranges) - 1))
    assert view_record.__name__ == "view_record"
