"""Who is alerted of what happens to agreements."""

import datetime as dt

from django.utils import timezone

from agencies.directory.roles import Role
from agreements.alerts.handling import register
from agreements.alerts.models import Alert
from agreements.powers import actions as powers
from agreements.register import actions
from agreements.register.choices import ActionKind
from agreements.register.models import Agreement
from tests.conftest import make_appointment


def alerted(kind):
    return sorted(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def today():
    return timezone.now().date()


def registered(cast, **values):
    return actions.register(
        by=cast.tara,
        title="New agreement",
        short_name="New",
        kind="agreement",
        parties=[cast.a1.country, cast.b.country],
        **values,
    )


def test_a_registered_agreement_alerts_the_other_partys_treaty_admin_once_with_its_articles(cast, settled):
    agreement = registered(cast)
    actions.add_clause(agreement=agreement, by=cast.tara, article="Art. 1", kind="information_sharing")
    actions.add_clause(agreement=agreement, by=cast.tara, article="Art. 2", kind="information_sharing")
    settled()
    assert sorted(Alert.objects.values_list("appointment__officer__username", "kind")) == [
        ("yusuf", register.REGISTERED)
    ]


def test_a_draft_alerts_nobody_outside(cast, settled):
    registered(cast, draft=True)
    settled()
    assert Alert.objects.count() == 0


def test_facts_of_long_ago_are_no_news(cast, settled):
    registered(cast, recorded_at=timezone.now() - dt.timedelta(days=400))
    settled()
    assert Alert.objects.count() == 0


def test_a_suspension_alerts_treaty_admins_and_the_field_but_not_who_did_it(cast, settled):
    agreement = cast.art7.agreement
    actions.record_action(
        agreement=agreement, kind=ActionKind.SUSPENSION, done_on=today(), country=cast.b.country, by=cast.yusuf
    )
    settled()
    assert alerted("register.suspension") == ["lars", "tara", "xenia", "yann", "yara"]
    assert set(Alert.objects.values_list("urgency", flat=True)) == {"Immediate"}


def test_a_lifting_is_told_to_the_field_when_it_opens_something_and_not_before(cast, settled):
    """It widens: once the field's own party and another stand behind it (R22)."""
    agreement = cast.art7.agreement
    suspension = actions.record_action(
        agreement=agreement, kind=ActionKind.SUSPENSION, done_on=today(), country=cast.b.country, by=cast.yusuf
    )
    lifting = actions.record_action(
        agreement=agreement, kind=ActionKind.LIFTING, done_on=today(), country=cast.b.country, lifts=suspension,
        by=cast.yusuf,
    )  # fmt: skip
    settled()
    assert alerted("register.lifting") == []
    assert alerted(register.CHANGED) == ["tara"]
    actions.confirm(agreement=agreement, by=cast.tara, facts=[lifting])
    settled()
    assert alerted("register.lifting") == ["lars", "xenia", "yann", "yara"]


def test_other_facts_alert_the_treaty_admins_once_a_day(cast, settled):
    for article in ("Art. 8", "Art. 9"):
        actions.add_clause(agreement=cast.art7.agreement, by=cast.tara, article=article, kind="information_sharing")
    settled()
    assert alerted(register.CHANGED) == ["yusuf"]

    actions.confirm(agreement=cast.art7.agreement, by=cast.yusuf)
    settled()
    assert alerted(register.CONFIRMED) == ["tara"]


def test_a_power_that_takes_away_alerts_the_field_and_another_the_treaty_admins(cast, settled):
    powers.record_power(clause=cast.art7, by=cast.tara, act="pursue", answer="yes")
    settled()
    assert (alerted(register.CHANGED), alerted(register.NARROWED)) == (["yusuf"], [])
    powers.record_power(clause=cast.art7, by=cast.yusuf, act="pursue", answer="no")
    settled()
    assert alerted(register.NARROWED) == ["lars", "tara", "xenia", "yann", "yara"]


def test_an_end_that_comes_near_is_told_to_the_field_once_for_each_threshold(cast):
    at = timezone.now()
    assert register.watch(at) == 0
    Agreement.objects.filter(pk=cast.art7.agreement_id).update(expires_on=at.date() + dt.timedelta(days=20))
    assert register.watch(at) == 4
    assert register.watch(at + dt.timedelta(hours=6)) == 0
    assert register.watch(at + dt.timedelta(days=14)) == 4
    assert alerted(register.EXPIRING) == sorted(["lars", "xenia", "yann", "yara"] * 2)


def test_what_widens_alerts_the_colleague_who_has_to_confirm_it_even_on_the_first_day(cast, settled):
    agreement = registered(cast)
    make_appointment("tilda", cast.a1, Role.TREATY_ADMIN)
    actions.add_clause(agreement=agreement, by=cast.tara, article="Art. 1", kind="information_sharing")
    settled()
    assert alerted(register.CHANGED) == ["tilda"]
