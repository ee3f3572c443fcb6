"""Typst documents to PDF/A-2a, the archival format that keeps structure for screen readers (ISO 19005-2)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse

from portal.audit import recording
from portal.printing import fonts
from portal.ui.icons import svg


@dataclass(frozen=True)
class Head:
    """What stands on every sheet."""

    title: str
    classification: str
    tlp: str
    printed_by: str
    printed_at: datetime
    zone: tzinfo
    validity: str
    language: str = "en"
    page_word: str = "Sheet"

    def plain(self) -> dict[str, Any]:
        local, utc = self.printed_at.astimezone(self.zone), self.printed_at.astimezone(UTC)
        return {
            **{name: value for name, value in asdict(self).items() if isinstance(value, str)},
            "time": f"{local:%-d %b %Y, %H:%M} {self.zone} ({utc:%H:%MZ})",
            "date": [utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second],
        }


def pdf(template: Path, head: Head, data: Mapping[str, Any]) -> bytes:
    """The document as PDF/A. Data reaches the template as text, never as markup: it cannot command the printer."""
    inputs = {"head": head.plain(), "data": recording.plain(data)}
    return typst.compile(
        str(template),
        root=str(settings.BASE_DIR),
        font_paths=[str(fonts.folder())],
        format="pdf",
        pdf_standards="a-2a",
        sys_inputs={"input": json.dumps(inputs, ensure_ascii=False)},
    )


def drawing(icon: str, colour: str) -> str:
    """A bootstrap icon as an SVG file for print."""
    inside = str(svg(icon)).partition(">")[2].rpartition("</svg>")[0]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="{colour}">{inside}</svg>'


def download(content: bytes, name: str) -> HttpResponse:
    """To be kept by whoever printed it and by no browser: the right to it may end with the next click."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
