"""`Idempotency-Key`: a write sent again is not done again. For devices that lose the answer, not the request."""

import hashlib
import json
from typing import Any, cast

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.audit import recording
from portal.outbox.models import IdempotencyKey

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
CHUNK = 64 * 1024
# Headers of the first answer that belong to the second.
KEPT = ("Location", "ETag")


class InFlight(APIException):
    status_code = 409
    default_detail = "The first request with this key is still being worked on. Send it again in a moment."
    default_code = "idempotency_key_in_flight"


class KeyReused(APIException):
    status_code = 422
    default_detail = "This key was used for a different request. Use a new key for a new request."
    default_code = "idempotency_key_reused"


class IdempotentMixin:
    """For viewsets: POST with the header answers the second time what it answered the first.

    Only what succeeded is kept: what was refused changed nothing and is judged anew. A key belongs to one
    appointment and one address for 30 days. What the first answer showed must still be visible, or the second is
    404; a record that was made is shown as it may be seen now (R13), and that stands in the ledger (R29).
    Needs the request's transaction (ATOMIC_REQUESTS).
    """

    _first: IdempotencyKey | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST" and HEADER in request.headers:
            self._begin(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if self._first is not None and isinstance(response, Response) and response.status_code < 300:
            self._keep(self._first, response)
        return response

    def _begin(self, request: Request) -> None:
        key = request.headers[HEADER]
        if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise ValidationError({HEADER: [f"Give 1 to {LONGEST_KEY} printable ASCII characters."]})
        row = IdempotencyKey(
            appointment=str(request.appointment.pk),  # type: ignore[attr-defined]
            endpoint=f"{request.method} {request.path}"[:250],
            key=key,
            request_hash=_hash_of(request),
        )
        _lock(row)
        stored = IdempotencyKey.objects.filter(appointment=row.appointment, endpoint=row.endpoint, key=key).first()
        if stored is None:
            self._first = row
        elif stored.request_hash != row.request_hash:
            raise KeyReused
        else:
            # The handler DRF looks up next.
            self._stored = stored
            self.post = self._replay

    def _keep(self, row: IdempotencyKey, response: Response) -> None:
        row.status = response.status_code
        row.headers = {name: response[name] for name in KEPT if name in response}
        row.body = "" if response.data is None else JSONRenderer().render(response.data).decode()
        row.subject = self._subject_of(response.data)
        row.save(force_insert=True)
        self._first = None

    def _subject_of(self, data: Any) -> str:
        lookup = self.lookup_url_kwarg or self.lookup_field  # type: ignore[attr-defined]
        made = data.get("id", "") if isinstance(data, dict) else ""
        return str(self.kwargs.get(lookup, made) or "")[:64]  # type: ignore[attr-defined]

    def _replay(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        stored = self._stored
        if stored.subject:
            mine = self.get_queryset().filter(**{self.lookup_field: stored.subject})  # type: ignore[attr-defined]
            row = mine.first()
            if row is None:
                raise Http404
            items = list(self.disclosures([row]))  # type: ignore[attr-defined]
            if items and self.action == "create":  # type: ignore[attr-defined]
                return self._shown_again(row, stored)
            recording.disclose(by=request.appointment, items=items)  # type: ignore[attr-defined]
        recording.record(
            verb="response.replay",
            by=request.appointment,  # type: ignore[attr-defined]
            subject_kind=self.basename or "",  # type: ignore[attr-defined]
            subject_id=stored.subject,
            data={"endpoint": stored.endpoint},
        )
        headers = {**stored.headers, "Idempotent-Replayed": "true"}
        return HttpResponse(
            stored.body, status=stored.status, headers=headers, content_type="application/json" if stored.body else None
        )

    def _shown_again(self, row: Any, stored: IdempotencyKey) -> HttpResponse:
        response = cast(HttpResponse, self.shown(row, status=stored.status))  # type: ignore[attr-defined]
        for name, value in stored.headers.items():
            response.setdefault(name, value)
        response["Idempotent-Replayed"] = "true"
        return response


def _lock(row: IdempotencyKey) -> None:
    """Hold the key until the transaction ends, or raise InFlight when another request holds it."""
    name = json.dumps(["idempotency", str(row.appointment), row.endpoint, row.key]).encode()
    number = int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise InFlight


def _hash_of(request: Request) -> str:
    """Digest of what was sent: query and body; of a form with files, fields and contents (boundaries differ)."""
    total = hashlib.sha256(json.dumps(sorted(request.query_params.lists())).encode())
    if not (request.content_type or "").startswith("multipart/"):
        total.update(_raw(request).body)
        return total.hexdigest()
    for name, values in sorted(cast(Any, request.data).lists()):
        for value in values:
            total.update(json.dumps(name).encode())
            total.update(_content(value))
    return total.hexdigest()


def _raw(request: Request) -> HttpRequest:
    return request._request


def _content(value: Any) -> bytes:
    if not hasattr(value, "chunks"):
        return hashlib.sha256(str(value).encode("utf-8", "replace")).digest()
    inner = hashlib.sha256()
    for chunk in value.chunks(CHUNK):
        inner.update(chunk)
    value.seek(0)
    return inner.digest()
