"""An agency is invited, accepts, and is let in by another: who may, who may not, and what a link gives."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Officer
from agencies.directory.roles import Role
from agencies.onboarding import links
from agencies.onboarding.actions import answering, inviting
from agencies.onboarding.choices import State
from agencies.onboarding.models import Invitation
from agencies.onboarding.views.invited import LinkThrottle
from portal.audit.models import Entry
from portal.outbox.models import Message
from portal.ui.errors import Refused
from tests.agencies.onboarding.conftest import FACTS, link_in
from tests.conftest import Cast, make_appointment

ADMIN = {"admin_name": "Klara Klug", "admin_mail": "klara@customs-y.invalid"}


def accepted(row: Invitation) -> Invitation:
    return answering.accept(key=links.key_of(row), name="Customs of Y", **FACTS, **ADMIN)


def test_from_the_mail_to_the_first_sign_in(
    cast: Cast, invited: Invitation, carry: Callable[[], list[Any]], as_: Any
) -> None:
    (message,) = carry()
    assert message.to == ["boss@customs-y.invalid"]
    invited.refresh_from_db()
    assert invited.mailed_at
    assert invited.state == State.SENT
    client = Client()
    page = client.get(link_in(message))
    assert page.status_code == 200
    for word in ("Border Guard of X", "Joint checks on the bridges.", "Treaty admin"):
        assert word in page.content.decode()
    assert not re.search(r"\bTara\b", page.content.decode()), "the function, not the name (R18)"
    assert page["Referrer-Policy"] == "strict-origin"
    assert "noindex" in page["X-Robots-Tag"]
    invited.refresh_from_db()
    assert invited.state == State.OPENED
    answer = client.post(link_in(message), {"name": "Customs Service of Y", **FACTS, **ADMIN, "sure": "on"})
    assert answer.status_code == 200
    assert "Accepted" in answer.content.decode()
    invited.refresh_from_db()
    assert (invited.state, invited.as_invited["name"]) == (State.ACCEPTED, "Customs of Y")
    assert not Agency.objects.filter(name="Customs Service of Y").exists(), "nothing is made before a second officer"
    assert not Officer.objects.filter(email=ADMIN["admin_mail"]).exists()

    answer = as_(cast.yusuf).post(reverse("onboarding:invitation-release", args=[invited.pk]), follow=True)
    assert "is let in" in answer.content.decode()
    agency = Agency.objects.get(name="Customs Service of Y")
    post = Appointment.objects.get(agency=agency)
    assert (post.role, post.clearance, post.officer.full_name) == (Role.AGENCY_ADMIN, 0, "Klara Klug")
    assert not post.officer.has_usable_password()
    (welcome,) = carry()
    assert welcome.to == [ADMIN["admin_mail"]]
    form = client.get(link_in(welcome), follow=True)
    new = "a-long-new-password-7"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    signed = client.post(reverse("account_login"), {"login": post.officer.username, "password": new})
    assert signed.status_code == 302
    assert client.get(reverse("onboarding:agency-setup", args=[agency.pk])).status_code == 200
    verbs = set(Entry.objects.filter(subject_id=str(invited.pk)).values_list("verb", flat=True))
    assert verbs == {f"invitation.{word}" for word in ("send", "open", "accept", "release")}


def test_inviting_opens_nothing_and_nothing_but_the_digest_is_kept(cast: Cast, invited: Invitation) -> None:
    key = links.key_of(invited)
    assert invited.digest == hashlib.sha256(key.encode()).hexdigest()
    assert Agency.objects.filter(name="Customs of Y").count() == 0
    for row in Message.objects.all():
        assert key not in str(row.payload)
    for entry in Entry.objects.all():
        assert key not in str(entry.data)
        assert "customs-y" not in str(entry.data)
    assert key not in str(Invitation.objects.filter(pk=invited.pk).values().get())


def test_the_mail_names_neither_side_nor_agreement(cast: Cast, invited: Invitation, carry: Any) -> None:
    (message,) = carry()
    text = str(message.message())
    for word in ("X–Y", "X-land", "Y-land", "Border Guard", "X1", "Tara", "Customs", "bridges"):
        # As a word: the random key may hold the letters.
        assert not re.search(rf"\b{word}\b", text), word


CLOCKS = ("Content-Security-Policy", "Expires", "Date", "X-Request-ID")  # another one with each answer
GONE = ("unknown", "used", "expired", "withdrawn", "resent", "refused", "declined")


def spoilt(how: str, row: Invitation, cast: Cast) -> str:
    """A key that works no more, for that reason."""
    key = links.key_of(row)
    if how == "unknown":
        return "x" * len(key)
    if how in ("used", "refused"):
        accepted(row)
    if how == "refused":
        inviting.refuse(invitation=row, words="Not known.", by=cast.yusuf)
    if how == "expired":
        Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    if how == "withdrawn":
        inviting.withdraw(invitation=row, by=cast.tara)
    if how == "resent":
        inviting.resend(invitation=row, by=cast.tara)
    if how == "declined":
        answering.decline(key=key)
    return key


def test_a_link_that_does_not_work_is_answered_alike_whatever_it_was(cast: Cast, invited: Invitation) -> None:
    """The same status, headers and words, in as many statements."""
    told, statements = set(), set()
    sample = dict(Invitation.objects.filter(pk=invited.pk).values().get())
    for how in GONE:
        Invitation.objects.filter(pk=invited.pk).update(**{n: v for n, v in sample.items() if n != "id"})
        key = spoilt(how, Invitation.objects.get(pk=invited.pk), cast)
        cache.clear()
        for method in ("get", "post"):
            client = Client()
            client.get("/account/login/")
            with CaptureQueriesContext(connection) as asked:
                answer = getattr(client, method)(reverse("onboarding:invited", args=[key]), {"accept": "yes"})
            text = answer.content.decode()
            assert key not in text
            headers = frozenset((name, value) for name, value in answer.items() if name not in CLOCKS)
            told.add((answer.status_code, _without_clock(text), headers))
            statements.add((method, sum("onboarding_invitation" in row["sql"] for row in asked)))
    first, *others = told
    for other in others:
        assert not set(first[1].splitlines()) ^ set(other[1].splitlines())
        assert sorted(first[2] ^ other[2]) == []
    assert not others
    assert next(iter(told))[0] == 404
    assert statements == {("get", 1), ("post", 1)}


def _without_clock(text: str) -> str:
    return re.sub(r"\d{2}:\d{2}", "", text)


def test_links_are_tried_so_often_and_no_oftener(cast: Cast, invited: Invitation, monkeypatch: Any) -> None:
    monkeypatch.setattr(LinkThrottle, "rate", "3/min", raising=False)
    cache.clear()
    client, url = Client(), reverse("onboarding:invited", args=["x" * 43])
    assert [client.get(url).status_code for _ in range(5)] == [404, 404, 404, 429, 429]
    assert client.get(reverse("onboarding:invited", args=[links.key_of(invited)])).status_code == 429
    cache.clear()


def test_a_faulty_answer_keeps_what_was_entered_and_the_link(cast: Cast, invited: Invitation) -> None:
    url = reverse("onboarding:invited", args=[links.key_of(invited)])
    page = Client().post(url, {"name": "Customs Service of Y", **FACTS, "admin_name": "", "admin_mail": "nobody"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="Customs Service of Y"' in text
    assert "There is a problem" in text
    invited.refresh_from_db()
    assert invited.state == State.OPENED
    page = Client().post(
        url, {"name": "C", **FACTS, "admin_name": "T", "admin_mail": cast.tara.officer.email.upper(), "sure": "on"}
    )
    assert "person of your agency" in page.content.decode()


def test_declining_uses_the_link_up_and_says_why(cast: Cast, invited: Invitation, as_: Any) -> None:
    url = reverse("onboarding:invited", args=[links.key_of(invited)])
    assert "Declined" in Client().post(url, {"decline": "yes", "words": "Not our matter."}).content.decode()
    assert Client().get(url).status_code == 404
    page = as_(cast.tara).get(reverse("onboarding:invitation-detail", args=[invited.pk])).content.decode()
    assert "Not our matter." in page
    assert not Agency.objects.filter(name="Customs of Y").exists()


@pytest.mark.parametrize("who", ["xenia", "lars", "ada", "arno", "aldo", "yann", "amina"])
def test_no_other_role_invites(cast: Cast, amina: Appointment, as_: Any, api_as: Any, who: str) -> None:
    by = amina if who == "amina" else getattr(cast, who)
    with pytest.raises(Refused) as refused:
        inviting.invite(name="N", kind="police", country=by.agency.country, mail="n@n.invalid", why="W", by=by)
    assert refused.value.code == "forbidden"
    for name in ("invitation-list", "invitation-create"):
        assert as_(by).get(reverse(f"onboarding:{name}")).status_code == 403
    assert api_as(by).send("GET", "invitations/").status_code == 403
    assert Invitation.objects.count() == 0


def test_a_treaty_admin_invites_where_an_agreement_is_and_a_system_admin_anywhere(
    cast: Cast, sasha: Appointment
) -> None:
    values: dict[str, Any] = {"name": "Police of Z", "kind": "police", "mail": "p@z.invalid", "why": "Talks."}
    with pytest.raises(Refused) as refused:
        inviting.invite(country=cast.c.country, by=cast.tara, **values)
    assert refused.value.field == "country"
    assert inviting.invite(country=cast.c.country, by=sasha, **values).state == State.SENT
    own = {**values, "name": "Police of X"}
    assert inviting.invite(country=cast.a1.country, by=cast.tara, **own).state == State.SENT


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "border guard OF y"}, "name"),
        ({"why": " "}, "why"),
        ({"mail": "XENIA@x1.invalid"}, "mail"),
    ],
)
def test_bad_terms_are_refused_at_their_field(cast: Cast, change: dict[str, str], field: str) -> None:
    values: dict[str, Any] = {"name": "N", "kind": "police", "mail": "n@n.invalid", "why": "W", **change}
    with pytest.raises(Refused) as refused:
        inviting.invite(country=cast.b.country, by=cast.tara, **values)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("tara", False),
        ("tom", False),
        ("yusuf", True),
        ("zeno", False),
        ("sasha", True),
        ("xenia", False),
        ("amina", False),
    ],
)
def test_who_lets_it_in(
    cast: Cast, invited: Invitation, tom: Appointment, sasha: Appointment, amina: Appointment, who: str, may: bool
) -> None:
    """Y has a treaty admin here: it says which are its authorities, not a second officer of X."""
    accepted(invited)
    by = {"tom": tom, "sasha": sasha, "amina": amina}.get(who) or getattr(cast, who)
    if may:
        assert inviting.release(invitation=invited, by=by).agency is not None
        return
    with pytest.raises(Refused) as refused:
        inviting.release(invitation=invited, by=by)
    assert refused.value.code == "forbidden"
    assert not Agency.objects.filter(name="Customs of Y").exists()


def test_where_its_state_has_nobody_here_a_second_of_the_inviting_state_does(
    cast: Cast, invited: Invitation, tom: Appointment
) -> None:
    Appointment.objects.filter(pk=cast.yusuf.pk).update(ended_at=timezone.now())
    accepted(invited)
    with pytest.raises(Refused):
        inviting.release(invitation=invited, by=cast.tara)
    assert inviting.release(invitation=invited, by=tom).agency is not None


def test_the_inviting_side_gives_itself_no_account(cast: Cast, invited: Invitation, as_: Any, carry: Any) -> None:
    """Neither by its own mail nor by another account of the same person; the link is shown to nobody."""
    second = make_appointment("tilda", cast.a1, Role.AGENCY_ADMIN)
    answering.accept(
        key=links.key_of(invited), name="Customs of Y", **FACTS, admin_name="T", admin_mail=second.officer.email
    )
    with pytest.raises(Refused, match="inviting side"):
        inviting.release(invitation=invited, by=cast.yusuf)
    assert not Agency.objects.filter(name="Customs of Y").exists()
    carry()
    for who in (cast.tara, cast.yusuf):
        page = as_(who).get(reverse("onboarding:invitation-detail", args=[invited.pk])).content.decode()
        assert links.key_of(invited) not in page
        assert "reset" not in page


def test_states_are_seen_by_the_two_sides_alone(
    cast: Cast, invited: Invitation, sasha: Appointment, tom: Appointment, as_: Any, api_as: Any
) -> None:
    for by, sees in ((cast.tara, True), (tom, True), (cast.yusuf, True), (sasha, True), (cast.zeno, False)):
        page = as_(by).get(reverse("onboarding:invitation-list")).content.decode()
        assert ("Customs of Y" in page) == sees, by
        assert as_(by).get(reverse("onboarding:invitation-detail", args=[invited.pk])).status_code == (
            200 if sees else 404
        )
        assert api_as(by).send("GET", f"invitations/{invited.pk}/").status_code == (200 if sees else 404)
        assert as_(by).post(reverse("onboarding:invitation-withdraw", args=[invited.pk])).status_code != 404 or not sees
        Invitation.objects.update(withdrawn_at=None, decided_by=None)


def test_sending_again_and_withdrawing_are_the_inviting_sides(
    cast: Cast, invited: Invitation, carry: Any, api_as: Any
) -> None:
    old = link_in(carry()[0])
    assert api_as(cast.yusuf).send("POST", f"invitations/{invited.pk}/resend/").status_code == 403
    answer = api_as(cast.tara).send("POST", f"invitations/{invited.pk}/resend/")
    assert answer.json()["state"] == "sent"
    new = link_in(carry()[0])
    assert new != old
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert api_as(cast.tara).send("POST", f"invitations/{invited.pk}/withdraw/").json()["state"] == "withdrawn"
    assert Client().get(new).status_code == 404
    assert api_as(cast.tara).send("POST", f"invitations/{invited.pk}/resend/").status_code == 409
    assert carry() == []


def test_withdrawn_before_the_worker_came_is_never_mailed(cast: Cast, invited: Invitation, carry: Any) -> None:
    inviting.withdraw(invitation=invited, by=cast.tara)
    assert carry() == []


def test_the_list_asks_no_more_for_many(cast: Cast, invited: Invitation, as_: Any) -> None:
    client, url = as_(cast.tara), reverse("onboarding:invitation-list")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(12):
        inviting.invite(
            name=f"N{number}", kind="police", country=cast.b.country, mail="n@n.invalid", why="W", by=cast.tara
        )
    with CaptureQueriesContext(connection) as many:
        page = client.get(url)
    assert "N11" in page.content.decode()
    assert len(many) == len(one)
