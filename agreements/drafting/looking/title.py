"""Name and kind, and where it applies."""

from agreements.register.models import Agreement
from agreements.register.tasks import Answer, Found

FIELDS = ("short_name", "title", "kind", "made_under_id", "reference", "depositary", "summary", "source")


def look_at_name(agreement: Agreement) -> Found:
    missing = []
    if not agreement.title.strip():
        missing.append("Give it its full title.")
    if not agreement.short_name.strip():
        missing.append("Give it a short name.")
    above = agreement.made_under
    if above is not None and above.agreement.is_draft:
        missing.append("It stands under another draft: put that to its parties first.")
    return Found(
        content=[str(getattr(agreement, name) or "") for name in FIELDS],
        answers=_answers(agreement),
        missing=missing,
    )


def _answers(agreement: Agreement) -> list[Answer]:
    rows = [
        Answer("Short name", agreement.short_name),
        Answer("Full title", agreement.title),
        Answer("Kind", agreement.get_kind_display()),
    ]
    above = agreement.made_under
    if above is not None:
        # A draft's name is for its drafters: who reads this one may not know of that one (R23).
        rows.append(Answer("Stands under", "an article of another draft" if above.agreement.is_draft else str(above)))
    for label, value in (
        ("Reference", agreement.reference),
        ("Depositary", agreement.depositary),
        ("Summary", agreement.summary),
        ("Source", agreement.source),
    ):
        if value:
            rows.append(Answer(label, value))
    return rows


def look_at_area(agreement: Agreement) -> Found:
    """Nothing said: all of each party's territory."""
    where = agreement.territory.strip()
    return Found(
        content=[where] if where else [], answers=[Answer("Applies in", where or "all of each party’s territory")]
    )
