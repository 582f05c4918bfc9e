"""What people do at the console, in the words of the tests."""

import time
from collections.abc import Callable

from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

PATIENCE_S = 60
TWO_FRAMES = """() => new Promise(
  (done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"""
"""Until what was just changed is laid out and drawn."""


def pin(
    page: Page, address: str, *, kind: str = "gas_leak", at: tuple[int, int] = (360, 400)
) -> None:
    """Right-click the map, fill the form and press Enter; the candidates come by themselves."""
    page.locator("#map").click(button="right", position={"x": at[0], "y": at[1]})
    page.locator(f"#pin-kind-{kind}").check(force=True)
    page.fill("#pin-address", address)
    page.keyboard.press("Enter")
    page.locator(".incident-panel .candidate").first.wait_for()


def candidate(page: Page, crew: str) -> Locator:
    """Return a crew's row among the candidates."""
    return page.locator(".candidate", has=page.get_by_role("button", name=crew, exact=True))


def queue_row(page: Page, address: str) -> Locator:
    """Return an incident's row in the queue."""
    return page.locator(".incident-row", has_text=address)


def wait_until(page: Page, done: Callable[[], bool]) -> None:
    """Wait, while the page goes on, until something is so."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline_s
        page.wait_for_timeout(100)


def command(page: Page, line: str) -> None:
    """Type a command and press Enter on the first thing it offers."""
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("/")
    page.locator(".command-input").fill(line)
    page.keyboard.press("Enter")
