"""How much a browser asks for until a page can be used; its size is held where files are made."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Request

from dispatch.access.permissions import Role
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
_MOST_REQUESTS = 22
_STREAM = 1
"""Opened by a shared worker, which no page hears of."""


def _asked_while_loading(page: Page, ready: str) -> list[str]:
    asked: list[str] = []

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and not address.path.startswith(("/tiles/", "/layers/")):
            asked.append(address.path)

    page.on("request", note)
    page.reload()
    page.locator(ready).wait_for()
    page.remove_listener("request", note)
    # What comes after the first paint may begin before it is noticed here.
    late = [at for at, path in enumerate(asked) if path.endswith("/crew_late.css")]
    return asked[: late[0]] if late else asked


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_there_after_a_handful_of_requests(town: Town, door: Door, language: str) -> None:
    """The console and the crew's page; tiles of the map come besides."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    desk = door.desk("dora", language=language)
    phone = door.phone("east", CASINO, language=language)

    by_desk = _asked_while_loading(desk, "body[data-ready] #connection[data-state=live]")
    by_phone = _asked_while_loading(phone, ".duty-screen[data-duty=on_duty]")

    assert len(by_desk) + _STREAM <= _MOST_REQUESTS, by_desk
    assert len(by_phone) <= _MOST_REQUESTS, by_phone
    # What the head of the page asks for ahead of its scripts is what they then use.
    assert len([path for path in by_desk if "/messages/" in path]) == (language == "zh")
