"""Every administration subject opens, in both languages."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Request

from dispatch.access.permissions import Role
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings
from webconsole.administration.registry import GROUPS

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
SUBJECTS = [each.name for group in GROUPS for each in group.subjects if each.script]
WITH_AXE = ("second-factors", "kinds", "stations")


def _listen(page: Page, troubles: list[str]) -> None:
    """Note what a page says is wrong; what is given up because the next page opens is not."""

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":
            troubles.append(f"{request.url}: {request.failure}")

    page.on("requestfailed", failed)
    page.on(
        "console",
        lambda said: troubles.append(f"{page.url}: {said.text}") if said.type == "error" else None,
    )
    page.on(
        "response",
        lambda came: troubles.append(f"{came.url}: {came.status}") if came.status >= 400 else None,
    )


def test_every_subject_opens_without_an_error_in_both_languages(town: Town, door: Door) -> None:
    """Each shows a heading and its list; the language is switched on the page."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    town.add_crew("East 1", CASINO, skills=("gas",))
    desk = door.desk("ada")
    desk.goto(f"{town.server.url}/administration/{SUBJECTS[0]}")
    troubles: list[str] = []
    _listen(desk, troubles)
    headings: dict[str, list[str]] = {}
    grave: list[str] = []

    for switch in (None, "中文"):
        if switch:
            desk.get_by_role("button", name=switch).click()
            desk.get_by_role("button", name="English").wait_for()
        for name in SUBJECTS:
            desk.goto(f"{town.server.url}/administration/{name}", wait_until="commit")
            desk.locator("body[data-ready]").wait_for()
            headings.setdefault(name, []).append(desk.locator("main h1").inner_text())
            if switch and name in WITH_AXE:
                grave += findings(desk)

    assert troubles == []
    assert grave == []
    unlike = {name: told for name, told in headings.items() if len(set(told)) < 2 or not all(told)}
    assert unlike == {}
