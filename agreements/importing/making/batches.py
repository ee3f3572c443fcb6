"""Make what was checked, some hundred rows at a time: checked once more, written together, told in the ledger."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.importing.checking import check_groups
from agreements.importing.choices import WILL_BE_MADE, Decision, Level, RowState
from agreements.importing.exporting.fields import PARTS
from agreements.importing.making.built import Built, Known, add_actions, exported_agreement, new_agreement
from agreements.importing.models import Import, ImportRow
from agreements.register.actions.rights import locked
from agreements.register.causes import CHANGED
from agreements.register.models import Agreement, Clause, Relation
from portal.audit import recording
from portal.outbox import messages
from portal.ui.errors import Refused


def make_next(job: Import, by: Appointment, size: int) -> int:
    """Make the next rows; how many agreements were looked at. Zero: nothing is left that will be made.

    They are checked once more: what was registered, renamed or ended since the dry run counts.
    """
    waiting = job.rows.filter(state__in=WILL_BE_MADE, leads=True).order_by("number")
    groups = list(waiting.values_list("group", flat=True)[:size])
    if not groups:
        return 0
    check_groups(job, groups, by)
    rows = list(waiting.filter(group__in=groups).select_related("attach_to"))
    try:
        with transaction.atomic():
            _make(job, by, rows)
    except (DatabaseError, Refused):
        # One of them cannot be: each by itself, so that the others are made.
        for row in rows:
            _make_one(job, by, row)
    return len(groups)


def _make_one(job: Import, by: Appointment, row: ImportRow) -> None:
    try:
        with transaction.atomic():
            _make(job, by, [row])
    except Refused as refused:
        _keep(row, refused.message)
    except DatabaseError as error:
        _keep(row, f"The register does not take it ({type(error).__name__}).")


def _keep(row: ImportRow, why: str) -> None:
    """For repair, with the reason."""
    finding = {"level": Level.ERROR.value, "text": why, "column": 0, "code": "made"}
    row.findings = [*row.findings, finding]
    row.state = RowState.ERROR
    row.save(update_fields=["findings", "state"])
    ImportRow.objects.filter(of=row.of_id, group=row.group, leads=False).update(state=RowState.ERROR)


def _make(job: Import, by: Appointment, rows: Sequence[ImportRow]) -> None:
    if not rows:
        return
    built = Built(job, by, timezone.now())
    known = _known(job, by, rows) if job.is_own_format else None
    fresh: list[tuple[ImportRow, Agreement]] = []
    for row in rows:
        if row.decision == Decision.ATTACH:
            _attach(built, row)
        elif known is not None:
            fresh.append((row, exported_agreement(built, row, known)))
            own = built.facts.get(Clause, ())
            known.articles = {**known.articles, **{row.pk: row for row in own}}
        else:
            fresh.append((row, new_agreement(built, row)))
    built.write()
    _settle(job, rows, built)
    connection.check_constraints()
    _tell(job, by, fresh)


def _known(job: Import, by: Appointment, rows: Sequence[ImportRow]) -> Known:
    documents = [row.values["document"] for row in rows]
    keys = {Agreement: {item["key"] for item in documents}}
    for part in PARTS:
        keys[part.model] = {fact["key"] for item in documents for fact in item.get(part.name, [])}  # type: ignore[index]
    taken = {
        key
        for model, own in keys.items()
        for key in model._base_manager.filter(pk__in=own).values_list("pk", flat=True)
    }
    names = Agency.objects.values_list("country", "name", "pk")
    above = [item["made_under"] for item in documents if item.get("made_under")]
    return Known(taken, {(country, name): key for country, name, key in names}, articles(job, by, above))


def articles(job: Import, by: Appointment, keys: Iterable[str]) -> dict[uuid.UUID, Clause]:
    """Articles with these keys, as the file or as this import calls them, that the officer may see."""
    wanted = {uuid.UUID(key) for key in keys} | {uuid.uuid5(job.pk, key) for key in keys}
    rows = Clause.objects.filter(pk__in=wanted, agreement__in=Agreement.objects.visible_to(by))
    return {row.pk: row for row in rows.select_related("agreement")}


def _attach(built: Built, row: ImportRow) -> None:
    """Add what is not recorded yet to an agreement that is there."""
    assert row.attach_to is not None
    target = locked(row.attach_to)
    there = set(target.actions.values_list("kind", "country", "done_on"))
    known = {(kind, country, day.isoformat()) for kind, country, day in there}
    acts = [act for act in row.values["acts"] if (act["kind"], act["country"], act["done_on"]) not in known]
    keys = add_actions(built, row, target, acts)
    built.made[row.pk] = {"agreement": str(target.pk), "new": False, "actions": keys}
    data = {"import": built.job.pk, "row": row.number}
    told = [(target.pk, {"fact": key, **data}) for key in keys]
    recording.record_many(verb="agreement.action", by=built.by, subject_kind="agreement", subjects=told)
    if keys and not target.is_draft:
        messages.emit(kind=CHANGED, key=f"{CHANGED}:{keys[0]}", payload={"agreement": str(target.pk), "fact": keys[0]})


def _settle(job: Import, rows: Sequence[ImportRow], built: Built) -> None:
    """The rows know what was made of them; those that follow, with their leader."""
    for row in rows:
        row.made = built.made[row.pk]
        row.agreement_id = uuid.UUID(row.made["agreement"])
        row.state = RowState.MADE
    ImportRow.objects.bulk_update(rows, ["made", "agreement", "state"])
    leaders = {row.group: row for row in rows}
    followers = list(job.rows.filter(group__in=leaders, leads=False))
    for row in followers:
        row.agreement_id, row.state = leaders[row.group].agreement_id, RowState.MADE
    ImportRow.objects.bulk_update(followers, ["agreement", "state"])


def _tell(job: Import, by: Appointment, fresh: Sequence[tuple[ImportRow, Agreement]]) -> None:
    """One entry of the ledger for each agreement, as if it had been registered by hand."""
    for draft, verb in ((True, "agreement.draft"), (False, "agreement.register")):
        told = [
            (agreement.pk, {"fact": agreement.pk, "import": job.pk, "row": row.number, "draft": draft})
            for row, agreement in fresh
            if agreement.is_draft == draft
        ]
        if told:
            recording.record_many(verb=verb, by=by, subject_kind="agreement", subjects=told)


def link_next(job: Import, by: Appointment, size: int) -> int:
    """Put in what exported articles say of other agreements, once all of the file are made; how many rows."""
    if not job.is_own_format:
        return 0
    waiting = job.rows.filter(state=RowState.MADE, made__new=True).exclude(made__has_key="linked")
    rows = list(waiting.order_by("number")[:size])
    for row in rows:
        _link(job, by, row)
        row.made["linked"] = True
    ImportRow.objects.bulk_update(rows, ["made", "findings"])
    return len(rows)


def _link(job: Import, by: Appointment, row: ImportRow) -> None:
    document = row.values["document"]
    own = dict(zip((item["key"] for item in document["articles"]), row.made["clauses"], strict=True))
    for item in document["articles"]:
        clause = own[item["key"]]
        if item.get("continues"):
            found = articles(job, by, [item["continues"]])
            earlier = _own_first(job, item["continues"], found)
            Clause.objects.filter(pk=clause).update(continues=earlier)
            _missing(row, earlier, f"{item['article']} takes the place of an article that is not here: left out.")
        for key in item.get("displaced_by", []):
            seen = Agreement.objects.visible_to(by).in_bulk([uuid.UUID(key), uuid.uuid5(job.pk, key)])
            above = _own_first(job, key, seen)
            if above is not None:
                Clause.objects.get(pk=clause).displaced_by.add(above)
            _missing(row, above, f"{item['article']} is displaced by an agreement that is not here: left out.")
    for item in document.get("relations", []):
        seen = Agreement.objects.visible_to(by).in_bulk([uuid.UUID(item["other"]), uuid.uuid5(job.pk, item["other"])])
        other = _own_first(job, item["other"], seen)
        if other is not None:
            _relate(job, by, row, item, other)
        _missing(row, other, f"What it is to another agreement ({item['kind']}) is left out: that is not here.")


def _relate(job: Import, by: Appointment, row: ImportRow, item: Mapping[str, Any], other: Agreement) -> None:
    key = uuid.UUID(item["key"])
    relation = Relation.objects.create(
        id=uuid.uuid5(job.pk, item["key"]) if Relation.objects.filter(pk=key).exists() else key,
        agreement_id=row.made["agreement"],
        kind=item["kind"],
        other=other,
        starts_on=date.fromisoformat(item["starts_on"]) if item.get("starts_on") else None,
        note=item.get("note", ""),
        **Built(job, by, timezone.now()).stamp,
    )
    row.made["relations"] = [*row.made["relations"], str(relation.pk)]


def _own_first(job: Import, key: str, found: Mapping[uuid.UUID, Any]) -> Any:
    """What this import made of the key, or else what has it in the register."""
    return found.get(uuid.uuid5(job.pk, key)) or found.get(uuid.UUID(key))


def _missing(row: ImportRow, found: Any, words: str) -> None:
    if found is None:
        row.findings = [*row.findings, {"level": Level.FLAG.value, "text": words, "column": 0, "code": "link"}]
