"""The published description (OpenAPI 3.1): how one signs in, what errors look like, what every write accepts."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Choices
from django.utils.module_loading import import_string
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.hooks import postprocess_schema_enums
from drf_spectacular.settings import patched_settings, spectacular_settings

from portal.api.idempotency import HEADER, LONGEST_KEY
from portal.api.problems import CONTENT_TYPE

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The request, as ledger and log name it."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "reasons": {"type": "array", "items": {"type": "string"}},
    },
}
IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Send it again with the same key, and it is not done again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the version that was read.",
    "schema": {"type": "string"},
}
_METHODS = ("get", "post", "put", "patch", "delete")


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "agencies.directory.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "From POST /api/v1/auth/token/."}


def name_words(result: dict[str, Any], generator: Any, **context: Any) -> dict[str, Any]:
    """Postprocessing hook: a set of words is named after its class (`OperationStateEnum`), wherever it is used; two
    classes of one name are told apart in the settings."""
    given = spectacular_settings.ENUM_NAME_OVERRIDES
    told = [import_string(path) for path in given.values()]
    taken = {tuple(kind.choices) for kind in told if isinstance(kind, type) and issubclass(kind, Choices)}
    found = {f"{kind.__qualname__.replace('.', '')}Enum": kind for kind in _words(Choices) if kind.__members__}
    once = {tuple(kind.choices): name for name, kind in found.items()}
    named = {name: found[name] for choices, name in once.items() if choices not in taken} | given
    with patched_settings({"ENUM_NAME_OVERRIDES": named}):
        return postprocess_schema_enums(result, generator, **context)


def _words(kind: type[Choices]) -> Iterator[type[Choices]]:
    for inner in kind.__subclasses__():
        if inner.__module__.partition(".")[0] != "django":
            yield inner
        yield from _words(inner)


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: the problems of every operation, keys for every POST, the version of every PATCH."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components.setdefault("responses", {})["Problem"] = {"description": "A problem (RFC 9457).", "content": content}
    for path, method, operation in _operations(result):
        responses = operation.setdefault("responses", {})
        for status in _problems_of(path, method, operation):
            responses.setdefault(status, {"$ref": "#/components/responses/Problem"})
        headers = [IF_MATCH] if method == "patch" else [IDEMPOTENCY_KEY] if method == "post" else []
        named = {item.get("name") for item in operation.setdefault("parameters", [])}
        operation["parameters"] += [header for header in headers if header["name"] not in named]
    return result


def _problems_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    """What may go wrong, by status: 400 the request, 409 the state, 422 the values. `default` is for all else."""
    found = ["400", "401", "403"] if operation.get("security") != [{}] else ["400", "401"]
    if "{" in path:
        found.append("404")
    if method != "get":
        found += ["409", "422"]
    if method == "patch":
        found += ["412", "428"]
    return [*found, "default"]


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in result.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


class Generator(SchemaGenerator):
    """Describes the API once for each process to who asks: the description is the same for everybody.

    The command, which checks it and must warn, works it out each time.
    """

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        if not public or request is None or self.patterns is not None:
            return super().get_schema(request, public)
        key = self.urlconf, self.api_version, request.version
        if key not in _described:
            _described[key] = super().get_schema(request, public)
        return _described[key]


_described: dict[Any, Any] = {}
