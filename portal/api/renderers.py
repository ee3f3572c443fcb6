"""Media types that answers have besides JSON, so that a client may ask for what it gets."""

from typing import Any

from rest_framework.renderers import BaseRenderer


class _Ready(BaseRenderer):
    """For views that answer with a response of their own: negotiated by name, never asked to render."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        return data


class CalendarRenderer(_Ready):
    media_type = "text/calendar"
    format = "ics"


class FileRenderer(_Ready):
    media_type = "application/octet-stream"
    format = "file"


class GeoJsonRenderer(_Ready):
    media_type = "application/geo+json"
    format = "geojson"


class GpxRenderer(_Ready):
    media_type = "application/gpx+xml"
    format = "gpx"


class JpegRenderer(_Ready):
    media_type = "image/jpeg"
    format = "jpeg"


class CsvRenderer(_Ready):
    media_type = "text/csv"
    format = "csv"


class XlsxRenderer(_Ready):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


class SchemaRenderer(_Ready):
    media_type = "application/schema+json"
    format = "schema"
