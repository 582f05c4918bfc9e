"""The line between a phone's page and the server, cut inside the page.

Playwright's routes are not sure here: they are set up at the browser's network side, and a page
that a service worker has taken over goes on sending around those that come after it was loaded;
what a route holds back when its page is closed may be sent, too. A page of which `fetch` itself
fails sends nothing. How the line stands is kept in the browser: killed pages find it as it was.
"""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page

_SCRIPT = Path(__file__).with_name("line.js").read_text(encoding="utf-8")
_CHANGE = "(change) => window.testLine.write(change)"
_STEPS = r"/assignments/\d+/(?!marks$)|/incidents/\d+/photos$"


def cut(page: Page, paths: str = "") -> Callable[[], None]:
    """Let nothing that the phone tells reach the server; return what mends the line.

    ``paths`` narrows it to what is sent to paths that match a regular expression.
    """
    context = page.context
    _change(context, cut=paths or ".")
    return lambda: _change(context, cut=None)


@contextmanager
def answers_get_lost(page: Page) -> Iterator[Callable[[], list[int]]]:
    """Let each step reach the server, and its first answer nobody.

    Yield what returns the statuses of the answers lost so far.
    """
    _change(page.context, lose=_STEPS, heard={})
    yield lambda: list(page.evaluate("Object.values(window.testLine.read().heard)"))
    _change(page.context, lose=None)


def _change(context: BrowserContext, **change: object) -> None:
    """Say in each page how the line is from now on, and let those to come find it so."""
    context.add_init_script(_SCRIPT)
    for page in context.pages:
        if page.url.startswith("http"):
            page.evaluate(_SCRIPT)
            page.evaluate(_CHANGE, change)
