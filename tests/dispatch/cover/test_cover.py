"""Cover on the grid: what a send uncovers, who restores it, and what is never said."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.closures.types import CloseRoads
from dispatch.core.errors import NotFound
from dispatch.core.errors import RoadsUnavailable
from dispatch.cover.cover_rows import IdleCrew
from dispatch.cover.reaching import Reaching
from dispatch.cover.service import CoverService
from dispatch.cover.types import CrewCoverAnswer
from dispatch.crews.types import AddStation
from dispatch.roads.types import Origin
from dispatch.sending.types import SendCrew
from dispatch.zones.types import DrawZone
from tests.conftest import CrewYard

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
WITHIN_S = 70.0
"""From the middle of a block some three blocks along a straight street, and less round corners."""


@pytest.fixture
def cover(services: Services) -> CoverService:
    """Return the service with a limit that suits a city of 2.4 km."""
    return CoverService(
        services.work, services.roads, services.clock, within_s=WITHIN_S, stale_fix_s=300
    )


def zone(yard: CrewYard, name: str, west: float, east: float) -> None:
    """Draw a response area from one column to another, over all rows."""
    corners = [(west, -0.5), (east, -0.5), (east, 12.5), (west, 12.5), (west, -0.5)]
    ring = [list(yard.city.at(*corner)) for corner in corners]
    yard.services.zones.create(
        SYSTEM,
        DrawZone(
            name=name,
            kind="response_area",
            geometry={"type": "Polygon", "coordinates": [ring]},
        ),
    )


def only(cover: CoverService, actor: Actor, incident_id: int, crew_id: int) -> CrewCoverAnswer:
    """Return what is said of one crew."""
    answer = cover.without(actor, incident_id, [crew_id])
    assert answer["known"]
    assert answer["within_s"] == WITHIN_S
    (crew,) = answer["crews"]
    assert crew["crew_id"] == crew_id
    return crew


def test_a_send_uncovers_an_area_and_another_crew_restores_it(
    cover: CoverService, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The west has one crew; of two side by side in the east one can be spared for it."""
    zone(yard, "West", -0.5, 6)
    zone(yard, "East", 6, 12.5)
    west = yard.put("West 1", 2.5, 6)
    yard.put("East 1", 9.5, 6)
    yard.put("East 2", 9.5, 6)
    incident_id = pin(2.5, 8)["id"]

    said = only(cover, dispatcher, incident_id, west)

    assert said["area"] == {"kind": "response_area", "name": "West", "name_zh": ""}
    assert said["before_pct"] is not None
    assert said["before_pct"] > 20
    assert said["after_pct"] == 0
    restore = said["restore"]
    assert restore is not None
    assert restore["crew_name"] == "East 1"
    assert restore["restored_pct"] == said["before_pct"]
    assert (restore["lon"], restore["lat"]) == yard.city.at(2.5, 6)
    assert restore["travel_time_s"] == pytest.approx(140, abs=2)  # seven blocks of 20 s


