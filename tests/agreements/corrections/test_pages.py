"""The pages: what each side reads, what the others do not find, and what is sent twice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.corrections import actions
from agreements.corrections.models import Correction
from agreements.register.choices import ActionKind
from agreements.register.models import TreatyAction
from portal.audit.models import Entry
from tests.agreements.corrections.conftest import INSTEAD, WRONG


def url(name, row):
    return reverse(f"corrections:{name}", args=[row.pk])


def suspend(clause, by):
    TreatyAction.objects.create(
        agreement=clause.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=timezone.now().date(),
        recorded_by=by, recorded_for_id="YY",
    )  # fmt: skip


def test_propose_read_and_answer(cast, as_, record):
    yann, lars = as_(cast.yann), as_(cast.lars)
    form = yann.get(url("correction-create", record))
    assert form.status_code == 200
    key = form.context["form"]["key"].value()
    data = {"key": key, "version": record.version, "wrong": WRONG, "instead": INSTEAD}
    for _ in range(2):
        answer = yann.post(url("correction-create", record), data)
        assert answer.status_code == 302
    row = Correction.objects.get()
    assert answer["Location"] == url("correction-detail", row)
    own = lars.get(url("correction-detail", row)).content.decode()
    assert "quagga" in own
    # By agency and function, never by name (R18).
    assert cast.yann.officer.full_name not in own
    assert "Y1" in own
    empty = lars.post(url("correction-decline", row), {"answer": ""})
    assert empty.context["form"].errors["answer"] == ["Say why: those who proposed it read it."]
    assert lars.post(url("correction-decline", row), {"answer": "Our log says five."}).status_code == 302
    theirs = yann.get(url("correction-detail", row)).content.decode()
    assert "Our log says five." in theirs
    assert cast.lars.officer.full_name not in theirs
    assert cast.yann.officer.full_name in theirs
    late = lars.post(url("correction-accept", row), {"answer": ""}, follow=True)
    assert "declined already" in late.content.decode()


def test_faults_keep_what_was_written(cast, as_, record):
    answer = as_(cast.yann).post(url("correction-create", record), {"wrong": "", "instead": INSTEAD})
    assert answer.status_code == 200
    assert "wrong" in answer.context["form"].errors
    assert INSTEAD in answer.content.decode()
    assert not Correction.objects.exists()


def test_own_officers_are_refused_with_the_reason(cast, as_, record):
    for method in ("get", "post"):
        answer = getattr(as_(cast.lars), method)(url("correction-create", record))
        assert answer.status_code == 403
        assert "change it yourselves" in answer.content.decode()


def test_others_find_nothing_and_hidden_is_as_unknown(cast, as_, record, propose):
    row = propose()
    for name in ("zoe", "aldo", "tara", "yusuf", "zeno"):
        client = as_(getattr(cast, name))
        for door in ("correction-detail", "correction-withdraw"):
            hidden, unknown = client.get(url(door, row)), client.get(reverse(f"corrections:{door}", args=[new_key()]))
            assert hidden.status_code == unknown.status_code, (name, door)
            assert hidden.status_code in (403, 404), (name, door)
        for door in ("correction-accept", "correction-decline", "correction-withdraw"):
            assert client.post(url(door, row), {"answer": "x"}).status_code in (403, 404), (name, door)
        assert "quagga" not in client.get(reverse("corrections:correction-list")).content.decode()
        panel = client.get(url("record-corrections", record))
        assert panel.status_code == (200 if name == "zoe" else 404), name
        assert "quagga" not in panel.content.decode()
    assert Correction.objects.get().state == "open"


def test_two_receivers_do_not_see_each_others(cast, as_, record, propose):
    propose(wrong="from b")
    propose(by=cast.zoe, wrong="from c")
    for name, sees, not_seen in (("yann", "from b", "from c"), ("zoe", "from c", "from b")):
        for page in (reverse("corrections:correction-list"), url("record-corrections", record)):
            text = as_(getattr(cast, name)).get(page).content.decode()
            assert sees in text, (name, page)
            assert not_seen not in text, (name, page)
    text = as_(cast.lars).get(url("record-corrections", record)).content.decode()
    assert "from b" in text
    assert "from c" in text


def test_after_a_suspension_the_proposer_finds_nothing(cast, as_, pact, record, propose):
    row = propose()
    suspend(pact, cast.yusuf)
    client = as_(cast.yann)
    for door in ("correction-detail", "correction-withdraw"):
        assert client.get(url(door, row)).status_code == 404
    for door in ("record-corrections", "correction-create"):
        assert client.get(url(door, record)).status_code == 404
    assert "quagga" not in client.get(reverse("corrections:correction-list")).content.decode()
    assert "quagga" in as_(cast.lars).get(url("correction-detail", row)).content.decode()


def test_the_list_puts_first_what_waits_for_us_and_narrows(cast, as_, note, record, propose):
    done = propose(wrong="answered one")
    actions.accept(correction=done, by=cast.lars)
    waits = propose(wrong="waiting one")
    Correction.objects.filter(pk=waits.pk).update(proposed_at=timezone.now() - timezone.timedelta(days=3))
    client = as_(cast.lars)
    rows = client.get(reverse("corrections:correction-list")).context["rows"]
    assert [row.wrong for row, _, _ in rows] == ["waiting one", "answered one"]
    for query, found in (
        ({"state": "open", "side": "ours"}, ["waiting one"]),
        ({"state": "accepted"}, ["answered one"]),
        ({"side": "partners"}, []),
        ({"record": str(record.pk), "state": "open"}, ["waiting one"]),
        ({"record": str(new_key())}, []),
        ({"state": "nonsense"}, []),
    ):
        rows = client.get(reverse("corrections:correction-list"), query).context["rows"]
        assert [row.wrong for row, _, _ in rows] == found, query


def test_pages_of_the_list_neither_lose_nor_repeat(cast, as_, propose):
    made = {propose(wrong=f"number {number}").pk for number in range(27)}
    for row in Correction.objects.all()[:26]:
        actions.accept(correction=row, by=cast.lars)
    client, seen, place = as_(cast.lars), [], ""
    for _ in range(2):
        page = client.get(reverse("corrections:correction-list"), {"before": place} if place else {})
        seen += [row.pk for row, _, _ in page.context["rows"]]
        place = page.context["older"]
    assert (set(seen), len(seen), place) == (made, 27, "")


def test_after_accepting_the_owner_is_led_to_where_the_record_is_changed(cast, as_, record, propose):
    row = propose()
    client = as_(cast.lars)
    assert client.get(url("correction-detail", row)).context["change_url"] == ""
    actions.accept(correction=row, by=cast.lars)
    assert client.get(url("correction-detail", row)).context["change_url"] == ""
    type(record).objects.filter(pk=record.pk).update(kind="report")
    page = client.get(url("correction-detail", row))
    assert page.context["change_url"] == reverse("reports:report-change", args=[record.pk])
    # A commander reads reports and writes none.
    assert as_(cast.xenia).get(url("correction-detail", row)).context["change_url"] == ""


def test_withdrawing_asks_first(cast, as_, propose):
    row = propose()
    client = as_(cast.yara)
    assert client.get(url("correction-withdraw", row)).status_code == 200
    assert as_(cast.lars).get(url("correction-withdraw", row)).status_code == 403
    for _ in range(2):
        assert client.post(url("correction-withdraw", row)).status_code == 302
    assert Correction.objects.get().state == "withdrawn"


def test_home_counts_what_waits_for_the_officer_and_leads_to_it(cast, as_, propose):
    row = propose()
    propose(by=cast.zoe)
    number = next(n for n in as_(cast.lars).get("/").context["urgent"] if "correction" in n.label)
    assert (number.value, number.words) == (2, "corrections to answer")
    assert len(as_(cast.lars).get(number.url).context["rows"]) == 2
    actions.decline(correction=row, by=cast.lars, answer="No.")
    for name in ("yann", "zoe", "aldo"):
        assert not [n for n in as_(getattr(cast, name)).get("/").context["urgent"] if "correction" in n.label], name


def test_every_page_writes_its_one_entry(cast, as_, record, propose):
    row = propose()
    client = as_(cast.yann)
    for page in (
        reverse("corrections:correction-list"),
        url("correction-detail", row),
        url("correction-withdraw", row),
        url("record-corrections", record),
        url("correction-create", record),
    ):
        answer = client.get(page)
        entry = Entry.objects.get(request_id=answer["X-Request-ID"], verb="record.disclose")
        assert [item["record"] for item in entry.records] == [str(record.pk)], page
        assert entry.records[0]["clause"], page


@pytest.mark.parametrize("name", ["lars", "yann"])
def test_one_row_or_many_cost_the_same(cast, as_, note, propose, name):
    client = as_(getattr(cast, name))
    first = note("First")
    propose(of=first)
    pages = [reverse("corrections:correction-list"), url("record-corrections", first)]
    counts = [count_of(client, page) for page in pages]
    for number in range(6):
        propose(of=note(f"More {number}"))
        actions.accept(correction=propose(of=first, wrong=f"again {number}"), by=cast.lars)
    assert [count_of(client, page) for page in pages] == counts


def count_of(client, page):
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(page).status_code == 200
    return len(queries)
