"""Past incidents and crews as the desk keeps them."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddStation
from dispatch.incidents.types import IncidentAnswer
from dispatch.outcomes.types import Complete
from dispatch.pledges.types import SetPledge
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from scripts.errors import DatabaseError
from scripts.studies.inputs.desk_points import desk_session
from scripts.studies.simulation.demand.desk_records import desk_crews
from scripts.studies.simulation.demand.desk_records import desk_log
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

PLEDGE = SetPledge.model_validate(
    {
        "name_en": "There in 30 min",
        "name_zh": "30 分钟到场",
        "utility": "gas",
        "start": "pinned",
        "stop": "on_scene",
        "limit_s": 1_800.0,
    }
)
pytestmark = [pytest.mark.postgis, pytest.mark.usefixtures("of_the_desk")]


def test_the_parts_of_a_response_are_what_the_crew_told(
    services: Services,
    people: People,
    yard: CrewYard,
    pin: Callable[..., IncidentAnswer],
    clock: SettableClock,
    grid_city: GridCity,
) -> None:
    """Set out after one minute, there after four more, done after half an hour; one still waits."""
    dispatcher = people.sign_up("sue", Role.SUPERVISOR)
    services.pledges.add(dispatcher, PLEDGE)
    began = clock()
    first, crew_id = pin(3, 4), yard.put("van", 1, 2)
    order, _ = services.sending.send(dispatcher, first["id"], SendCrew(crew_id=crew_id))
    services.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step())
    for seconds, step in ((60, Action.DEPART), (240, Action.ARRIVE)):
        clock.forward(seconds)
        services.assignments.act(dispatcher, order["id"], step, Step())
    clock.forward(1_800)
    done = Complete(outcome="repaired")
    services.assignments.act(dispatcher, order["id"], Action.COMPLETE, done)
    pin(5, 6)

    with desk_session() as session:
        log = desk_log(session, began, clock() + timedelta(seconds=1))

    assert log.points.names[0] == f"#{first['id']}"
    assert log.points.lonlat[0] == pytest.approx(grid_city.at(3, 4))
    assert log.at[0] == began
    assert (log.turnout_s[0], log.travel_s[0], log.work_s[0]) == (60.0, 240.0, 1_800.0)
    assert np.isnan([log.turnout_s[1], log.travel_s[1], log.work_s[1]]).all()
    assert log.priority.tolist() == [first["priority"]] * 2
    assert log.kinds == (first["kind"],)
    assert log.limit_s.tolist() == [1_800.0, 1_800.0]


def test_crews_stand_at_their_stations(services: Services, grid_city: GridCity) -> None:
    """Two at one station share its place; one without a station is not simulated."""
    lon, lat = grid_city.at(7, 8)
    services.stations.add(SYSTEM, AddStation(name="depot", lon=lon, lat=lat))
    for name, station in (("van", "depot"), ("lorry", "depot"), ("car", None)):
        crew = AddCrew(name=name, station=station, skills=("gas",), duty=Duty.ON_DUTY)
        services.crews.add(SYSTEM, crew)

    with desk_session() as session:
        posts, plans = desk_crews(session)

    assert posts.lonlat.tolist() == [pytest.approx([lon, lat])]
    assert [(each.name, each.post, each.skills) for each in plans] == [
        ("van", 0, frozenset({"gas"})),
        ("lorry", 0, frozenset({"gas"})),
    ]


@pytest.mark.usefixtures("clean")
def test_a_desk_without_incidents_says_what_to_give_instead(clock: SettableClock) -> None:
    """A file."""
    with desk_session() as session, pytest.raises(DatabaseError) as caught:
        desk_log(session, clock() - timedelta(days=1), clock())

    assert "--incidents FILE" in caught.value.mend
