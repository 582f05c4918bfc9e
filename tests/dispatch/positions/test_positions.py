"""Positions in: nothing is lost, nothing wrong becomes the crew's position."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.instants import instant
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.positions.types import PositionResultsAnswer
from dispatch.positions.types import ReportPositions
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Report = Callable[..., dict[str, Any]]


@pytest.fixture
def crew_id(services: Services, administrator: Actor, clock: SettableClock) -> int:
    """Return a crew without any position, on duty for an hour."""
    clock.forward(-3_600)
    crew_id = services.crews.add(administrator, AddCrew(name="A", duty=Duty.ON_DUTY))
    clock.forward(3_600)
    return crew_id


@pytest.fixture
def report(crew_id: int, grid_city: GridCity, clock: SettableClock) -> Report:
    """Return a function that makes a report of that crew."""

    def make(
        column: float = 1, row: float = 1, *, age_s: float = 0, **fields: object
    ) -> dict[str, Any]:
        lon, lat = grid_city.at(column, row)
        fixed_at = instant(clock() - timedelta(seconds=age_s))
        return {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": fixed_at, **fields}

    return make


def statuses(answer: PositionResultsAnswer) -> list[tuple[str, str | None]]:
    """Return status and reason of each result."""
    return [(each["status"], each.get("reason")) for each in answer["results"]]


def test_the_newest_usable_fix_is_the_crews_position(
    services: Services,
    integration: Actor,
    dispatcher: Actor,
    crew_id: int,
    report: Report,
    grid_city: GridCity,
) -> None:
    """Sent in any order within a batch."""
    answer = services.positions.record(
        integration,
        ReportPositions(
            positions=[report(3, 1, age_s=0), report(1, 1, age_s=60), report(2, 1, age_s=30)]
        ),
    )

    assert statuses(answer) == [("used", None)] * 3
    crew = services.crews.get(dispatcher, crew_id)
    assert (crew["lon"], crew["lat"]) == pytest.approx(grid_city.at(3, 1))


def test_an_older_fix_joins_the_track_and_never_replaces_the_latest(
    services: Services,
    integration: Actor,
    dispatcher: Actor,
    crew_id: int,
    report: Report,
    grid_city: GridCity,
) -> None:
    """A phone that was without signal uploads its queue."""
    services.positions.record(integration, ReportPositions(positions=[report(3, 1)]))

    answer = services.positions.record(
        integration, ReportPositions(positions=[report(2, 1, age_s=30)])
    )

    assert statuses(answer) == [("kept", "outdated")]
    crew = services.crews.get(dispatcher, crew_id)
    assert (crew["lon"], crew["lat"]) == pytest.approx(grid_city.at(3, 1))
    track = services.crews.track(dispatcher, crew_id, None, None)
    assert len(track["properties"]["points"]) == 2


def test_the_same_fix_again_changes_nothing(
    services: Services,
    integration: Actor,
    report: Report,
) -> None:
    """Idempotent on (crew, fixed_at), within a batch and across."""
    once = report()

    first = services.positions.record(integration, ReportPositions(positions=[once, once]))
    again = services.positions.record(integration, ReportPositions(positions=[once]))

    assert statuses(first) == [("used", None), ("duplicate", None)]
    assert statuses(again) == [("duplicate", None)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"age_s": -86_400}, "future"),
        ({"lon": 0.0, "lat": 0.0}, "zero"),
        ({"accuracy_m": 501}, "inaccurate"),
        ({"lon": 43.7, "lat": 7.4}, "outside_ground"),
    ],
)
def test_an_unusable_fix_is_kept_with_its_reason_and_not_used(
    services: Services,
    integration: Actor,
    owner_engine: Engine,
    report: Report,
    fields: dict[str, Any],
    reason: str,
) -> None:
    """A clock a day ahead, null island, a cell-tower guess, latitude first."""
    answer = services.positions.record(integration, ReportPositions(positions=[report(**fields)]))

    assert statuses(answer) == [("kept", reason)]
    assert services.crews.get(integration, report()["crew_id"])["lon"] is None
    with owner_engine.connect() as connection:
        kept = connection.execute(text("SELECT refusal FROM position_report")).scalars().all()
    assert kept == [reason]


def test_an_impossible_jump_is_not_used_but_believed_after_two_minutes(
    services: Services,
    integration: Actor,
    report: Report,
) -> None:
    """11 blocks = 2.2 km in 10 s is 220 m/s; in 130 s it may be a ride on a truck."""
    jump = services.positions.record(
        integration, ReportPositions(positions=[report(0, 0, age_s=200), report(11, 0, age_s=190)])
    )
    later = services.positions.record(
        integration, ReportPositions(positions=[report(11, 0, age_s=70)])
    )

    assert statuses(jump) == [("used", None), ("kept", "impossible_speed")]
    assert statuses(later) == [("used", None)]


def test_the_second_fix_that_contradicts_the_latest_shows_that_it_was_wrong(
    services: Services,
    integration: Actor,
    dispatcher: Actor,
    crew_id: int,
    report: Report,
    grid_city: GridCity,
) -> None:
    """One wrong first fix must not hide a crew for two minutes; each comes in a request of its own.

    20 blocks = 4 km in 2 s are 2 km/s.
    """
    wrong, right, again = report(20, 0, age_s=4), report(0, 0, age_s=2), report(0, 0.1, age_s=0)

    answers = [
        services.positions.record(integration, ReportPositions(positions=[each]))
        for each in (wrong, right, again)
    ]

    assert [statuses(each)[0] for each in answers] == [
        ("used", None),
        ("kept", "impossible_speed"),
        ("used", None),
    ]
    crew = services.crews.get(dispatcher, crew_id)
    assert (crew["lon"], crew["lat"]) == pytest.approx(grid_city.at(0, 0.1))


def test_a_clock_that_is_ahead_makes_no_honest_fix_outdated(
    services: Services,
    integration: Actor,
    dispatcher: Actor,
    crew_id: int,
    report: Report,
    clock: SettableClock,
) -> None:
    """59 s ahead: it is where the crew is now, as of now. The track keeps what the device said."""
    ahead = report(1, 1, age_s=-59)
    services.positions.record(integration, ReportPositions(positions=[ahead]))
    as_of = services.crews.get(dispatcher, crew_id)["fixed_at"]
    said_at = clock() + timedelta(seconds=59)
    clock.forward(2)

    honest = services.positions.record(integration, ReportPositions(positions=[report(1.1, 1)]))

    assert as_of == instant(clock() - timedelta(seconds=2))
    assert statuses(honest) == [("used", None)]
    track = services.crews.track(dispatcher, crew_id, None, said_at)
    assert track["properties"]["fixed_at"] == [instant(clock()), instant(said_at)]


def test_half_a_surrogate_pair_in_one_fix_spoils_no_other(
    services: Services, integration: Actor, report: Report
) -> None:
    """A tracker's own field, cut off in the middle of a sign; the whole batch was no JSON."""
    fixes = [report(age_s=2), {**report(age_s=1), "crew_id": "\ud83d"}, report()]
    fixes[0]["driver"] = "\ud83d"

    answer = services.positions.record(
        integration, ReportPositions.read_json(json.dumps({"positions": fixes}).encode())
    )

    assert [each["status"] for each in answer["results"]] == ["used", "refused", "used"]
    assert [each["field"] for each in answer["results"][1]["errors"]] == ["crew_id"]