def test_nothing_is_said_where_nothing_is_lost(
    services: Services, cover: CoverService, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Somebody stands beside it; it is busy already; it is on a break; nobody knows it."""
    one, _ = yard.put("One", 2.5, 6), yard.put("Two", 2.5, 6)
    busy = yard.put("Busy", 9.5, 6)
    stale = yard.put("Stale", 9.5, 9, fix_age_s=400)
    incident_id = pin(2.5, 8)["id"]
    services.sending.send(dispatcher, pin(9, 8)["id"], SendCrew(crew_id=busy))

    for crew_id in (one, busy, stale, 4711):
        said = only(cover, dispatcher, incident_id, crew_id)
        assert (said["area"], said["restore"]) == (None, None)


def test_who_would_uncover_as_much_is_not_asked(
    cover: CoverService, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Two crews, each alone in its half: moving the other one would only move the hole."""
    zone(yard, "West", -0.5, 6)
    zone(yard, "East", 6, 12.5)
    west = yard.put("West 1", 2.5, 6)
    yard.put("East 1", 9.5, 6)
    incident_id = pin(2.5, 8)["id"]

    said = only(cover, dispatcher, incident_id, west)

    assert said["area"] is not None
    assert said["restore"] is None


def test_a_station_nearer_to_what_is_uncovered_is_where_to_stand(
    services: Services, cover: CoverService, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The crew left from the rim of its area; its station is in the middle."""
    lon, lat = yard.city.at(2.5, 6)
    services.stations.add(SYSTEM, AddStation(name="West station", lon=lon, lat=lat))
    zone(yard, "West", -0.5, 6)
    west = yard.put("West 1", 2.5, 9)
    yard.put("East 1", 9.5, 6)
    yard.put("East 2", 9.5, 6)

    said = only(cover, dispatcher, pin(2.5, 10)["id"], west)

    assert said["restore"] is not None
    assert said["restore"]["place"] == "West station"


def test_past_incidents_say_which_area_counts(
    cover: CoverService, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """A crew on the border of two areas; all that ever happened was on one side."""
    zone(yard, "Quiet", -0.5, 6)
    zone(yard, "Loud", 6, 12.5)
    crew_id = yard.put("Middle", 5.5, 6)
    for row in range(1, 9):
        pin(9, row)

    said = only(cover, dispatcher, pin(9, 10)["id"], crew_id)

    assert said["area"] is not None
    assert said["area"]["name"] == "Loud"


def test_quarters_stand_in_where_no_zones_are_drawn(
    cover: CoverService, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Named by the compass."""
    crew_id = yard.put("South", 6, 1.5)

    said = only(cover, dispatcher, pin(6, 2)["id"], crew_id)

    assert said["area"] == {"kind": "quarter", "name": "south", "name_zh": ""}


def test_cover_grows_with_crews_and_a_closure_never_raises_it(
    services: Services, dispatcher: Actor, yard: CrewYard
) -> None:
    """Points reached by one, by both, and by both with a street closed beside one of them."""
    one, other = (Origin(*yard.city.at(*at)) for at in ((2.5, 6), (9.5, 6)))
    groups = [[one], [other], [one, other], []]

    before = services.roads.points_reached(groups, WITHIN_S)
    corners = [yard.city.at(*at) for at in ((2.9, 5.9), (3.1, 5.9), (3.1, 6.1), (2.9, 6.1))]
    ring = [list(corner) for corner in (*corners, corners[0])]
    close(services, dispatcher, ring)
    after = services.roads.points_reached(groups, WITHIN_S)

    assert (before[2] == (before[0] | before[1])).all()
    assert not before[3].any()
    assert not (after & ~before).any()
    assert np.count_nonzero(after[0]) < np.count_nonzero(before[0])
    assert (after[1] == before[1]).all()


def close(services: Services, actor: Actor, ring: list[list[float]]) -> None:
    """Close the roads inside a ring."""
    geometry = {"type": "Polygon", "coordinates": [ring]}
    wanted = {"geometry": geometry, "kind": "area", "reason": "works"}
    services.closures.create(actor, CloseRoads.read(wanted))
    services.roads.apply_closures()


class NoRoads:
    """A road network that does not answer."""

    def street_points(self) -> None:
        """Refuse."""
        message = "away"
        raise RoadsUnavailable(message)


def test_without_roads_nothing_is_known_and_nothing_refused(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The list of candidates stands as it is."""
    crew_id = yard.put("A", 2.5, 6)
    cover = CoverService(
        services.work,
        NoRoads(),  # type: ignore[arg-type]  # all that is asked first
        services.clock,
        within_s=WITHIN_S,
        stale_fix_s=300,
    )

    answer = cover.without(dispatcher, pin(2.5, 8)["id"], [crew_id])

    assert not answer["known"]
    assert [each["area"] for each in answer["crews"]] == [None]
    with pytest.raises(NotFound):
        cover.without(dispatcher, 4711, [crew_id])


def test_sending_does_not_wait_for_cover(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Whoever is asked about may be sent meanwhile: then it covers nothing any more."""
    crew_id = yard.put("A", 2.5, 6)
    incident_id = pin(2.5, 8)["id"]
    first = services.cover.without(dispatcher, incident_id, [crew_id])
    services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew_id))
    second = services.cover.without(dispatcher, incident_id, [crew_id])

    assert first["crews"][0]["area"] is not None
    assert second["crews"][0]["area"] is None


def test_what_is_lost_is_found_from_neighbours_as_from_everybody(
    services: Services, yard: CrewYard
) -> None:
    """Forty crews, more than are looked at one by one: the same as searching without each."""
    places = np.random.default_rng(7).uniform(0, 12, (40, 2)).round(2).tolist()
    idle = [
        IdleCrew(number, str(number), yard.city.at(*place), moving=False)
        for number, place in enumerate(places)
    ]
    reaching = Reaching(services.roads, 40.0, idle)
    lost_somewhere = 0

    for crew in idle[::4]:
        for gone in ([], [idle[1]]):
            rest = [each.origin for each in idle if each not in gone and each is not crew]
            others = services.roads.points_reached([rest], 40.0)[0]

            lost = reaching.lost(crew, gone)

            assert (lost == (reaching.alone(crew) & ~others)).all()
            assert (reaching.without([crew, *gone]) == others).all()
            lost_somewhere += int(lost.any())
    assert lost_somewhere > 3
