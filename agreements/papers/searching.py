"""Full-text search in the documents that the reader may open, and in nothing else (R17).

What may be read is found first, and words are compared in those rows alone: there is no index over the words of all,
so that a search takes the same time whether or not a hidden document would match.
"""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from agencies.directory.models import Appointment
from agreements.papers.choices import MediaType, config_of
from agreements.papers.models import Document
from agreements.papers.querysets import DocumentQuerySet

PAGE = 20
LAST_PAGE = 500
# Signs of Unicode's private use: no text keeps them (`extracting.UNWANTED`).
BEGIN, END = "\ue000", "\ue001"
HEADLINE = f'StartSel="{BEGIN}", StopSel="{END}", MaxFragments=2, MaxWords=28, MinWords=10, FragmentDelimiter=" … "'
ASKED = """asked AS MATERIALIZED (SELECT config, websearch_to_tsquery(config::regconfig, %(text)s) AS query
 FROM (SELECT DISTINCT config FROM mine) AS used)"""
MATCHES = f"""WITH mine AS MATERIALIZED (SELECT d.id, m.config, d.words
 FROM unnest(%(keys)s::uuid[], %(configs)s::text[]) AS m(id, config) JOIN papers_document d ON d.id = m.id),
 {ASKED}, found AS (SELECT mine.id, ts_rank(mine.words, asked.query) AS rank
 FROM mine JOIN asked USING (config) WHERE mine.words @@ asked.query)
SELECT id, count(*) OVER () FROM found ORDER BY rank DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s"""
# A passage need not hold all of the words: the document does.
SNIPPETS = f"""WITH mine AS MATERIALIZED (SELECT * FROM unnest(%(keys)s::uuid[], %(configs)s::text[]) AS m(id, config)),
 {ASKED}, either AS MATERIALIZED (SELECT config, replace(query::text, '&', '|')::tsquery AS query FROM asked),
 best AS (SELECT p.document_id, p.number, p.text, mine.config, either.query, row_number() OVER (
 PARTITION BY p.document_id ORDER BY ts_rank(p.words, either.query) DESC, p.number) AS place
 FROM mine JOIN either USING (config) JOIN papers_passage p ON p.document_id = mine.id AND p.words @@ either.query)
SELECT document_id, number, ts_headline(config::regconfig, text, query, %(options)s)
 FROM best WHERE place <= 2 ORDER BY document_id, number"""


@dataclass(frozen=True)
class Part:
    """Some words of a snippet; `marked`: what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Snippet:
    """Where something was found. `page` of a PDF alone: others have no pages of their own."""

    page: int | None
    parts: list[Part]


@dataclass(frozen=True)
class Found:
    document: Document
    snippets: list[Snippet] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """One page of what was found, best first, and how many documents match in all."""

    rows: list[Found]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1


def narrowed(by: Appointment, **filters: Any) -> DocumentQuerySet:
    """Documents that may be opened, current versions unless `old`; by agreement, language and kind."""
    rows = Document.objects.readable_by(by).standing()
    if not filters.get("old"):
        rows = rows.current()
    for name in ("agreement", "language", "kind"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    return rows


def search(rows: DocumentQuerySet, text: str, page: int = 1) -> Result:
    """Those of `rows` that hold the words: `"a phrase"`, `or`, and `-not` as search machines have them."""
    page = min(max(page, 1), LAST_PAGE)
    languages = dict(rows.order_by().values_list("pk", "language"))
    configs = {key: config_of(language) for key, language in languages.items()}
    found = _rows(MATCHES, configs, text, limit=PAGE, offset=(page - 1) * PAGE)
    keys = [key for key, _ in found]
    documents = Document.objects.with_words().in_bulk(keys)
    snippets = _snippets({key: configs[key] for key in keys}, documents, text)
    hits = [Found(documents[key], snippets[key]) for key in keys if key in documents]
    return Result(hits, found[0][1] if found else 0, page)


def latest(rows: DocumentQuerySet, page: int = 1) -> Result:
    """Without words to look for: the newest first."""
    page = min(max(page, 1), LAST_PAGE)
    start = (page - 1) * PAGE
    chosen = rows.with_words().order_by("-added_at", "-pk")[start : start + PAGE]
    return Result([Found(row) for row in chosen], rows.order_by().count(), page)


def _rows(statement: str, configs: dict[uuid.UUID, str], text: str, **more: Any) -> list[tuple[Any, ...]]:
    if not configs:
        return []
    values = {"keys": list(configs), "configs": list(configs.values()), "text": text, **more}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _snippets(
    configs: dict[uuid.UUID, str], documents: dict[uuid.UUID, Document], text: str
) -> dict[uuid.UUID, list[Snippet]]:
    found: dict[uuid.UUID, list[Snippet]] = defaultdict(list)
    for key, number, line in _rows(SNIPPETS, configs, text, options=HEADLINE):
        is_paged = key in documents and documents[key].media_type == MediaType.PDF
        found[key].append(Snippet(number if is_paged else None, list(parts(line))))
    return found


def parts(line: str) -> Iterable[Part]:
    """The line cut at the signs that stand around found words."""
    marked = False
    for text in re.split(f"([{BEGIN}{END}])", line):
        if text in (BEGIN, END):
            marked = text == BEGIN
        elif text:
            yield Part(text, marked)
