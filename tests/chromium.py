"""The browser that tests and benchmarks drive: without a graphics card, and without calls home."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser
from playwright.sync_api import Playwright
from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A camera and a microphone of its own making, and leave to use them.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


_running: list[Playwright] = []


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start Chromium; a machine without it fails, it never skips."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "Chromium is missing; `scripts/setup/install.sh test` installs it"
    with _playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _playwright() -> Iterator[Playwright]:
    """Give the driver that runs in this process, or start it: a second one cannot be started.

    A test that opens a browser of its own may share its process with the one of the session.
    """
    if _running:
        yield _running[0]
        return
    with sync_playwright() as started:
        _running.append(started)
        try:
            yield started
        finally:
            _running.clear()
