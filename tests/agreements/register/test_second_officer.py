"""What widens needs a second officer of the recorder's own state (R22); what narrows does not."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.register import actions, facts
from agreements.register.choices import ActionKind, ClauseKind, Purpose
from agreements.register.models import Clause
from agreements.sharing.policy.channel import Channel, channel
from portal.ui.errors import Refused
from tests.conftest import Cast, make_appointment


@pytest.fixture
def tilda(cast: Cast) -> Appointment:
    """A treaty admin of X beside Tara."""
    return make_appointment("tilda", cast.a1, Role.TREATY_ADMIN)


def article(cast: Cast, by: Appointment, name: str = "Art. 8") -> Clause:
    return actions.add_clause(
        agreement=cast.art7.agreement,
        by=by,
        article=name,
        kind=ClauseKind.INFORMATION_SHARING,
        categories=["operational"],
        purposes=[Purpose.BORDER_OPERATION],
    )


def behind(clause: Clause) -> set[str]:
    treaty = facts.load([clause.agreement_id])[clause.agreement_id]
    found = treaty.clause(clause.pk)
    assert found is not None
    return set(found.confirmed)


def test_a_colleague_confirms_what_an_officer_recorded(cast: Cast, tilda: Appointment) -> None:
    row, agreement = article(cast, cast.tara), cast.art7.agreement
    assert behind(row) == set()
    with pytest.raises(Refused) as refused:
        actions.confirm(agreement=agreement, by=cast.tara, facts=[row])
    assert refused.value.code == "second_officer"
    assert actions.confirm(agreement=agreement, by=cast.tara) == 0
    assert actions.confirm(agreement=agreement, by=cast.yusuf) == 1
    assert behind(row) == {"YY"}
    assert not opened(cast, row)
    assert actions.confirm(agreement=agreement, by=tilda) == 1
    assert behind(row) == {"XX", "YY"}
    assert opened(cast, row)


def opened(cast: Cast, clause: Clause) -> bool:
    """Whether the article has a channel from X to Y."""
    treaties = facts.load([clause.agreement_id])
    treaty = treaties[clause.agreement_id]
    fact = treaty.clause(clause.pk)
    assert fact is not None
    return isinstance(channel(treaties, treaty, fact, cast.a1.pk, cast.b.pk, timezone.now()), Channel)


@pytest.mark.parametrize("what", ["designation", "accession", "lifting"])
def test_every_kind_that_widens(cast: Cast, tilda: Appointment, what: str) -> None:
    agreement, today = cast.art7.agreement, timezone.now().date()
    if what == "designation":
        row: Any = actions.designate(agreement=agreement, agency=cast.a2, starts_on=today, by=cast.tara)
    elif what == "accession":
        country = cast.a1.country
        row = actions.record_action(
            agreement=agreement, kind=ActionKind.ACCESSION, done_on=today, country=country, by=cast.tara
        )
    else:
        suspension = actions.record_action(
            agreement=agreement, kind=ActionKind.SUSPENSION, done_on=today, country=cast.a1.country, by=cast.tara
        )
        row = actions.lift(action=suspension, by=cast.tara)
    assert row.recorded_for_id is None
    assert row in actions.outstanding(agreement, "XX")
    assert actions.confirm(agreement=agreement, by=tilda, facts=[row]) == 1


def test_what_narrows_works_at_once(cast: Cast, tilda: Appointment) -> None:
    today = timezone.now().date()
    row = actions.record_action(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, done_on=today, country=cast.a1.country, by=cast.tara
    )
    assert row.recorded_for_id == "XX"


def test_a_single_treaty_admin_acts_alone(cast: Cast) -> None:
    assert behind(article(cast, cast.tara)) == {"XX"}


def test_a_colleague_who_has_left_is_nobody_to_ask(cast: Cast, tilda: Appointment) -> None:
    row = article(cast, cast.tara)
    Appointment.objects.filter(pk=tilda.pk).update(ended_at=timezone.now())
    assert actions.confirm(agreement=cast.art7.agreement, by=cast.tara, facts=[row]) == 1


def test_the_page_tells_who_has_to_confirm(cast: Cast, tilda: Appointment, as_: Any) -> None:
    row = article(cast, cast.tara)
    page = reverse("register:agreement-detail", args=[row.agreement_id])
    tara, colleague = (as_(who).get(page).content.decode() for who in (cast.tara, tilda))
    assert "Waiting for a colleague" in tara
    assert f'value="{row.pk}"' not in tara
    assert "Waiting for a colleague" not in colleague
    assert f'value="{row.pk}"' in colleague
    address = reverse("register:agreement-confirm", args=[row.agreement_id])
    as_(cast.tara).post(address, {"fact": [str(row.pk)]})
    assert behind(row) == set()


def test_a_correction_keeps_the_direction_unless_it_names_another(cast: Cast, as_: Any) -> None:
    agreement, x, y = cast.art7.agreement, cast.a1.country, cast.b.country
    wrong = actions.add_clause(
        agreement=agreement,
        by=cast.tara,
        article="Art. 8",
        kind=ClauseKind.INFORMATION_SHARING,
        categories=["dna"],
        purposes=[Purpose.LAW_ENFORCEMENT],
        direction="one_way",
        senders=[y],
        receivers=[x],
    )
    values = {"article": "Art. 8", "kind": ClauseKind.INFORMATION_SHARING, "retention_days": 30}
    right = actions.add_clause(agreement=agreement, by=cast.tara, rectifies=wrong, **values)
    assert (right.direction, list(right.senders.all()), list(right.receivers.all())) == ("one_way", [y], [x])
    page = as_(cast.tara).get(reverse("register:clause-create", args=[agreement.pk]), {"rectifies": str(right.pk)})
    form = page.context["form"]
    assert form.initial["direction"] == "one_way"
    assert list(form.initial["senders"]) == [y]
    assert "Correct an article" in page.content.decode()
