"""A real Chromium in tests: fixtures, the accessibility check, and no broken Content-Security-Policy.

`CHROMIUM` names the browser; without one on the machine these tests are skipped, except where `CI` is set.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from agencies.directory.models import Appointment, Officer

# Playwright runs a loop in this thread, and Django then takes every query for an asynchronous one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-zygote",
    "--disable-extensions",
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
# A machine with other work to do takes its time; what never comes still fails.
expect.set_options(timeout=15000)
PHONE, DESK = (390, 844), (1440, 900)
T = TypeVar("T")
# Of what is in order axe tells no nodes: working those out takes longer than looking.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("No Chromium here, and CI must not skip the browser.")
        pytest.skip("No Chromium on this machine (set CHROMIUM).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A page on the live server, and what the browser complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: Any) -> None:
        if "'beforeunload'" in message.text:
            return  # the browser itself lets go of an unsaved form that no hand touched
        if "Content Security Policy" in message.text or message.type == "error":
            self.complaints.append(f"{message.text} ({self.page.url})")

    def sign_in(self, who: Appointment | Officer) -> None:
        """A session of that officer, without the sign-in page."""
        client = Client()
        officer = who.officer if isinstance(who, Appointment) else who
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}])

    def open(self, path: str) -> Page:
        """The page, once it and its parts have come."""
        self.page.goto(f"{self.address}{path}")
        self.settle()
        return self.page

    def settle(self) -> None:
        for busy in ("[aria-busy=true]", "[data-map]:not([data-drawn])", "[data-chart]:not([data-drawn])"):
            expect(self.page.locator(busy)).to_have_count(0, timeout=20000)

    def theme(self, name: str) -> None:
        """light or dark, as the system asks for it."""
        self.page.emulate_media(color_scheme=name, reduced_motion="reduce")  # type: ignore[arg-type]

    def size(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})


@pytest.fixture
def served(live_server: Any) -> Iterator[str]:
    """The live server's address. It has answered all it was asked before the test lets go of the database.

    A page asks by itself, also at the last moment, and closing it does not end what the server has begun: that would
    wait for a table which is being emptied, while the emptying waits for it.
    """
    yield live_server.url
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(30)


@contextmanager
def fresh_profile(chromium: Browser, address: str) -> Iterator[Visitor]:
    """A visitor in a profile of their own. What the browser complains of (CSP, script errors) fails the test."""
    context = chromium.new_context(reduced_motion="reduce", locale="en-GB", timezone_id="Europe/Zurich")
    context.set_default_timeout(15000)
    someone = Visitor(context.new_page(), address)
    yield someone
    # What a page still loads is loaded, and complained of if it is to be complained of.
    for page in context.pages:
        page.wait_for_load_state("networkidle")
    context.close()
    assert someone.complaints == []


@pytest.fixture
def visitor(served: str, chromium: Browser) -> Iterator[Visitor]:
    """A visitor in a fresh browser profile."""
    with fresh_profile(chromium, served) as someone:
        yield someone


@pytest.fixture
def browser_page(visitor: Visitor) -> Page:
    """The visitor's page itself."""
    return visitor.page


def _read(page: Page, question: Callable[[], T]) -> T:
    """The answer of the page that is there when it is asked.

    A click returns before the page it leads to is there: what is asked of a page that goes away is asked of the next.
    """
    page.wait_for_load_state()
    try:
        return question()
    except Error:
        page.wait_for_load_state()
        return question()


def assert_axe_clean(page: Page) -> None:
    """No finding of axe at WCAG 2.2 AA, nor of its best practices, on what the page shows now."""
    lines = []
    for finding in _read(page, lambda: Axe().run(page, options=RULES)).response["violations"]:
        nodes = [node for node in finding["nodes"] if not _is_excepted(finding["id"], node["html"])]
        told = [f"    {node['html'][:200]}\n      {node['failureSummary'][:300]}" for node in nodes[:4]]
        if nodes:
            lines.append("\n".join([f"{finding['id']} ({finding['impact']}): {finding['help']}", *told]))
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def _is_excepted(rule: str, html: str) -> bool:
    """Pins of a map lie where the world has them; the list beside is the equivalent that 2.5.8 asks for."""
    return rule == "target-size" and "leaflet-marker-icon" in html


def assert_fits(page: Page) -> None:
    """Nothing makes the page wider than the screen."""
    widths = "() => [document.documentElement.scrollWidth, window.innerWidth]"
    width, screen = _read(page, lambda: page.evaluate(widths))
    assert width <= screen, f"{page.url} is {width} px wide on a screen of {screen} px"
