"""Closures over HTTP: made, listed, lifted, refused by field, and in force in every worker."""

import math
import time
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.settings import Settings
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told
from tests.webconsole.served_console import ANSWER_S
from tests.webconsole.served_console import Server
from tests.webconsole.served_console import serving
from tests.workers import alone
from tests.workers import workers_of

PATH = "/api/v1/closures"
EFFECT_S = 20.0
"""Without being told, a worker would look after thirty seconds."""


@pytest.fixture
def block(grid_city: GridCity) -> dict[str, Any]:
    """Return a request that shuts row 3 between columns 4 and 5."""
    corners = [(4.2, 2.9), (4.8, 2.9), (4.8, 3.1), (4.2, 3.1), (4.2, 2.9)]
    ring = [list(grid_city.at(*corner)) for corner in corners]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"kind": "area", "geometry": geometry, "reason": "Burst main"}


def test_a_closure_is_made_found_listed_and_lifted(desk: Program, block: dict[str, Any]) -> None:
    """Each answer has the shape that the description promises."""
    made = desk.post(PATH, block)
    closure = told(made)
    found = desk.get(made.headers["Location"])
    listed = desk.get(f"{PATH}?active=true")
    lifted = desk.post(f"{PATH}/{closure['id']}/lift", {"reason": "Filled in"})

    assert made.status_code == 201
    assert (closure["state"], closure["created_by"], closure["version"]) == ("active", "dora", 1)
    assert closure["geometry"] == block["geometry"]
    assert told(found) == closure
    assert told(listed)["closures"] == [closure]
    assert told(lifted)["state"] == "over"
    assert (told(lifted)["lifted_by"], told(lifted)["lift_reason"]) == ("dora", "Filled in")
    assert told(desk.get(f"{PATH}?active=true"))["closures"] == []
    assert told(desk.get(PATH))["closures"] == [told(lifted)]


def test_a_repeated_request_closes_once(desk: Program, block: dict[str, Any]) -> None:
    """As sending a crew does."""
    key = {"Idempotency-Key": "8f1c"}

    first = desk.post(PATH, block, headers=key)
    again = desk.post(PATH, block, headers=key)

    assert told(again) == told(first)
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(told(desk.get(PATH))["closures"]) == 1


