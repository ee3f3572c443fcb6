"""`make pictures`: takes the screenshots of the README and the documentation from the demo that runs."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from portal.embedded import places
from portal.embedded.demo import Demo, answers
from portal.embedded.refusal import Refusal
from portal.embedded.steps import Steps
from portal.embedded.suite import find_chromium
from portal.ui.demo import DEMO_PASSWORD

FOLDER = places.ROOT / "docs" / "pictures"
DESK, PHONE = (1280, 800), (390, 844)
TALLEST = 2200
LARGEST = 200_000  # bytes
CATCHING_UP = 120  # seconds: right after a first start the worker still sends what the demo data gave it
SETTLED = 1_200  # milliseconds for maps and panels that load by themselves
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]


@dataclass(frozen=True)
class Picture:
    """What is taken: a page as somebody sees it, whole or one part of it."""

    name: str
    login: str
    way: Callable[[Page], None]
    size: tuple[int, int] = DESK
    part: str = ""
    whole: bool = False
    dark: bool = False


def _through(*steps: str) -> Callable[[Page], None]:
    """A way through the portal: an address first, then the names of links."""

    def walk(page: Page) -> None:
        address = page.url.split("/", 3)
        page.goto(f"{address[0]}//{address[2]}{steps[0]}")
        for name in steps[1:]:
            page.locator("main").get_by_role("link", name=name).first.click()
            page.wait_for_load_state("networkidle")

    return walk


PICTURES = (
    Picture("home", "ch.commander", _through("/")),
    Picture("home-dark", "ch.commander", _through("/"), dark=True),
    Picture("operation", "ch.commander", _through("/operations/", "Lake Constance Autumn"), whole=True),
    Picture("patrol", "de.liaison", _through("/patrols/", "Untersee night"), whole=True),
    Picture("why", "de.liaison", _through("/patrols/", "Untersee night"), part="[aria-label='Why do I see this']"),
    Picture("agreement", "at.treaty", _through("/agreements/", "Technical Arrangement Nofels"), whole=True),
    Picture("timeline", "at.treaty", _through("/agreements/", "Prüm Convention"), part="[aria-labelledby=timeline]"),
    Picture("phone", "ch.liaison", _through("/patrols/mine/"), size=PHONE),
)


def _shoot(browser: Browser, demo: Demo, picture: Picture, password: str) -> bytes:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if picture.dark else "light", locale="en-GB"
    )
    page = context.new_page()
    page.goto(f"{demo.address}account/login/")
    page.fill("[name=login]", picture.login)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_load_state("networkidle")
    picture.way(page)
    for _ in range(CATCHING_UP):
        if not page.get_by_text("Alerts and reminders").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    if picture.whole:
        # The bar of actions sticks to the lower edge of the window, so the window is made as tall as the page.
        tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        page.set_viewport_size({"width": width, "height": tall})
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED)
    taken = page.locator(picture.part).first.screenshot() if picture.part else page.screenshot()
    context.close()
    return taken


def _smaller(data: bytes) -> bytes:
    """The same with 256 colours at most: a third of the size, and nobody sees it."""
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()


def take(port: int) -> int:
    """Takes them all anew."""
    demo = Demo(port)
    if not answers(f"{demo.address}account/login/"):
        raise Refusal(f"No demo runs with PORT={port}. Start it first: make demo PORT={port}")
    steps = Steps("pictures", number=2)
    with steps.step("Chromium") as step:
        chromium = step.outcome = find_chromium(step)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with steps.step("Pictures") as step, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for picture in PICTURES:
            try:
                data = _smaller(_shoot(browser, demo, picture, DEMO_PASSWORD))
            except Error as error:
                raise Refusal(f"{picture.name} could not be taken: {error.message.splitlines()[0]}") from error
            if len(data) > LARGEST:
                raise Refusal(f"{picture.name} has {len(data)} bytes, more than {LARGEST}: show less of the page.")
            (FOLDER / f"{picture.name}.png").write_bytes(data)
        browser.close()
        step.outcome = f"{len(PICTURES)} in {FOLDER.relative_to(places.ROOT)}"
    return 0
