"""How far each task is: a table, a property, and what a colleague's edit does to it."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.directory.models import Agency, Country
from agreements.drafting import actions
from agreements.drafting.actions.days import Condition, Days, days_of
from agreements.drafting.choices import Status
from agreements.drafting.statuses import digest_of, read, status_of, step_of, steps_of
from agreements.drafting.timing import follows
from agreements.papers import actions as papers
from agreements.powers import actions as powers
from agreements.register import actions as register
from agreements.register import tasks
from agreements.register.choices import InstrumentKind, Purpose
from agreements.register.facts import day_words
from agreements.register.models import Agreement, Clause, ForceCondition
from portal.ui.errors import Refused
from tests.agreements.drafting.conftest import FORCE, SIGNED, Desk, days, missing, statuses

FLAGS = ("blocked", "filled", "missing", "looked", "called_done")
TABLE = [
    # blocked, filled, missing, looked, called done
    ((True, False, True, True, True), Status.BLOCKED),
    ((True, True, False, False, True), Status.BLOCKED),
    ((False, False, True, False, False), Status.NOT_STARTED),
    ((False, False, False, False, False), Status.NOT_STARTED),
    ((False, True, True, False, False), Status.IN_PROGRESS),
    ((False, True, False, False, False), Status.IN_PROGRESS),
    ((False, True, False, True, False), Status.IN_PROGRESS),
    ((False, False, False, True, False), Status.IN_PROGRESS),
    ((False, False, True, True, False), Status.INCOMPLETE),
    ((False, True, True, True, False), Status.INCOMPLETE),
    ((False, True, True, True, True), Status.INCOMPLETE),
    ((False, True, False, True, True), Status.DONE),
    ((False, False, False, True, True), Status.DONE),
]


@pytest.mark.parametrize(("flags", "status"), TABLE)
def test_the_table(flags: tuple[bool, ...], status: Status) -> None:
    assert status_of(**dict(zip(FLAGS, flags, strict=True))) == status


def test_done_is_never_said_of_what_misses_something() -> None:
    for flags in product([False, True], repeat=len(FLAGS)):
        told = dict(zip(FLAGS, flags, strict=True))
        done = status_of(**told) == Status.DONE
        assert done == (told["called_done"] and not told["missing"] and not told["blocked"]), told


def test_the_words_are_the_five() -> None:
    assert [status.label for status in Status] == [
        "Not started", "In progress", "Incomplete (looked at)", "Done", "Cannot start yet",
    ]  # fmt: skip


def test_a_new_draft(desk: Desk) -> None:
    row = desk.start()
    assert row.is_draft
    assert statuses(row) == {
        "name": "in_progress", "parties": "not_started", "dates": "not_started", "area": "not_started", "articles": "not_started",
        "powers": "cannot_start", "sharing": "cannot_start", "contacts": "cannot_start", "documents": "not_started",
    }  # fmt: skip
    assert missing(row) == ["Name the other party.", "Say on which day it was concluded.", "Add at least one article."]


def test_looked_at_and_left(desk: Desk, as_: Any) -> None:
    row, client = desk.start(), as_(desk.cast.tara)
    assert client.get(reverse("drafting:task-page", args=[row.pk, "dates"])).status_code == 302
    assert statuses(row)["dates"] == "incomplete"
    # Whoever may only read it has not looked at it for those who write.
    assert as_(desk.cast.yusuf).get(reverse("drafting:task-page", args=[row.pk, "parties"])).status_code == 404
    assert statuses(row)["parties"] == "not_started"


def test_done_is_of_what_it_held_then(desk: Desk) -> None:
    row, cast = desk.filled(), desk.cast
    for task in statuses(row):
        actions.mark(agreement=row, by=cast.tara, task=task, done=True)
    assert set(statuses(row).values()) == {"done"}
    # A colleague changes a day, by whatever door: somebody must look again.
    actions.save_dates(agreement=row, by=desk.tilda, days=days(notice_months=12))
    assert statuses(row)["dates"] == "in_progress"
    register.add_clause(agreement=row, by=desk.tilda, article="§ 3", kind="training")
    assert statuses(row)["articles"] == "in_progress"
    # Saved as it stands, nothing changed.
    actions.mark(agreement=row, by=cast.tara, task="dates", done=True)
    actions.save_dates(agreement=row, by=desk.tilda, days=days(notice_months=12))
    assert statuses(row)["dates"] == "done"
    # Another edit takes away what is needed.
    actions.save_dates(agreement=row, by=desk.tilda, days=days(concluded_on=None))
    assert statuses(row)["dates"] == "incomplete"
    actions.mark(agreement=row, by=cast.tara, task="parties", done=False)
    assert statuses(row)["parties"] == "in_progress"


def test_area_and_a_computed_entry_into_force(desk: Desk) -> None:
    row, tara = desk.filled(), desk.cast.tara
    actions.save_area(agreement=row, by=tara, territory="Ten kilometres on either side of the border.")
    assert statuses(row)["area"] == "in_progress"
    computed = replace(days(), condition=Condition(2, 30, "days"))
    actions.save_dates(agreement=row, by=tara, days=replace(computed, in_force_on=None))
    found = step_of(read(row), "dates").found
    day = day_words(SIGNED + timedelta(days=30))
    told = f"after 2 consents, plus 30 (days): {day}, by the consents named above"
    assert told in [answer.value for answer in found.answers]
    assert not [line for line in found.odd if "binds nobody" in line]
    spells = follows(read(row), timezone.now())[0].spells
    assert [(str(spell.state), spell.first) for spell in spells][-1] == ("in_force", SIGNED + timedelta(days=30))
    assert days_of(read(row)) == replace(computed, in_force_on=None)
    # Of one consent no day follows.
    one = replace(days(parties=("XX",)), in_force_on=None, condition=Condition(2, 30, "days"))
    actions.save_dates(agreement=row, by=tara, days=one)
    answers = [answer.value for answer in step_of(read(row), "dates").found.answers]
    assert "after 2 consents, plus 30 (days). Too few consents are named yet" in answers
    # Said otherwise, it is another; said no more, there is none.
    actions.save_dates(
        agreement=row, by=tara, days=replace(computed, in_force_on=None, condition=Condition(None, 1, "months"))
    )
    assert ForceCondition.objects.get(agreement=row).delay_unit == "months"
    actions.save_dates(agreement=row, by=tara, days=days())
    assert not ForceCondition.objects.filter(agreement=row).exists()
    with pytest.raises(Refused) as refused:
        actions.save_dates(agreement=row, by=tara, days=days(renews_months=12))
    assert refused.value.field == "expires_on"
    with pytest.raises(Refused) as refused:
        actions.save_dates(agreement=row, by=tara, days=replace(days(), condition=Condition(2, None, "")))
    assert refused.value.field == "delay_unit"


def test_what_is_missing_cannot_be_called_done(desk: Desk) -> None:
    row = desk.start()
    with pytest.raises(Refused, match="Say on which day it was concluded"):
        actions.mark(agreement=row, by=desk.cast.tara, task="dates", done=True)
    with pytest.raises(Refused, match="Add an article first"):
        actions.mark(agreement=row, by=desk.cast.tara, task="sharing", done=True)
    with pytest.raises(Refused) as refused:
        actions.mark(agreement=row, by=desk.cast.tara, task="nonsense", done=True)
    assert refused.value.code == "not_found"


def test_terms_name_a_party_that_was_taken_out(desk: Desk) -> None:
    row, tara, z = desk.filled(), desk.cast.tara, Country.objects.get(pk="ZZ")
    actions.add_party(agreement=row, by=tara, country=z)
    terms = {"direction": "one_way", "senders": [desk.cast.a1.country], "receivers": [z]}
    actions.set_terms(clause=Clause.objects.get(agreement=row), by=tara, **terms)
    actions.mark(agreement=row, by=tara, task="sharing", done=True)
    actions.remove_party(agreement=row, by=tara, country=z)
    assert "§ 2: Z-land receives, and is no party." in missing(row)
    assert statuses(row)["sharing"] == "incomplete"


def test_what_looks_odd_is_flagged_and_not_refused(desk: Desk) -> None:
    row, tara = desk.filled(), desk.cast.tara
    actions.add_party(agreement=row, by=tara, country=Country.objects.get(pk="ZZ"))
    Agency.objects.filter(pk=desk.cast.c.pk).update(is_active=False)
    actions.save_dates(agreement=row, by=tara, days=days(signed=FORCE, force=SIGNED))
    actions.set_terms(clause=Clause.objects.get(agreement=row), by=tara, categories=[], purposes=[])
    odd = [line for name in ("parties", "dates", "sharing") for line in step_of(read(row), name).found.odd]
    for words in (
        "before it was concluded",
        "Z-land has no agency here",
        "Z-land has not consented",
        "no article opens a channel",
    ):
        assert any(words in line for line in odd), words
    assert missing(row) == []
    desk.asked(row)


def test_a_task_of_another_room(desk: Desk, as_: Any) -> None:
    """A room tells of its part, and the list, the check page, the approval and the progress know it."""
    row, said = desk.filled(), {"words": ""}

    def look(agreement: Agreement) -> tasks.Found:
        assert agreement.clauses.all()
        gaps = [] if said["words"] else ["Say what officers may do."]
        return tasks.Found([said["words"]] if said["words"] else [], [tasks.Answer("Arms", said["words"])], gaps)

    task = tasks.Task("seals", "Seals", look, "register:agreement-detail", order=60, prefetch=("clauses",))
    tasks.register(task)
    try:
        assert statuses(row)["seals"] == "not_started"
        client, page = as_(desk.cast.tara), reverse("drafting:check", args=[row.pk])
        assert "Say what officers may do." in client.get(page).content.decode()
        went = client.get(reverse("drafting:task-page", args=[row.pk, "seals"]))
        assert went["Location"] == reverse("register:agreement-detail", args=[row.pk])
        assert statuses(row)["seals"] == "incomplete"
        with pytest.raises(Refused):
            desk.asked(row)
        said["words"] = "Side arms"
        asked = desk.asked(row)
        said["words"] = "None"
        # What another room holds was approved too: it changed, and nothing goes out.
        assert actions.approve(submission=asked, by=desk.tilda).state == "void"
    finally:
        tasks.unregister("seals")
    assert "seals" not in statuses(row)


def _steps() -> st.SearchStrategy[list[tuple[str, int]]]:
    names = ["party", "unparty", "article", "unarticle", "terms", "unterms", "dates", "undates", "agency", "unagency", "mark", "open", "kind"]  # fmt: skip
    return st.lists(st.tuples(st.sampled_from(names), st.integers(0, 5)), min_size=1, max_size=14)


def _take(desk: Desk, row: Agreement, name: str, number: int) -> None:
    """One step of a random history, by one of two officers."""
    by, clause = [desk.cast.tara, desk.tilda][number % 2], Clause.objects.filter(agreement=row).first()
    named = row.designations.select_related("agreement").first()
    country = Country.objects.get(pk=["YY", "ZZ"][number % 2])
    ways = {"direction": "one_way", "senders": [desk.cast.a1.country], "receivers": [country]} if number > 3 else {}
    terms = {"categories": ["operational"], "purposes": [Purpose.SAFETY][: number % 3], **ways}
    kind = InstrumentKind.DOMESTIC_ARRANGEMENT if number % 2 else InstrumentKind.TREATY
    task, first = list(statuses(row))[number % 6], days().head["concluded_on"]
    work: dict[str, Any] = {
        "party": lambda: actions.add_party(agreement=row, by=by, country=country),
        "unparty": lambda: actions.remove_party(agreement=row, by=by, country=country),
        "article": lambda: desk.article(row, f"§ {number}", by),
        "unarticle": lambda: clause and actions.remove_article(clause=clause, by=by),
        "terms": lambda: clause and actions.set_terms(clause=clause, by=by, **terms),
        "unterms": lambda: clause and actions.set_terms(clause=clause, by=by, categories=[], purposes=[]),
        "dates": lambda: actions.save_dates(agreement=row, by=by, days=days(parties=("XX",))),
        "undates": lambda: actions.save_dates(agreement=row, by=by, days=Days({"concluded_on": None})),
        "agency": lambda: actions.name_agency(agreement=row, by=by, agency=desk.cast.b, starts_on=first),
        "unagency": lambda: named and actions.unname_agency(designation=named, by=by),
        "mark": lambda: actions.mark(agreement=row, by=by, task=task, done=number < 4),
        "kind": lambda: actions.save_name(agreement=row, by=by, kind=kind, title="" if number == 5 else "Title"),
    }
    work[name]()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_steps())
def test_no_status_says_done_while_the_check_page_misses_something(
    desk: Desk, as_: Any, steps: list[tuple[str, int]]
) -> None:
    row, client = desk.start(name="D"), as_(desk.cast.tara)
    for name, number in steps:
        row.refresh_from_db()
        if name == "open":
            client.get(reverse("drafting:task-page", args=[row.pk, list(statuses(row))[number]]))
            continue
        try:
            _take(desk, row, name, number)
        except Refused:
            continue
    shown = client.get(reverse("drafting:check", args=[row.pk])).content.decode()
    listed = {task for task in statuses(row) if f'data-missing="{task}"' in shown}
    for task, status in statuses(row).items():
        assert f'data-task="{task}" data-status="{status}"' in shown
        assert not (status == "done" and task in listed), (task, steps)
        assert (task in listed) == bool(step_of(read(row), task).found.missing)
    complete = not listed
    assert ("Ask a second officer" in shown) == complete
    if complete:
        desk.asked(row)
    else:
        with pytest.raises(Refused):
            desk.asked(row)
    Agreement.objects.get(pk=row.pk)
    register.delete_draft(agreement=row, by=desk.cast.tara)


def test_powers_and_documents_are_tasks_of_their_own(desk: Desk, as_: Any) -> None:
    row, client = desk.filled(), as_(desk.cast.tara)
    before = digest(row)
    clause: Any = row.clauses.first()
    power = powers.record_power(clause=clause, by=desk.cast.tara, act="pursue", answer="yes")
    assert statuses(row)["powers"] == "in_progress"
    page = client.get(reverse("drafting:powers", args=[row.pk]))
    assert reverse("powers:agreement-powers", args=[row.pk]) in page.content.decode()
    client.post(reverse("drafting:task-mark", args=[row.pk, "powers"]), {"done": "1"})
    assert statuses(row)["powers"] == "done"
    powers.record_power(clause=clause, by=desk.cast.tara, act="pursue", answer="no", replaces=power)
    assert statuses(row)["powers"] == "in_progress"
    assert digest(row) != before
    asked = read(row)
    papers.add(
        agreement=row,
        file=SimpleUploadedFile("text.txt", b"Article 1. Officers of both parties meet."),
        kind="authentic_text",
        title="Text",
        language="en",
        by=desk.cast.tara,
    )
    assert statuses(row)["documents"] == "in_progress"
    assert digest(row) != digest_of_steps(asked)
    assert as_(desk.cast.zeno).get(reverse("drafting:documents", args=[row.pk])).status_code == 404


def digest(row: Any) -> str:
    """What a second officer approves."""
    return digest_of_steps(read(row))


def digest_of_steps(row: Any) -> str:
    return digest_of([step.found.content for step in steps_of(row) if step.task.binds])