@pytest.mark.parametrize("body", [b'{"positions": [{"lon": "\\ud83d"', b"[" * 100_000])
def test_what_is_no_json_either_way_is_still_refused(body: bytes) -> None:
    """Cut off after the half pair; nested deeper than any parser goes."""
    with pytest.raises(ValidationError, match="json_invalid"):
        ReportPositions.read_json(body)


def test_phones_that_report_at_the_same_time_each_get_their_own_answer(
    services: Services, people: People, integration: Actor, yard: CrewYard
) -> None:
    """Twelve crews in twelve threads, every third with a fix that is refused: no mix-up."""
    crew_ids = [yard.put(f"Crew {number}", 1, 1, fix_age_s=60) for number in range(12)]
    phones = [
        people.sign_up(f"crew{number}", Role.CREW, crew_id=crew_id)
        for number, crew_id in enumerate(crew_ids)
    ]
    start = Barrier(len(phones))

    def report(number: int) -> list[str]:
        lon, lat = yard.city.at(1, 1 + number / 10)
        good = {"lon": lon, "lat": lat, "fixed_at": instant(yard.clock())}
        fixes = [{**good, "lat": 91}, good] if number % 3 == 0 else [good]
        start.wait()
        answer = services.positions.record(phones[number], ReportPositions(positions=fixes))
        return [each["status"] for each in answer["results"]]

    with ThreadPoolExecutor(len(phones)) as pool:
        answers = list(pool.map(report, range(len(phones))))

    assert answers == [["refused", "used"] if n % 3 == 0 else ["used"] for n in range(12)]
    lats = [services.crews.get(integration, crew_id)["lat"] for crew_id in crew_ids]
    assert lats == pytest.approx([yard.city.at(1, 1 + number / 10)[1] for number in range(12)])


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"lon": None}, "lon"),
        ({"lat": 91}, "lat"),
        ({"lon": float("nan")}, "lon"),
        ({"fixed_at": "yesterday"}, "fixed_at"),
        ({"fixed_at": "2026-01-31T08:15:00"}, "fixed_at"),
        ({"fixed_at": "1999-01-01T00:00:00Z"}, "fixed_at"),
        ({"fixed_at": 12}, "fixed_at"),
        ({"fixed_at": "1767168900"}, "fixed_at"),
        ({"heading_deg": 361}, "heading_deg"),
        ({"crew_id": 4711}, "crew_id"),
        ({"crew_id": "one"}, "crew_id"),
    ],
)
def test_one_bad_report_is_refused_by_field_and_holds_up_no_other(
    services: Services,
    integration: Actor,
    report: Report,
    fields: dict[str, Any],
    named: str,
) -> None:
    """A phone's queue never blocks on one bad fix."""
    answer = services.positions.record(
        integration, ReportPositions(positions=[{**report(age_s=9), **fields}, "x", report()])
    )

    assert [each["status"] for each in answer["results"]] == ["refused", "refused", "used"]
    assert [each["field"] for each in answer["results"][0]["errors"]] == [named]


