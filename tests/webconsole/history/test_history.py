"""The history over HTTP: as described, as a table, and as a page in two languages."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
PATH = "/api/v1/history/incidents"
Pin = Callable[..., dict[str, Any]]


@pytest.fixture
def ended(desk: Program, pin: Pin) -> int:
    """Return the number of an incident that was cancelled."""
    number = int(pin(3, 3, address="Row 3, <b>gate</b>")["id"])
    assert desk.post(f"/api/v1/incidents/{number}/cancel", {"reason": "twice"}).status_code == 200
    return number


def test_it_is_found_by_filters_and_wrong_ones_are_named(
    desk: Program, ended: int, program: Callable[[Actor], Program], people: People, yard: CrewYard
) -> None:
    """Each answer as the description has it."""
    found = told(desk.get(f"{PATH}?words=gate&state=cancelled&limit=1"))
    wrong = desk.get(f"{PATH}?from=yesterday&priority=9&state=lost&number=x")

    assert [each["id"] for each in found["incidents"]] == [ended]
    assert found["next_before_id"] is None
    assert set(refused_fields(wrong)) == {"from", "priority", "state", "number"}
    cruz = people.sign_up("cruz", Role.CREW, crew_id=yard.put("Crew of Cruz", 1, 1))
    assert program(cruz).get(PATH).status_code == 403


def test_the_table_is_a_file_and_not_to_be_had_without_end(desk: Program, ended: int) -> None:
    """Six in a minute; one that is too wide is refused with the field."""
    wide = desk.get(f"{PATH}.csv")
    answers = [desk.get(f"{PATH}.csv?from=2026-01-01&to=2026-12-31") for _ in range(6)]

    assert set(refused_fields(wide)) == {"from"}
    first = answers[0]
    assert (first.status_code, first.mimetype) == (200, "text/csv")
    assert "attachment" in first.headers["Content-Disposition"]
    assert first.data.startswith(b"\xef\xbb\xbfnumber,")
    assert f"\n{ended},".encode() in first.data
    assert answers[-1].status_code == 429


def test_the_page_keeps_its_filters_in_its_address(
    people: People, browser: Callable[[str], FlaskClient], services: Services, ended: int
) -> None:
    """Words are escaped; wrong filters and the time zone are named in the reader's language."""
    people.sign_up("paula", Role.DISPATCHER)
    client = browser("paula")

    page = client.get("/history?words=gate&state=cancelled").text
    client.set_cookie("language", "zh")
    chinese = client.get("/history?words=gate&from=gestern").text

    assert f"/?incident={ended}" in page
    assert f"/replay/incident/{ended}" in page
    assert "Row 3, &lt;b&gt;gate&lt;/b&gt;" in page
    assert 'value="gate"' in page
    assert "incidents.csv?words=gate&amp;state=cancelled&amp;from=" in page
    assert "历史险情" in chinese
    assert "必须是日期" in chinese
    assert f"时间按 {services.settings.time_zone} 时区。" in chinese
