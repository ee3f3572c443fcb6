"""Several write: colleagues, invited agencies task by task, and two at the same moment (R23)."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from agreements.drafting import actions
from agreements.drafting.models import Share
from agreements.drafting.statuses import read, step_of
from agreements.register.models import Agreement, Clause, Designation, TreatyAction
from portal.ui.errors import Refused
from tests.agreements.drafting.conftest import Desk, alerted, days, statuses

FORM = {
    "short_name": "Ferry Arrangement", "title": "In full", "kind": "treaty", "reference": "", "depositary": "",
    "summary": "", "source": "",
}  # fmt: skip


def url(name: str, *keys: Any) -> str:
    return reverse(f"drafting:{name}", args=keys)


def test_a_colleague_has_it_among_the_own_drafts(desk: Desk, as_: Any) -> None:
    row, other = desk.start(), desk.start(name="Of Tara alone")
    client = as_(desk.tilda)
    assert "Ferry" not in client.get(url("draft-list"), {"show": "mine"}).content.decode()
    actions.share(agreement=row, by=desk.cast.tara, officer=desk.tilda)
    shown = client.get(url("draft-list"), {"show": "mine"}).content.decode()
    assert "Ferry" in shown
    assert other.short_name not in shown
    # Every treaty admin of the agency may read and write it, asked or not (R23).
    assert other.short_name in client.get(url("draft-list")).content.decode()
    assert alerted("drafting.shared") == ["tilda"]


@pytest.mark.parametrize("who", ["tara", "yusuf", "xenia"])
def test_with_whom_it_is_not_shared_as_a_colleague(desk: Desk, who: str) -> None:
    row = desk.start()
    with pytest.raises(Refused) as refused:
        actions.share(agreement=row, by=desk.cast.tara, officer=desk.cast.people[who])
    assert refused.value.field == "officer"


def test_an_invited_agency_fills_in_what_it_was_let(desk: Desk, as_: Any) -> None:
    row, cast = desk.filled(), desk.cast
    yusuf = cast.yusuf
    assert as_(yusuf).get(url("draft-detail", row.pk)).status_code == 404
    with pytest.raises(Refused, match="Z-land is no party"):
        actions.share(agreement=row, by=cast.tara, agency=cast.c)
    with pytest.raises(Refused) as refused:
        actions.share(agreement=row, by=cast.tara, agency=cast.b, tasks=["nonsense"])
    assert refused.value.field == "tasks"
    actions.share(agreement=row, by=cast.tara, agency=cast.b, tasks=["articles"])
    assert alerted("drafting.shared") == ["yusuf"]
    client = as_(yusuf)
    assert client.get(url("draft-detail", row.pk)).status_code == 200
    clause = desk.article(row, "§ 5", by=yusuf)
    for work in (
        lambda: actions.save_name(agreement=row, by=yusuf, title="Theirs"),
        lambda: actions.save_dates(agreement=row, by=yusuf, days=days(notice_months=1)),
        lambda: actions.set_terms(clause=clause, by=yusuf, categories=["dna"], purposes=["safety"]),
        lambda: actions.share(agreement=row, by=yusuf, agency=cast.c),
        lambda: actions.ask(agreement=row, by=yusuf),
        lambda: actions.mark(agreement=row, by=yusuf, task="dates", done=True),
    ):
        with pytest.raises(Refused) as refused:
            work()
        assert refused.value.code == "forbidden"
    # Nor by the doors of the register.
    for name in ("action-create", "clause-create", "designation-create"):
        values = {"article": "§ 8", "kind": "training", "ceiling": "1", "onward": "never"}
        client.post(reverse(f"register:{name}", args=[row.pk]), values)
    assert not Clause.objects.filter(agreement=row, article="§ 8").exists()
    assert client.post(url("dates", row.pk), {"time_zone": "UTC"}).status_code == 403
    assert client.get(url("draft-delete", row.pk)).status_code == 403
    assert client.get(url("share", row.pk)).status_code == 403
    assert "you read this part" in client.get(url("dates", row.pk)).content.decode()
    # What it wrote is the drafting country's word once it goes out: its own still has to be given.
    actions.approve(submission=desk.asked(row), by=desk.tilda)
    clause.refresh_from_db()
    assert clause.recorded_for_id == "XX"


def test_shared_no_more(desk: Desk, as_: Any) -> None:
    row, cast = desk.filled(), desk.cast
    share = actions.share(agreement=row, by=cast.tara, agency=cast.b, tasks=["articles"])
    desk.article(row, "§ 5", by=cast.yusuf)
    with pytest.raises(Refused):
        actions.unshare(share=share, by=cast.yusuf)
    actions.unshare(share=share, by=cast.tara)
    assert as_(cast.yusuf).get(url("draft-detail", row.pk)).status_code == 404
    with pytest.raises(Refused) as refused:
        desk.article(row, "§ 6", by=cast.yusuf)
    assert refused.value.code == "not_found"
    assert Clause.objects.filter(agreement=row, article="§ 5").exists()


def test_the_colleagues_name_is_not_told_abroad(desk: Desk, as_: Any) -> None:
    row, cast = desk.filled(), desk.cast
    actions.share(agreement=row, by=cast.tara, officer=desk.tilda)
    actions.share(agreement=row, by=cast.tara, agency=cast.b, tasks=["articles"])
    desk.asked(row)
    for name in ("draft-detail", "check"):
        abroad, home = (as_(who).get(url(name, row.pk)).content.decode() for who in (cast.yusuf, desk.tilda))
        for person in ("Tara", "Tilda"):
            assert person not in abroad, (name, person)
        assert "Tara" in home


def test_two_change_the_same_part(desk: Desk, as_: Any) -> None:
    """Nothing is lost: the form comes back as it was written, beside what the other wrote, and saves at the second try."""
    row, page = desk.start(), None
    client, page = as_(desk.cast.tara), url("name", row.pk)
    version = step_of(read(row), "name").version
    actions.save_name(agreement=row, by=desk.tilda, title="Tilda’s title", depositary="Bern")
    answer = client.post(page, {**FORM, "version": version, "title": "Tara’s title"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "A colleague changed this while you wrote" in shown
    assert 'value="Tara’s title"' in shown
    assert "Tilda’s title" in shown
    assert "Bern" in shown
    assert "Treaty admin, X1 changed the draft last" in shown
    row.refresh_from_db()
    assert (row.title, row.depositary) == ("Tilda’s title", "Bern")
    again = step_of(read(row), "name").version
    assert f'name="version" value="{again}"' in shown
    assert client.post(page, {**FORM, "version": again, "title": "Tara’s title"}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Tara’s title"


def test_two_change_the_same_dates(desk: Desk, as_: Any) -> None:
    row, client = desk.filled(), as_(desk.cast.tara)
    version = step_of(read(row), "dates").version
    actions.save_dates(agreement=row, by=desk.tilda, days=days(notice_months=18))
    values = {
        "version": version, "time_zone": "Europe/Zurich", "concluded_on": "2026-03-02", "in_force_on": "2026-06-01",
        "XX-bound_by": "ratification", "XX-bound_on": "2026-03-09", "notice_months": "6",
    }  # fmt: skip
    shown = client.post(url("dates", row.pk), values).content.decode()
    assert "What stands there now" in shown
    assert "18" in shown
    assert 'value="2026-06-01"' in shown
    assert "Definitive signature" in shown
    assert not TreatyAction.objects.filter(agreement=row, kind="ratification").exists()


def test_two_change_the_same_article_and_two_different_ones(desk: Desk, as_: Any) -> None:
    row, client = desk.filled(), as_(desk.cast.tara)
    clause = Clause.objects.get(agreement=row)
    page = url("terms", row.pk, clause.pk)
    version = client.get(page).context["form"].initial["version"]
    other = desk.article(row, "§ 3", by=desk.tilda)
    sent = {
        "version": version, "categories": ["operational", "customs"], "purposes": ["security"], "direction": "mutual",
        "ceiling": "1", "onward": "never", "retention_days": "30",
    }  # fmt: skip
    # Another article is no conflict.
    assert client.post(page, sent).status_code == 302
    actions.set_terms(clause=clause, by=desk.tilda, categories=["firearms"])
    shown = client.post(page, sent).content.decode()
    assert "A colleague changed this article while you wrote" in shown
    assert "Firearms" in shown
    clause.refresh_from_db()
    assert clause.categories == ["firearms"]
    # Taken out while it was written: kept, as a new one.
    change = url("article-change", row.pk, other.pk)
    words = {"article": "§ 3", "kind": "training", "summary": "Joint exercises each spring."}
    actions.remove_article(clause=other, by=desk.tilda)
    shown = client.post(change, words).content.decode()
    assert "took this article out while you wrote" in shown
    assert "Joint exercises each spring." in shown
    assert client.get(change).status_code == 404
    assert client.post(url("article-create", row.pk), words).status_code == 302
    assert Clause.objects.filter(agreement=row, article="§ 3").exists()


@pytest.mark.django_db(transaction=True)
def test_at_the_very_same_moment_one_of_two_is_told(desk: Desk) -> None:
    row = desk.start()
    version, told = step_of(read(row), "name").version, []

    def save(by: Any, title: str) -> None:
        try:
            actions.save_name(agreement=row, by=by, title=title, version=version)
            told.append("saved")
        except Refused as refused:
            told.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in ((desk.cast.tara, "A"), (desk.tilda, "B"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["saved", "stale"]


def test_two_add_a_party_each(desk: Desk) -> None:
    row = desk.start()
    for by, country in ((desk.cast.tara, desk.cast.b.country), (desk.tilda, desk.cast.c.country)):
        actions.add_party(agreement=row, by=by, country=country)
    assert set(row.parties.values_list("country", flat=True)) == {"XX", "YY", "ZZ"}
    with pytest.raises(Refused, match="is a party already"):
        actions.add_party(agreement=row, by=desk.tilda, country=desk.cast.b.country)
    with pytest.raises(Refused, match="you register for it"):
        actions.remove_party(agreement=row, by=desk.tilda, country=desk.cast.a1.country)


def test_the_share_page(desk: Desk, as_: Any) -> None:
    row, client = desk.filled(), as_(desk.cast.tara)
    page = url("share", row.pk)
    assert "Choose a colleague, or an agency" in client.post(page, {"officer": "", "agency": ""}).content.decode()
    assert client.post(page, {"officer": desk.tilda.pk}).status_code == 302
    assert client.post(page, {"agency": desk.cast.b.pk, "tasks": ["dates", "contacts"]}).status_code == 302
    shown = client.get(page).content.decode()
    assert "Tilda" in shown
    assert "Dates;" in shown
    share = Share.objects.get(agency=desk.cast.b)
    assert client.post(page, {"do": "unshare", "share": share.pk}).status_code == 302
    assert not Share.objects.filter(agency=desk.cast.b).exists()


def test_who_may_not_see_or_begin(desk: Desk, as_: Any) -> None:
    row, cast = desk.filled(), desk.cast
    clause = Clause.objects.get(agreement=row)
    named = Designation.objects.filter(agreement=row)[0]
    assert named
    one = ("draft-detail", "name", "parties", "dates", "articles", "article-create", "sharing", "contacts", "check",
           "preview", "what-if", "share", "draft-delete")  # fmt: skip
    for who, code in ((cast.yusuf, 404), (cast.zeno, 404), (cast.xenia, 403), (cast.yann, 403), (cast.arno, 403)):
        client = as_(who)
        for name in one:
            assert client.get(url(name, row.pk)).status_code == code, (who, name)
        for name, keys in (("ask", [row.pk]), ("dates-preview", [row.pk]), ("task-mark", [row.pk, "dates"])):
            assert client.post(url(name, *keys)).status_code == code, (who, name)
        for name in ("article-change", "terms"):
            assert client.get(url(name, row.pk, clause.pk)).status_code == code, (who, name)
        if code == 404:
            for page in ("draft-list",):
                assert "Ferry" not in client.get(url(page)).content.decode()
    assert as_(cast.rita).get(url("draft-list")).status_code == 403
    assert as_(cast.zeno).get(url("draft-create")).status_code == 200
    assert statuses(row)["dates"] == "in_progress"
    assert Agreement.objects.get(pk=row.pk).is_draft
