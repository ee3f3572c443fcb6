"""Nobody alters the ledger by accident, and the role of web and worker not at all."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from portal.audit.models import Entry, Head, Seal
from portal.audit.protection import TABLES, WEB_ROLE, protect_from

ROLE = "entente_web_in_a_test"


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Entry, Seal, Head])
def test_the_owner_is_refused_by_the_guards(ledger, model):
    for change in (lambda: model.objects.update(**{_text_column(model): "x"}), lambda: model.objects.all().delete()):
        with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
            change()
    assert model.objects.exists()


def _text_column(model):
    return {Entry: "verb", Seal: "chain", Head: "chain"}[model]


@pytest.fixture
def web_role(ledger):
    """We act as the role that set-up makes for web and worker: all rows, less what the ledger takes away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
        role = WEB_ROLE if cursor.fetchone() == (1,) else ROLE
        if role == ROLE:
            _furnish(cursor)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield cursor
        cursor.execute("RESET ROLE")


def _furnish(cursor):
    """Where set-up made no web role (a database server of somebody else's), one with the same rights."""
    cursor.execute(f"CREATE ROLE {ROLE}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {ROLE}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}")
    cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")
    assert protect_from(ROLE)


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_web_role_may_not_change_a_row_even_with_the_guards_off(web_role, table):
    for sql in (
        f"UPDATE {table} SET {'verb' if table == 'audit_entry' else 'chain'} = 'x'",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table}",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            web_role.execute(sql)


@pytest.mark.django_db
def test_the_web_role_may_read_and_add(web_role):
    Entry.objects.create(verb="test")
    assert Entry.objects.count() == 7


@pytest.mark.django_db
def test_a_machine_without_the_role_is_left_alone():
    assert not protect_from("no_such_role")
    assert WEB_ROLE == "entente_web"
