"""Who drives with blue lights, and what the hour of the week does to everybody."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.bootstrap import build
from dispatch.core.errors import InvalidInput
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import ChangeCrew
from dispatch.incidents.types import CreateIncident
from dispatch.positions.types import ReportPositions
from dispatch.roads.types import Origin
from dispatch.sending.types import SendCrew
from dispatch.settings import Settings
from dispatch.writes.command import Step
from geodata.ground import service as ground
from tests.cities import GridCity
from tests.conftest import ALL_SKILLS
from tests.conftest import CHEAP_HASHER
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
# Rows 2 to 4 may be driven eastwards only. From (6.5, 3) to (3.5, 3), a block being 200 m or 20 s:
#   by the rules  east to column 7, up to row 5, west to column 3, down to row 3, east again:
#                 0.5 + 2 + 4 + 2 + 0.5 = 9 blocks, 180 s and five turns
#   blue lights   straight on against the sign, 3 blocks at 2.5 times 20 s: 150 s
RULES_S = 180
BLUE_LIGHTS_S = 150
CITY = GridCity(one_way_rows=(2, 3, 4))


@pytest.fixture(scope="module")
def one_way_extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a city with one-way streets."""
    return CITY.write(tmp_path_factory.mktemp("one_way") / "one_way.osm")


@pytest.fixture
def worker(
    services: Services,  # noqa: ARG001  (empties the tables afterwards)
    settings: Settings,
    clock: SettableClock,
    owner_engine: Engine,
    one_way_extract: Path,
) -> Iterator[Services]:
    """Return a worker in that city, of a company that hurries to gas leaks."""
    ground.import_extract(owner_engine, one_way_extract, name="One way")
    hurrying = settings.model_copy(update={"emergency_kinds": frozenset({"gas_leak"})})
    built = build(hurrying, clock=clock, hasher=CHEAP_HASHER)
    built.roads.refresh()
    yield built
    built.close()


@pytest.fixture
def put(
    worker: Services, administrator: Actor, integration: Actor, clock: SettableClock
) -> Callable[..., int]:
    """Return a function that puts a crew three blocks east of the incident."""

    def put_crew(name: str, *, emergency_drive: bool) -> int:
        wanted = AddCrew(
            name=name, skills=ALL_SKILLS, duty=Duty.ON_DUTY, emergency_drive=emergency_drive
        )
        crew_id = worker.crews.add(administrator, wanted)
        lon, lat = CITY.at(6.5, 3)
        report = {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": clock()}
        worker.positions.record(integration, ReportPositions(positions=[report]))
        return crew_id

    return put_crew


@pytest.fixture
def incident_of(worker: Services, dispatcher: Actor) -> Callable[[str], int]:
    """Return a function that pins an incident of a kind."""

    def pin(kind: str) -> int:
        lon, lat = CITY.at(3.5, 3)
        wanted = CreateIncident.read({"kind": kind, "lon": lon, "lat": lat})
        return worker.incidents.create(dispatcher, wanted)["id"]

    return pin


def test_a_vehicle_that_may_drives_to_a_kind_that_is_urgent_with_blue_lights(
    worker: Services,
    dispatcher: Actor,
    put: Callable[..., int],
    incident_of: Callable[[str], int],
) -> None:
    """Candidates, the way shown, the order's time and the time at setting out all say the same."""
    put("Van", emergency_drive=False)
    rescue, incident_id = put("Rescue", emergency_drive=True), incident_of("gas_leak")

    found = {
        each["crew_name"]: each
        for each in worker.candidates.for_incident(dispatcher, incident_id)["candidates"]
    }

    assert (found["Van"]["profile"], found["Rescue"]["profile"]) == ("normal", "emergency")
    assert RULES_S <= (found["Van"]["travel_time_s"] or 0) <= RULES_S + 60
    assert found["Rescue"]["travel_time_s"] == pytest.approx(BLUE_LIGHTS_S, abs=1)
    assert found["Van"]["way_length_m"] == pytest.approx(1800, abs=5)
    assert found["Rescue"]["way_length_m"] == pytest.approx(600, abs=5)
    way = worker.paths.of_crew(dispatcher, incident_id, rescue)["properties"]
    order, _ = worker.sending.send(dispatcher, incident_id, SendCrew(crew_id=rescue))
    worker.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step())
    left = worker.assignments.act(dispatcher, order["id"], Action.DEPART, Step())
    assert way["profile"] == "emergency"
    assert [way["travel_time_s"], order["travel_time_s"], left["travel_time_s"]] == pytest.approx(
        [BLUE_LIGHTS_S] * 3, abs=1
    )


def test_to_everything_else_it_drives_as_everybody_does(
    worker: Services,
    dispatcher: Actor,
    put: Callable[..., int],
    incident_of: Callable[[str], int],
) -> None:
    """An outage is no urgent task."""
    rescue, incident_id = put("Rescue", emergency_drive=True), incident_of("gas_outage")

    (found,) = worker.candidates.for_incident(dispatcher, incident_id)["candidates"]
    way = worker.paths.of_crew(dispatcher, incident_id, rescue)["properties"]

    assert (found["profile"], way["profile"]) == ("normal", "normal")
    assert found["travel_time_s"] == way["travel_time_s"]
    assert way["travel_time_s"] >= RULES_S


def test_who_may_drive_so_can_be_changed_and_is_in_the_log(
    services: Services, people: People, administrator: Actor
) -> None:
    """Once; saying what holds already is no change."""
    crew_id = services.crews.add(administrator, AddCrew(name="Rescue"))
    desk = people.sign_up("dora", Role.DISPATCHER)

    wanted = ChangeCrew(emergency_drive=True)
    services.crew_changes.change(administrator, crew_id, wanted)
    changed = services.crew_changes.change(administrator, crew_id, wanted)

    assert changed["emergency_drive"]
    assert services.crews.get(desk, crew_id)["emergency_drive"]
    told = services.events.read_after(0)
    assert [each["data"] for each in told if each["kind"] == "crew.changed"] == [
        {"emergency_drive": True}
    ]


def test_the_hour_of_the_week_counts_for_everybody(
    services: Services,
    settings: Settings,
    clock: SettableClock,
    grid_city: GridCity,
    tmp_path: Path,
) -> None:
    """Residential streets at half their speed from 8 to 9: a block takes 40 s instead of 20."""
    assert services.roads.ready
    rule = {"classes": ["residential"], "from_hour": 8, "until_hour": 9, "factor": 0.5}
    speeds = tmp_path / "speeds.json"
    speeds.write_text(json.dumps({"time_zone": "UTC", "rules": [rule]}), encoding="utf-8")
    slower = build(settings.model_copy(update={"speeds_file": speeds}), clock=clock)
    slower.roads.refresh()

    def block_s(hour: int) -> float:
        clock.now = clock.now.replace(hour=hour, minute=30)
        times = slower.roads.travel_times_to([Origin(*grid_city.at(4.5, 3))], grid_city.at(3.5, 3))
        assert times is not None
        return times.travel_time_s[0]

    assert [block_s(hour) for hour in (7, 8, 9)] == pytest.approx([20, 40, 20], abs=0.5)
    slower.close()


def test_a_file_without_speed_factors_is_refused_by_the_name_of_its_setting(
    settings: Settings, tmp_path: Path
) -> None:
    """At the start, not at the first question."""
    (tmp_path / "speeds.json").write_text("[]", encoding="utf-8")

    with pytest.raises(InvalidInput) as refused:
        build(settings.model_copy(update={"speeds_file": tmp_path / "speeds.json"}))

    assert [each.field for each in refused.value.fields] == ["NEARCREW_SPEEDS"]
