"""Home of each role, and the situation of an operation, in a real browser: clean for axe, on both sizes and themes."""

import pytest
from playwright.sync_api import expect

from agencies.directory.roles import Role
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.operations.picture.conftest import Scene, situation
from tests.operations.picture.test_home import of_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(size, theme) for size in (PHONE, DESK) for theme in ("light", "dark")]


def looked_at(visitor: Visitor, path: str) -> None:
    for size, theme in LOOKS:
        visitor.size(*size)
        visitor.theme(theme)
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)


@pytest.mark.parametrize("role", list(Role))
def test_home_is_clean(visitor: Visitor, scene: Scene, role: Role) -> None:
    scene.fill()
    visitor.sign_in(of_role(scene.cast, role))
    looked_at(visitor, "/")


@pytest.mark.parametrize("name", ["xenia", "yara"])
def test_situation_is_clean(visitor: Visitor, scene: Scene, name: str) -> None:
    scene.fill()
    visitor.sign_in(getattr(scene.cast, name))
    looked_at(visitor, situation(scene.operation))


def test_situation_by_keyboard(visitor: Visitor, scene: Scene) -> None:
    scene.fill()
    visitor.sign_in(scene.cast.xenia)
    visitor.size(*DESK)
    page = visitor.open(situation(scene.operation))
    beside = page.locator(".map-list")
    expect(beside.get_by_role("button")).to_have_count(7)
    beside.get_by_role("button", name="Shore patrol").press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_contain_text("last known")
    # The chart is drawn from the table beside it, whose numbers lead to the legs.
    expect(page.locator("figure[data-drawn] canvas")).to_be_visible()
    page.get_by_role("link", name="2 legs of Y1").press("Enter")
    expect(page.locator("table.rows tbody tr")).to_have_count(2)


def test_leader_starts_a_patrol_in_two_taps(visitor: Visitor, scene: Scene) -> None:
    scene.joint.plan(title="Tonight", by=scene.cast.lars)
    visitor.sign_in(scene.cast.anton)
    visitor.size(*PHONE)
    page = visitor.open("/")
    page.get_by_role("button", name="Start patrol").click()
    page.get_by_role("link", name="Start my leg").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("leg", ignore_case=True)