def test_the_road_between_two_points_is_shown_before_it_is_closed(
    desk: Program, grid_city: GridCity
) -> None:
    """As it will be closed, to be looked at first."""
    ends = [grid_city.at(4.5, 3), grid_city.at(5, 3.5)]
    asked = "&".join(
        f"{name}={lon},{lat}" for name, (lon, lat) in zip(("from", "to"), ends, strict=True)
    )
    geometry = {"type": "LineString", "coordinates": [list(each) for each in ends]}

    shown = desk.get(f"{PATH}/stretch?{asked}")
    made = desk.post(PATH, {"kind": "road", "geometry": geometry, "reason": "Trench"})

    assert shown.mimetype == "application/geo+json"
    assert told(shown)["geometry"] == told(made)["geometry"]
    assert len(told(shown)["geometry"]["coordinates"]) == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "river"}, "kind"),
        ({"geometry": None}, "geometry"),
        ({"geometry": [1, 2]}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[7.4, 43.7]] * 3]}}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": {"a": 1}}}, "geometry"),
        ({"direction": "north"}, "direction"),
        ({"from_at": "now"}, "from_at"),
        ({"until_at": "2020-01-01T00:00:00Z"}, "until_at"),
        ({"reason": None}, "reason"),
        ({"reason": ""}, "reason"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_input_is_refused_by_its_field(
    desk: Program, block: dict[str, Any], change: dict[str, object], field: str
) -> None:
    """Nothing is closed by a request with errors."""
    assert set(refused_fields(desk.post(PATH, {**block, **change}))) == {field}
    assert told(desk.get(PATH))["closures"] == []


def test_a_geometry_that_no_number_can_hold_is_refused(
    desk: Program, block: dict[str, Any]
) -> None:
    """JSON may carry 1e400 and depths that no polygon has."""
    deep = "[" * 60 + "]" * 60
    for coordinates in ("[[[1e400, 0], [1, 1], [2, 2]]]", "[[[NaN, 0], [1, 1], [2, 2]]]", deep):
        body = (
            '{"kind": "area", "reason": "x", '
            f'"geometry": {{"type": "Polygon", "coordinates": {coordinates}}}}}'
        )
        assert "geometry" in refused_fields(desk.post(PATH, data=body))
    assert block["kind"] == "area"


def test_crews_read_closures_and_do_not_write_them(
    program: Callable[[Actor], Program],
    people: People,
    yard: CrewYard,
    desk: Program,
    block: dict[str, Any],
) -> None:
    """403 for both doors that change something."""
    crew = program(people.sign_up("cruz", Role.CREW, crew_id=yard.put("A", 1, 1)))
    closure = told(desk.post(PATH, block))

    assert told(crew.get(PATH))["closures"] == [closure]
    assert crew.post(PATH, block).status_code == 403
    assert crew.post(f"{PATH}/{closure['id']}/lift").status_code == 403
    assert told(desk.get(f"{PATH}/{closure['id']}"))["state"] == "active"


def test_nobody_else_reads_them(app: Any, desk: Program) -> None:  # noqa: ANN401
    """Nor are there closures with other numbers."""
    assert app.test_client().get(PATH).status_code == 401
    assert desk.get(f"{PATH}/7").status_code == 404
    assert desk.post(f"{PATH}/7/lift").status_code == 404


def test_chinese_desks_read_refusals_in_chinese(desk: Program, grid_city: GridCity) -> None:
    """The place of the crossing included."""
    corners = [(1, 1), (2, 2), (2, 1), (1, 2)]
    ring = [list(grid_city.at(*corner)) for corner in corners]
    wanted = {
        "kind": "area",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "reason": "抢修",
    }

    answer = desk.post(PATH, wanted, headers={"Accept-Language": "zh-CN"})

    assert "自相交" in refused_fields(answer)["geometry"]


@dataclass(frozen=True, slots=True)
class Workers:
    """Asks one worker at a time how long a crew takes: the others stand still meanwhile."""

    server: Server
    asked: str
    headers: dict[str, str]
    client: httpx.Client

    def all_say(self, expected: Callable[[float], bool], patience_s: float) -> None:
        """Ask each worker again and again until it says what is expected; until patience ends."""
        deadline_s = time.monotonic() + patience_s
        numbers = workers_of(self.server.process.pid)
        assert len(numbers) == 2
        for worker in numbers:
            with alone(worker, numbers):
                while not expected(self._travel_time_s()):
                    assert time.monotonic() < deadline_s, f"worker {worker} never said it"

    def desk(self) -> httpx.Client:
        """Return the dispatcher's program, to be entered; it is answered by either worker."""
        return httpx.Client(base_url=self.server.url, headers=self.headers, timeout=ANSWER_S)

    def _travel_time_s(self) -> float:
        """Return what the worker says; no number while it still loads the roads."""
        answer = self.client.get(self.asked).raise_for_status()
        seconds: float | None = answer.json()["candidates"][0]["travel_time_s"]
        return math.nan if seconds is None else seconds


@pytest.fixture
def workers(
    services: Services,
    dispatcher: Actor,
    yard: CrewYard,
    pin: Callable[..., dict[str, Any]],
    settings: Settings,
) -> Iterator[Workers]:
    """Return two real workers; a crew stands at 3.5 of row 3, the incident is at 6.5."""
    yard.put("West", 3.5, 3)
    incident = pin(6.5, 3)
    token = services.accounts.issue_token(dispatcher)["token"]
    headers = {"Authorization": f"Bearer {token}"}
    # A new connection for each question: it goes to whoever is awake.
    with (
        serving(settings, workers=2) as server,
        httpx.Client(headers={**headers, "Connection": "close"}, timeout=ANSWER_S) as client,
    ):
        asked = f"{server.url}/api/v1/incidents/{incident['id']}/candidates?radius_m=5000"
        found = Workers(server, asked, headers, client)
        found.all_say(lambda seconds: 59 < seconds < 61, ANSWER_S)
        yield found


@pytest.mark.postgis
@pytest.mark.real_time
def test_a_closure_holds_in_every_worker_at_once(workers: Workers, block: dict[str, Any]) -> None:
    """Posted to one worker, asked of both; 60 s straight, a block north and back 40 s more."""
    with workers.desk() as desk:
        made = desk.post(PATH, json=block).raise_for_status().json()
        workers.all_say(lambda seconds: seconds > 100, EFFECT_S)

        desk.post(f"{PATH}/{made['id']}/lift", json={}).raise_for_status()
        workers.all_say(lambda seconds: 59 < seconds < 61, EFFECT_S)


@pytest.mark.postgis
@pytest.mark.real_time
def test_a_timed_closure_begins_and_ends_by_itself_in_every_worker(
    workers: Workers, block: dict[str, Any]
) -> None:
    """Nobody says anything at those moments: each worker watches the clock."""
    soon = timedelta(seconds=6)
    with workers.desk() as desk:
        begins = datetime.now(UTC) + soon
        coming = desk.post(PATH, json={**block, "from_at": begins.isoformat()}).json()
        workers.all_say(lambda seconds: seconds > 100, soon.seconds + EFFECT_S)
        assert datetime.now(UTC) >= begins

        # Who knows that this one is lifted knows of the other.
        ends = datetime.now(UTC) + soon
        desk.post(PATH, json={**block, "until_at": ends.isoformat()}).raise_for_status()
        desk.post(f"{PATH}/{coming['id']}/lift", json={}).raise_for_status()
        workers.all_say(lambda seconds: 59 < seconds < 61, soon.seconds + EFFECT_S)
        assert datetime.now(UTC) >= ends
