"""The life of an agreement on its page and over the API: conditions, notices, days, corrections, family, precedence."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Country
from agreements.register import actions
from agreements.register.choices import ActionKind, Category, ClauseKind, Purpose
from agreements.register.family import tree
from agreements.register.models import Agreement, Clause, ForceCondition, Relation, TreatyAction
from portal.ui.errors import Refused
from tests.agreements.register.conftest import fault
from tests.agreements.register.test_pages import page, send, text
from tests.conftest import Cast, make_treaty

pytestmark = pytest.mark.django_db
K = ActionKind


def today() -> Any:
    return timezone.now().date()


def of_three(cast: Cast, **condition: Any) -> Agreement:
    """X, Y and Z; two consents bring it into force, at once unless said otherwise. It shares and is designated for."""
    rows = Country.objects.filter(pk__in=["XX", "YY", "ZZ"])
    day = today() - timedelta(days=60)
    agreement = actions.register(
        by=cast.tara, title="Convention of three", short_name="Convention", kind="convention", parties=rows,
        concluded_on=day, condition={"consents": 3, **condition},
        clauses=[{
            "article": "Art. 1", "kind": ClauseKind.INFORMATION_SHARING, "categories": [Category.OPERATIONAL],
            "purposes": [Purpose.COORDINATION],
        }],
        designations=[{"agency": agency, "starts_on": day} for agency in (cast.a1, cast.b, cast.c)],
    )  # fmt: skip
    for admin in (cast.tara, cast.yusuf):
        ratify(agreement, admin)
    confirm_all(cast, agreement)
    return agreement


def ratify(agreement: Agreement, by: Any, days_ago: int = 0) -> TreatyAction:
    return actions.record_action(
        agreement=agreement, kind=K.RATIFICATION, country=by.agency.country, done_on=today() - timedelta(days=days_ago), by=by
    )  # fmt: skip


def confirm_all(cast: Cast, agreement: Agreement) -> None:
    for admin in (cast.tara, cast.yusuf, cast.zeno):
        actions.confirm(agreement=agreement, by=admin)


def test_the_third_ratification_brings_it_into_force_and_opens_it_by_itself(cast: Cast, as_: Any) -> None:
    agreement = of_three(cast)
    shown = text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    assert "2 of 3 consents" in shown
    assert "With the 3rd consent" in shown
    assert "not in force" in shown or "has not the consents" in shown
    ratify(agreement, cast.zeno)
    confirm_all(cast, agreement)
    shown = text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    assert "Met on" in shown
    assert "both stand behind it" in shown
    assert "In force" in text(page(as_(cast.zoe), "agreement-list"))


def test_it_waits_for_its_day_and_the_what_if_tells_it(cast: Cast, as_: Any) -> None:
    agreement = of_three(cast, delay=30)
    coming = today() + timedelta(days=30)
    answer = send(
        as_(cast.zeno), "action-create", agreement.pk, kind="ratification", country="ZZ", done_on=str(today()), foresee="1"
    )  # fmt: skip
    assert "Art. 1" in text(answer), "what opens on the computed day"
    ratify(agreement, cast.zeno)
    confirm_all(cast, agreement)
    shown = text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    assert "in 30 days" in shown
    assert "To be in force" in shown
    assert "In force" in text(page(as_(cast.yann), "agreement-detail", agreement.pk, on=str(coming)))
    assert "enters into force for" in shown


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"consents": 4}, "consents"),
        ({"consents": 1, "required": ["XX", "YY"]}, "consents"),
        ({"required": ["QQ"]}, "required"),
        ({"delay": 0, "delay_unit": "month_starts"}, "delay"),
        ({"later_delay": 0, "later_unit": "month_starts"}, "later_delay"),
    ],
)
def test_conditions_that_cannot_be(cast: Cast, values: dict[str, Any], field: str) -> None:
    Country.objects.create(code="QQ", alpha3="QQQ", name="Q-land")
    agreement = of_three(cast)
    named = Country.objects.filter(pk__in=values.pop("required", []))
    standing = agreement.force_conditions.get()
    with pytest.raises(Refused) as refused:
        actions.set_condition(agreement=agreement, by=cast.tara, rectifies=standing, required=named, **values)
    assert refused.value.field == field


def test_one_condition_which_is_corrected_and_not_edited(cast: Cast, as_: Any) -> None:
    agreement = of_three(cast)
    with pytest.raises(Refused, match="Rectify that one"):
        actions.set_condition(agreement=agreement, by=cast.tara, consents=2)
    data = {"consents": "2", "delay": "0", "delay_unit": "days"}
    assert send(as_(cast.tara), "condition-create", agreement.pk, **data).status_code == 302
    assert ForceCondition.objects.filter(agreement=agreement).count() == 2
    shown = text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    assert "With the 3rd consent" in shown, "before another party confirms it, the old one stands"
    confirm_all(cast, agreement)
    shown = text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    assert "With the 2nd consent" in shown
    assert "both stand behind it" in shown


def test_who_may_not(cast: Cast, as_: Any) -> None:
    agreement = of_three(cast)
    for name in ("condition-create", "relation-create"):
        assert page(as_(cast.yann), name, agreement.pk).status_code == 403
    two = make_treaty(short_name="Of two", countries=["XX", "YY"], designated=[], recorded_by=cast.tara).agreement
    for name in ("condition-create", "relation-create", "agreement-precedence", "agreement-detail"):
        assert page(as_(cast.zeno), name, two.pk).status_code == 404


# Days, notices and renewal.


def test_a_denunciation_runs_and_its_days_are_counted(cast: Cast, as_: Any) -> None:
    agreement = of_three(cast)
    ratify(agreement, cast.zeno)
    confirm_all(cast, agreement)
    Agreement.objects.filter(pk=agreement.pk).update(notice_months=6)
    agreement.refresh_from_db()
    row = actions.record_action(
        agreement=agreement, kind=K.DENUNCIATION, country=cast.a1.country, done_on=today(), by=cast.tara
    )
    assert row.effective_on is not None
    left = (row.effective_on - today()).days - 1
    shown = text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    assert f"{left} days left" in shown
    assert "Denounced" in shown
    assert "both stand behind it" in shown, "until the notice has run out"
    after = text(page(as_(cast.yann), "agreement-detail", agreement.pk, on=str(row.effective_on)))
    assert "days left" not in after
    assert "Ended" in after


def test_what_renews_itself_says_when_notice_is_due(cast: Cast, as_: Any) -> None:
    agreement = cast.art7.agreement
    ends = today() + timedelta(days=200)
    Agreement.objects.filter(pk=agreement.pk).update(expires_on=ends, renews_months=12, renewal_notice_months=3)
    shown = text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    assert "renews itself for 12 months" in shown
    assert "no end" in text(page(as_(cast.yann), "agreement-list"))
    agreement.refresh_from_db()
    actions.record_action(
        agreement=agreement, kind=K.NON_RENEWAL, country=cast.a1.country, done_on=today(), by=cast.tara
    )
    shown = text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    assert "200 days left" in shown
    assert "is the last: notice was given" in shown
    with pytest.raises(Refused, match="nothing to extend"):
        actions.record_action(
            agreement=agreement, kind=K.EXTENSION, done_on=today(), until=ends + timedelta(days=9), by=cast.tara
        )


def test_a_notice_against_renewal_is_for_two_alone(cast: Cast) -> None:
    agreement = of_three(cast)
    with pytest.raises(Refused, match="does not renew itself"):
        actions.record_action(
            agreement=agreement, kind=K.NON_RENEWAL, country=cast.a1.country, done_on=today(), by=cast.tara
        )
    Agreement.objects.filter(pk=agreement.pk).update(expires_on=today(), renews_months=12)
    with pytest.raises(Refused, match="more than two parties"):
        actions.record_action(
            agreement=agreement, kind=K.NON_RENEWAL, country=cast.a1.country, done_on=today(), by=cast.tara
        )


def test_any_day_and_the_changes_around_it(cast: Cast, as_: Any) -> None:
    client, pk = as_(cast.yann), cast.art7.agreement_id
    shown = text(page(client, "agreement-detail", pk, on="2024-04-15"))
    assert "To be in force" in shown
    assert 'href="?on=2024-05-01"' in shown, "the next change: entry into force"
    assert "by what is known now" in shown
    assert "Give a" in text(page(client, "agreement-detail", pk, on="yesterday")) or "valid date" in text(
        page(client, "agreement-detail", pk, on="yesterday")
    )
    assert "The same as a table" in shown


# Corrections.


def test_a_correction_waits_and_then_strikes_the_old_fact_through(cast: Cast, as_: Any) -> None:
    agreement = cast.art7.agreement
    wrong = agreement.actions.get(kind=K.RATIFICATION, country="XX")
    row = actions.record_action(
        agreement=agreement, kind=K.RATIFICATION, country=cast.a1.country, done_on=wrong.done_on + timedelta(days=1),
        rectifies=wrong, by=cast.tara,
    )  # fmt: skip
    shown = text(page(as_(cast.yusuf), "agreement-detail", agreement.pk))
    assert "until then what it corrects stands" in shown
    assert "<s>" not in shown
    assert row in actions.outstanding(agreement, "YY")
    actions.confirm(agreement=agreement, by=cast.yusuf)
    shown = text(page(as_(cast.yusuf), "agreement-detail", agreement.pk))
    assert "<s><strong>Ratification" in shown
    with pytest.raises(Refused, match="corrected already"):
        actions.record_action(
            agreement=agreement, kind=K.RECTIFICATION, done_on=today(), rectifies=wrong, by=cast.yusuf
        )  # fmt: skip


def test_what_never_was_is_struck_once_both_say_so(cast: Cast, as_: Any) -> None:
    """A suspension recorded in error: it narrows until both have confirmed that it never was (R22)."""
    agreement = cast.art7.agreement
    wrong = actions.record_action(
        agreement=agreement, kind=K.SUSPENSION, country=cast.a1.country, done_on=today(), by=cast.tara
    )
    actions.record_action(
        agreement=agreement,
        kind=K.RECTIFICATION,
        country=cast.a1.country,
        done_on=today(),
        rectifies=wrong,
        by=cast.tara,
    )
    assert "is suspended" in text(page(as_(cast.yann), "agreement-detail", agreement.pk))
    actions.confirm(agreement=agreement, by=cast.yusuf)
    assert "both stand behind it" in text(page(as_(cast.yann), "agreement-detail", agreement.pk))


def test_an_article_is_corrected_by_another_and_compared(cast: Cast, as_: Any) -> None:
    wrong = cast.art7
    right = actions.add_clause(
        agreement=wrong.agreement, article="Art. 7", kind=wrong.kind, summary="Plans and logs of joint patrols",
        categories=[Category.OPERATIONAL, Category.CUSTOMS], purposes=wrong.purposes, ceiling=wrong.ceiling,
        rectifies=wrong, by=cast.tara,
    )  # fmt: skip
    shown = text(page(as_(cast.yann), "clause-compare", right.pk))
    assert "<ins>" in shown
    assert "Y-land" in shown, "who has not confirmed"
    assert page(as_(cast.zoe), "clause-compare", right.pk).status_code == 404
    assert page(as_(cast.yann), "clause-compare", wrong.pk).status_code == 404
    actions.confirm(agreement=wrong.agreement, by=cast.yusuf)
    assert "recorded wrongly and has been rectified" not in text(
        page(as_(cast.yann), "agreement-detail", wrong.agreement_id)
    )
    assert "All parties have confirmed it" in text(page(as_(cast.yann), "clause-compare", right.pk))


# Family and precedence.


def test_a_family_shows_only_what_the_reader_may_see(cast: Cast, as_: Any) -> None:
    upper = of_three(cast)
    two = make_treaty(
        short_name="Secret protocol", countries=["XX", "YY"], designated=[], recorded_by=cast.tara
    ).agreement
    actions.relate(agreement=two, kind="protocol_to", other=upper, by=cast.tara, starts_on=today())
    assert "Secret protocol" in text(page(as_(cast.yann), "agreement-detail", upper.pk))
    assert "Secret protocol" not in text(page(as_(cast.zoe), "agreement-detail", upper.pk))
    assert tree(upper, cast.zoe) == []
    with pytest.raises(Refused, match="follows from this one"):
        actions.relate(agreement=upper, kind="amends", other=two, by=cast.tara)
    relation = Relation.objects.get()
    assert send(as_(cast.zeno), "relation-delete", relation.pk).status_code == 404
    assert send(as_(cast.yann), "relation-delete", relation.pk).status_code == 403
    assert send(as_(cast.tara), "relation-delete", relation.pk).status_code == 302


def test_precedence_says_which_governs_and_why(cast: Cast, as_: Any) -> None:
    other = make_treaty(
        short_name="Other", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 3",
    )  # fmt: skip
    client, pk = as_(cast.yann), cast.art7.agreement_id
    assert "Both apply" in text(page(client, "agreement-precedence", pk))
    actions.relate(agreement=other.agreement, kind="amends", other=cast.art7.agreement, by=cast.tara)
    shown = text(page(client, "agreement-precedence", pk))
    assert "Art. 3 of Other governs" in shown
    assert "declared displacement alone" in shown
    right = actions.add_clause(
        agreement=cast.art7.agreement, article="Art. 7", kind=cast.art7.kind, categories=cast.art7.categories,
        purposes=cast.art7.purposes, ceiling=cast.art7.ceiling, rectifies=cast.art7, displaced_by=[other.agreement],
        by=cast.tara,
    )  # fmt: skip
    actions.confirm(agreement=cast.art7.agreement, by=cast.yusuf)
    assert list(right.displaced_by.all()) == [other.agreement]
    with pytest.raises(Refused, match="no such agreement"):
        actions.add_clause(
            agreement=cast.art7.agreement, article="Art. 9", kind=cast.art7.kind, displaced_by=[cast.art7.agreement],
            by=cast.tara,
        )  # fmt: skip
    shown = text(page(client, "agreement-precedence", pk))
    assert "yields to Other" in shown
    assert "declared displacement alone" not in shown
    assert "No other agreement" in text(page(as_(cast.yann), "agreement-precedence", of_three(cast).pk))


# The same over the API.


def test_the_api_does_the_same(cast: Cast, api_as: Any) -> None:
    body = {
        "title": "By the API", "short_name": "By the API", "kind": "convention", "parties": ["XX", "YY", "ZZ"],
        "concluded_on": "2026-01-05", "territory": "All of it.", "expires_on": "2030-01-01", "renews_months": 12,
        "renewal_notice_months": 3, "condition": {"consents": 2, "required": ["ZZ"], "delay": 2, "delay_unit": "month_starts"},
    }  # fmt: skip
    tara = api_as(cast.tara)
    made = tara.send("POST", body=body)
    assert made.status_code == 201, made.content
    found = made.json()
    assert found["life"]["force"]["missing"] == ["ZZ"]
    assert found["life"]["force"]["words"].startswith("On the first day of the 2nd month after the 2nd consent")
    assert (found["renews_months"], found["territory"]) == (12, "All of it.")
    assert found["life"]["renewal"]["notice_by"] == "2029-10-01"
    key = found["id"]
    again = tara.send("POST", f"{key}/conditions/", {"consents": 3})
    assert again.status_code == 409
    old = found["conditions"][0]["id"]
    fresh = tara.send("POST", f"{key}/conditions/", {"consents": 3, "rectifies": old})
    assert fresh.status_code == 201, fresh.content
    assert len(tara.send("GET", f"{key}/conditions/").json()) == 2
    other = str(cast.art7.agreement_id)
    related = tara.send("POST", f"{key}/relations/", {"kind": "supplements", "other": other, "note": "From now on"})
    assert related.status_code == 201, related.content
    assert [row["short_name"] for row in tara.send("GET", f"{key}/family/").json()] == ["X–Y Treaty"]
    assert api_as(cast.zoe).send("GET", f"{key}/relations/").json() == [], "Z is no party of the other"
    assert tara.send("DELETE", f"{key}/relations/{related.json()['id']}/").status_code == 204
    assert tara.send("GET", f"{key}/precedence/").json() == []
    assert api_as(cast.yann).send("POST", f"{key}/conditions/", {"consents": 1}).status_code == 403
    bad = tara.send("POST", body={**body, "expires_on": None})
    assert "expires_on" in fault(bad)


def test_the_form_of_an_action_says_what_each_means(cast: Cast, as_: Any) -> None:
    shown = text(page(as_(cast.tara), "action-create", cast.art7.agreement_id))
    for kind in ActionKind:
        assert kind.label in shown
    assert "(AA)" in shown
    assert reverse("register:action-create", args=[cast.art7.agreement_id])
    assert Clause.objects.count() == 1