def test_a_crew_reports_for_itself_only(
    services: Services,
    crew_actor: Actor,
    dispatcher: Actor,
    report: Report,
    yard: CrewYard,
) -> None:
    """Its own id is implied; another's is refused; a desk has no position."""
    mine = report(age_s=-1)
    del mine["crew_id"]

    answer = services.positions.record(
        crew_actor, ReportPositions(positions=[mine, report(age_s=-2)])
    )

    assert [each["status"] for each in answer["results"]] == ["used", "refused"]
    assert yard.clock() is not None
    with pytest.raises(NotAllowed):
        services.positions.record(dispatcher, ReportPositions(positions=[mine]))


@pytest.mark.parametrize("positions", [None, "x", {}, 7, [], [{}] * 1001])
def test_a_batch_that_is_no_list_or_too_long_is_refused_whole(positions: object) -> None:
    """1 to 1 000 at once."""
    with pytest.raises(InvalidInput) as error:
        ReportPositions.read({"positions": positions})

    assert error.value.fields[0].field == "positions"


def test_a_reader_of_changes_is_told_each_change_once(
    services: Services,
    integration: Actor,
    crew_id: int,
    report: Report,
    clock: SettableClock,
) -> None:
    """Readings overlap, so that a slow commit is not missed, and do not repeat themselves."""
    cursor, first = services.positions.changed_since(None)
    clock.forward(1)
    services.positions.record(integration, ReportPositions(positions=[report(1, 1)]))
    cursor, second = services.positions.changed_since(cursor)
    clock.forward(1)
    cursor, third = services.positions.changed_since(cursor)

    assert first == []
    assert [each["crew_id"] for each in second] == [crew_id]
    assert third == []
