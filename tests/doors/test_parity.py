"""The API beside every page: nothing is missing there, and nobody may more through it."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from agencies.directory.roles import ROLES
from portal.api.viewsets import ANY_OFFICER, KernelViewSet
from tests.doors import parity


def doors(resolver: URLResolver | None = None, path: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """(address, URL name, view) of everything that can be asked for."""
    for item in (resolver or get_resolver()).url_patterns:
        where = path + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from doors(item, where, item.namespace or space)
        else:
            assert isinstance(item, URLPattern)
            yield where, f"{space}:{item.name}" if space else str(item.name), item.callback


def pages() -> dict[str, Any]:
    return {name: view for where, name, view in doors() if not where.startswith("api/")}


def operations() -> dict[str, str]:
    """Every operation of the API, with the permission it asks for; empty for what asks for none."""
    found = {}
    for where, name, view in doors():
        if not where.startswith("api/"):
            continue
        kind = getattr(view, "cls", None)
        if kind is None or not issubclass(kind, KernelViewSet):
            methods = {name for name in ("get", "post", "delete") if hasattr(getattr(view, "view_class", kind), name)}
            found.update({f"{method.upper()} {name}": "" for method in methods})
            continue
        for method, action in view.actions.items():
            if method == "head":
                continue  # Put there with the first request.
            assert action in kind.required_permissions, f"{kind.__name__}.{action} has no permission entry"
            found[f"{method.upper()} {name}"] = str(kind.required_permissions[action])
    return found


def test_every_page_has_operations_or_a_reason() -> None:
    assert not parity.SAME.keys() & parity.NONE.keys()
    assert set(pages()) == parity.SAME.keys() | parity.NONE.keys()
    assert all(reason.endswith(".") for reason in parity.NONE.values())


def test_every_operation_of_the_table_exists() -> None:
    named = {operation for found in parity.SAME.values() for operation in found}
    assert all(parity.SAME.values())
    assert named - set(operations()) == set()


def test_a_page_that_takes_a_form_has_an_operation_that_writes() -> None:
    """The names say which: they are verbs, or the word for what is made."""
    verbs = (
        "-create", "-edit", "-change", "-open", "-close", "-archive", "-cancel", "-accept", "-end", "-issue", "-revoke",
        "-take", "-start", "-attach", "-put", "-confirm", "-withdraw", "-release", "-mark", "-see", "-see-all",
        "-replay", "-rsvp", "-choose", "-contacts", "-link", "-track",
    )  # fmt: skip
    taken = [name for name in parity.SAME if name.endswith(verbs)]
    assert len(taken) > 40
    for name in taken:
        assert any(not operation.startswith("GET ") for operation in parity.SAME[name]), name


def _holders(permission: str) -> set[str]:
    if permission == ANY_OFFICER:
        return {role.value for role in ROLES}
    return {role.value for role, sheet in ROLES.items() if permission in sheet.permissions}


def test_nobody_may_more_through_the_api() -> None:
    """Where a page asks for a permission, the operations beside it ask for no less."""
    known, checked = operations(), 0
    for name, view in pages().items():
        permission = getattr(view, "required_permission", None)
        for operation in parity.SAME.get(name, ()) if permission else ():
            if operation.startswith("GET ") and known[operation] == ANY_OFFICER:
                continue  # A list or a record of whatever kind: the door decides, row by row.
            if f"{name} {operation}" not in parity.WIDER:
                assert _holders(known[operation]) <= _holders(str(permission)), (name, operation)
                checked += 1
    assert checked > 60


def test_the_wider_ones_are_still_there() -> None:
    for line in parity.WIDER:
        page, _, operation = line.partition(" ")
        assert operation in parity.SAME[page], line


def test_the_description_is_valid_and_without_a_warning() -> None:
    """OpenAPI 3.1, checked by the generator itself. Fails on the first warning."""
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    assert '"openapi": "3.1.0"' in out.getvalue()


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415

    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return, no-untyped-call]


def test_every_operation_is_described_with_its_problems(description: dict[str, Any]) -> None:
    count = 0
    for path, item in description["paths"].items():
        for method, operation in item.items():
            count += 1
            answers = operation["responses"]
            assert "default" in answers, path
            places = [(part["name"], part["in"]) for part in operation.get("parameters", [])]
            assert len(places) == len(set(places)), path
            assert ("404" in answers) == ("{" in path), path
            assert ("412" in answers) == (method == "patch"), path
            assert any(status.startswith("2") for status in answers), path
            assert operation.get("description"), f"{method} {path} is not explained"
    assert count == len([name for name in operations() if name.split()[1] not in ("schema", "docs")])
    problem = description["components"]["responses"]["Problem"]["content"]
    assert list(problem) == ["application/problem+json"]
