"""What other rooms keep of a draft: powers of officers, and documents."""

from django.db.models import Prefetch, QuerySet

from agreements.papers.models import Document
from agreements.powers.models import Power
from agreements.register.models import Agreement, Clause
from agreements.register.tasks import Answer, Found

# A text of many pages is not read for a list of drafts.
DOCUMENTS = Prefetch("documents", Document.objects.defer("words"))
# Not what an entry says, but when and by whom it was written down.
BESIDE = frozenset({"recorded_at", "recorded_by", "recorded_for"})
FIELDS = [field.attname for field in Power._meta.concrete_fields if field.name not in BESIDE]


def look_at_powers(agreement: Agreement) -> Found:
    """What officers may do, act by act. A draft without any is complete: nothing is permitted then."""
    clauses: list[Clause] = list(agreement.clauses.all())
    if not clauses:
        return Found(content=[], blocked="Add an article first: officers may do what an article says, or nothing.")
    rows = [(clause, row) for clause in clauses for row in clause.powers.all()]  # type: ignore[attr-defined]
    replaced = {row.replaces_id for _, row in rows}
    return Found(
        content=[[_plain(getattr(row, name)) for name in FIELDS] for _, row in rows],
        answers=[Answer(clause.article, _words(row)) for clause, row in rows if row.pk not in replaced],
    )


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, list) else str(value)


def _words(row: Power) -> str:
    sides = f"officers of {row.actor_id or 'every party'} in {row.host_id or 'every other'}"
    return f"{row.get_act_display()}, {sides}: {row.get_answer_display().lower()}"


def look_at_documents(agreement: Agreement) -> Found:
    """Its texts and papers, by their checksums: another file is another text."""
    rows: QuerySet[Document] = agreement.documents.all()  # type: ignore[attr-defined]
    standing = [row for row in rows if row.withdrawn_at is None and row.superseded_at is None]
    texts = any(row.is_official for row in standing)
    return Found(
        content=sorted([str(row.pk), row.kind, row.title, row.language, row.sha256] for row in standing),
        answers=[
            Answer(row.title, f"{row.get_kind_display()}, {row.get_language_display()}, SHA-256 {row.sha256[:12]}…")
            for row in standing
        ],
        odd=[] if texts else ["No authentic text is kept with it."],
    )
