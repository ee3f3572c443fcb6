"""Pages of minutes and action items: who reads and does what, in what words, and at what cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from operations.minutes.actions import doing, keeping
from operations.minutes.choices import Decision, State
from operations.minutes.models import ActionItem, Annotation, Minutes, Point
from tests.operations.minutes.conftest import Secretary


def url(name: str, *args: Any) -> str:
    return reverse(f"minutes:{name}", args=args)


def test_from_the_meeting_to_the_copy_of_each(secretary: Secretary, as_: Any) -> None:
    """Begin, write, put, agree, annotate: by the pages alone."""
    cast = secretary.cast
    lars, yann = as_(cast.lars), as_(cast.yann)
    panel = lars.get(url("meeting-minutes", secretary.meeting.pk)).content.decode()
    assert url("minutes-begin", secretary.meeting.pk) in panel
    begin = lars.get(url("minutes-begin", secretary.meeting.pk))
    form = begin.context["form"]
    data = {
        "title": "Minutes of the board", "opening": "X1 chaired.", "language": "en", "key": form["key"].value(),
        "categories": form["categories"].value(), "classification": 1, "tlp": 2,
    }  # fmt: skip
    row_url = lars.post(url("minutes-begin", secretary.meeting.pk), data).url
    row = Minutes.objects.get()
    assert row_url == url("minutes-detail", row.pk)
    assert yann.get(row_url).status_code == 404
    lars.post(url("point-create", row.pk), {"title": "Boats", "text": "Two boats."})
    item = Point.objects.get(level="item")
    lars.post(url("point-create", row.pk) + f"?under={item.pk}", {"text": "Check them together."})
    decision = Point.objects.get(level="decision")
    action = {
        "text": "List the boats", "agency": cast.b.pk, "due_on": secretary.day(3).isoformat(),
        "zone": "Europe/Zurich", "objective": "Quiet nights",
    }  # fmt: skip
    assert lars.post(url("action-create", decision.pk), action).status_code == 302
    page = lars.get(row_url).content.decode()
    assert "Check them together." in page
    assert "List the boats" in page
    assert "Put them to the agencies" in page
    assert "by Art. 7" in lars.get(url("minutes-put", row.pk)).content.decode()
    lars.post(url("minutes-put", row.pk))
    page = yann.get(row_url).content.decode()
    assert "Agree …" in page
    assert "Lars" not in page
    agree = yann.get(url("minutes-agree", row.pk))
    seen = agree.context["form"]["seen"].value()
    bad = yann.post(url("minutes-agree", row.pk), {"seen": seen, "decision": Decision.ANNOTATES, "annotation": ""})
    assert "Say what your agency adds" in bad.content.decode()
    yann.post(url("minutes-agree", row.pk), {"seen": seen, "decision": Decision.ANNOTATES, "annotation": "One boat."})
    page = lars.get(row_url).content.decode()
    assert "One boat." in page
    assert "Yann" not in page
    lars.post(url("minutes-agree", row.pk), {"seen": seen, "decision": Decision.AGREES})
    row.refresh_from_db()
    assert row.state == State.AGREED
    copy = secretary.copy(cast.b)
    page = yann.get(url("copy-detail", copy.pk)).content.decode()
    assert "Yann" in page
    assert "One boat." in page
    assert "Check them together." in page
    assert "It is what was sealed" in yann.post(url("copy-verify", copy.pk)).content.decode()
    assert lars.get(url("copy-detail", copy.pk)).status_code == 404
    assert yann.get(url("annotation-detail", Annotation.objects.get().pk)).status_code == 200


def test_who_has_no_part_finds_nothing(secretary: Secretary, as_: Any) -> None:
    row = secretary.put()
    item = secretary.only(row)
    for who in (secretary.cast.zoe, secretary.cast.aldo):
        client = as_(who)
        for name, key in (
            ("minutes-detail", row.pk), ("minutes-print", row.pk), ("action-detail", item.pk),
            ("point-change", item.decision_id), ("action-create", item.decision_id), ("minutes-agree", row.pk),
            ("meeting-minutes", secretary.meeting.pk), ("minutes-begin", secretary.meeting.pk),
        ):  # fmt: skip
            assert client.get(url(name, key)).status_code == 404, name
        assert client.post(url("action-report", item.pk), {"note": "Done"}).status_code == 404
        for name in ("minutes-list", "action-list"):
            assert "List the boats" not in client.get(url(name)).content.decode()


def test_who_may_only_read_is_told_why(secretary: Secretary, as_: Any) -> None:
    row = secretary.put()
    yann = as_(secretary.cast.yann)
    for name in ("minutes-change", "minutes-put", "minutes-withdraw", "minutes-word", "point-create"):
        answer = yann.get(url(name, row.pk))
        assert answer.status_code == 403, name
        assert "keeps its minutes" in answer.content.decode()
    assert as_(secretary.cast.anton).get(url("minutes-agree", row.pk)).status_code == 403


def test_an_action_item_is_reported_and_closed(secretary: Secretary, as_: Any) -> None:
    row = secretary.put()
    item, cast = secretary.only(row), secretary.cast
    yann, lars = as_(cast.yann), as_(cast.lars)
    page = yann.get(url("action-detail", item.pk)).content.decode()
    assert "Who sees to it" in page
    assert "Close it, for the chair" not in page
    page = lars.get(url("action-detail", item.pk)).content.decode()
    assert "Close it, for the chair" in page
    assert "Who sees to it" not in page
    yann.post(url("action-officer", item.pk), {"officer": cast.yara.pk})
    assert ActionItem.objects.get().officer == cast.yara
    assert "Yara" not in lars.get(url("action-detail", item.pk)).content.decode()
    assert yann.post(url("action-report", item.pk), {"note": "   "}).status_code == 200
    assert yann.post(url("action-report", item.pk), {"note": "Half of them"}).status_code == 302
    assert "Half of them" in lars.get(url("action-detail", item.pk)).content.decode()
    assert lars.post(url("action-close", item.pk), {"note": "No boats left", "state": "dropped"}).status_code == 302
    assert ActionItem.objects.get().state == "dropped"
    assert yann.post(url("action-reopen", item.pk), {"note": "Again"}).status_code == 403
    assert lars.post(url("action-reopen", item.pk), {"note": "Again"}).status_code == 302
    assert yann.post(url("action-report", item.pk), {"note": "All", "done": "on"}).status_code == 302
    assert ActionItem.objects.get().state == "done"


def test_the_overview_narrows(secretary: Secretary, as_: Any) -> None:
    cast = secretary.cast
    row = secretary.begin()
    decision = secretary.decision(row)
    secretary.action(row, decision=decision, text="Of b, late", due_on=secretary.day(0))
    secretary.action(row, decision=decision, text="Of b, ahead")
    secretary.action(row, decision=decision, text="Of a1", agency=cast.a1)
    keeping.put_forward(minutes=secretary.again(row), by=cast.lars)
    late = ActionItem.objects.get(text="Of b, late")
    ActionItem.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    doing.name_officer(action=late, by=cast.yann, officer=cast.yara)

    def shown(who: Any, query: str) -> set[str]:
        page = as_(who).get(url("action-list") + query).content.decode()
        return {text for text in ("Of b, late", "Of b, ahead", "Of a1") if text in page}

    assert shown(cast.yann, "") == {"Of b, late", "Of b, ahead", "Of a1"}
    assert shown(cast.yann, "?whose=agency") == {"Of b, late", "Of b, ahead"}
    assert shown(cast.yann, "?whose=agency&state=overdue") == {"Of b, late"}
    assert shown(cast.yann, "?whose=mine") == set()
    assert shown(cast.yara, "?whose=mine&state=open") == {"Of b, late"}
    assert shown(cast.lars, "?whose=agency") == {"Of a1"}
    assert shown(cast.lars, "?state=nonsense") == set()
    home = as_(cast.yann).get("/").content.decode()
    assert "of our action items overdue" in home
    assert f"{url('action-list')}?whose=agency&amp;state=overdue" in home


@pytest.mark.parametrize("name", ["minutes-list", "action-list", "minutes-detail"])
def test_many_cost_as_one(secretary: Secretary, as_: Any, name: str) -> None:
    row = secretary.put()
    client = as_(secretary.cast.yann)
    address = url(name, row.pk) if name == "minutes-detail" else url(name)

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    before = cost()
    decision = Point.objects.get(level="decision")
    for number in range(4):
        secretary.action(row, decision=decision, text=f"More {number}")
    another = secretary.hall.joint(
        starts_at=timezone.now() - timedelta(hours=5), ends_at=timezone.now() - timedelta(hours=4)
    )
    Secretary(secretary.hall, another).put()
    assert cost() <= before


def test_display_only_is_not_printed(secretary: Secretary, as_: Any) -> None:
    row = secretary.put()
    row.record.display_only = True
    row.record.save(update_fields=["display_only"])
    assert as_(secretary.cast.yann).get(url("minutes-print", row.pk)).status_code == 403
    assert as_(secretary.cast.lars).get(url("minutes-print", row.pk)).status_code == 200


def test_another_language(secretary: Secretary, as_: Any) -> None:
    row = secretary.put()
    item = row.points.get(level="item")
    lars = as_(secretary.cast.lars)
    assert "Boats without lights" in lars.get(url("minutes-word", row.pk)).content.decode()
    lars.post(url("minutes-word", row.pk), {"language": "de", f"t_{item.pk}.title": "Boote ohne Licht"})
    assert row.wordings.get().texts == {f"{item.pk}.title": "Boote ohne Licht"}
    assert "Boote ohne Licht" in lars.get(url("minutes-word", row.pk) + "?language=de").content.decode()


def test_one_entry_of_the_menu_is_the_page_that_is_open(cast: Any, as_: Any) -> None:
    for address, label in (("/minutes/", "Minutes"), ("/minutes/actions/", "Actions"), ("/", "Home")):
        page = as_(cast.xenia).get(address)
        assert [entry.label for entry in page.context["menu_entries"] if entry.current] == [label]
