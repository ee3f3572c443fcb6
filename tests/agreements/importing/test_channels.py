"""What is imported opens no channel until both sides have confirmed it, the importing one included (R22)."""

import io

import pytest
from django.utils import timezone

from agreements.importing import actions
from agreements.importing.exporting import document
from agreements.register import actions as register
from agreements.register.models import Agreement, Clause, Confirmation
from agreements.sharing.presenting import flows_of
from tests.agreements.importing.conftest import HEADERS, Desk
from tests.conftest import make_treaty


def exported(desk: Desk, agreement: Agreement) -> bytes:
    return "".join(document.written([agreement.pk], desk.by)).encode()


def opens(agreement: Agreement) -> bool:
    """Whether the policy lets anything flow under the agreement now."""
    return bool(flows_of(agreement, timezone.now()))


@pytest.fixture
def shared(desk: Desk) -> bytes:
    """An agreement of X and Z with everything that opens a channel, as a file; it is gone from the register."""
    cast = desk.cast
    clause = make_treaty(
        short_name="X–Z Treaty", countries=["XX", "ZZ"], designated=[cast.a1, cast.c], recorded_by=cast.tara,
        confirmed_by=[cast.zeno],
    )  # fmt: skip
    content = exported(desk, clause.agreement)
    Confirmation.objects.filter(clause__agreement=clause.agreement).delete()
    for rows in ("designations", "actions", "clauses"):
        facts = getattr(clause.agreement, rows)
        for fact in facts.all():
            fact.confirmations.all().delete()
        facts.all().delete()
    clause.agreement.delete()
    return content


def test_nothing_opens_before_both_have_confirmed(desk: Desk, shared: bytes) -> None:
    cast = desk.cast
    job = actions.upload(file=io.BytesIO(shared), name="register.json", by=desk.by)
    # Title and day are those of the treaty of X and Y, but for one letter: a person says that it is another.
    actions.decide_row(row=job.rows.get(), decision="new", by=desk.by)
    desk.run(job)
    made = Agreement.objects.get(short_name="X–Z Treaty")
    assert not made.is_draft
    clause = Clause.objects.get(agreement=made)
    assert clause.opens_channel
    assert not opens(made)
    register.confirm(agreement=made, by=cast.zeno)
    assert not opens(made), "the other side alone opens nothing: the importing state has not confirmed"
    assert len(register.outstanding(made, "XX")) == 6
    Confirmation.objects.all().filter(clause=clause).delete()
    register.confirm(agreement=made, by=cast.tara)
    assert not opens(made), "the importing side alone opens nothing either"
    register.confirm(agreement=made, by=cast.zeno)
    assert opens(made)


def test_a_list_makes_facts_that_nobody_stands_behind(desk: Desk) -> None:
    job = desk.named([HEADERS, ("A Treaty", "", "X-land; Y-land", "2001-01-01", "2002-01-01", "", "")])
    desk.run(job, draft=False)
    made = Agreement.objects.get(title="A Treaty")
    assert {fact.recorded_for_id for fact in made.actions.all()} == {None}
    assert {str(fact) for fact in register.outstanding(made, "XX")} == {"Entry into force"}
    assert {str(fact) for fact in register.outstanding(made, "YY")} == {"Entry into force"}
