"""What sending a crew uncovers, and which crew would restore it by standing elsewhere.

Asked for the few crews at the head of a list, after the list itself: nobody's send waits for it.
Searches run in the engine's thread, one group of crews a question, outside any transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import NotFound
from dispatch.core.errors import RoadsUnavailable
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.cover import cover_rows
from dispatch.cover.cover_rows import IdleCrew
from dispatch.cover.ground_demand import Ground
from dispatch.cover.ground_demand import GroundDemand
from dispatch.cover.ground_demand import ZonesLook
from dispatch.cover.reaching import Reaching
from dispatch.cover.restoring import Gap
from dispatch.cover.restoring import Restoring
from dispatch.cover.shares import losing_most
from dispatch.cover.shares import percent
from dispatch.cover.types import CoverAnswer
from dispatch.cover.types import CrewCoverAnswer
from dispatch.incidents.models import Incident
from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadPort


@dataclass(frozen=True, slots=True)
class _Known:
    """Who stands where, as PostgreSQL knew it at one moment."""

    idle: Sequence[IdleCrew]
    stations: Sequence[tuple[str, LonLat]]
    zones: ZonesLook


class CoverService:
    """Tells what sending a crew uncovers."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        roads: RoadPort,
        clock: Clock,
        *,
        within_s: float,
        stale_fix_s: float,
    ) -> None:
        """Know whom to ask.

        Parameters
        ----------
        within_s
            A place is covered if an idle crew is there in so many seconds, by road and the rules.
        stale_fix_s
            A crew whose position is older covers nothing: nobody knows where it is.
        """
        self._work = unit_of_work
        self._roads = roads
        self._clock = clock
        self._within_s = within_s
        self._fresh = timedelta(seconds=stale_fix_s)
        self._restoring = Restoring(roads)
        self._ground = GroundDemand(unit_of_work, roads.street_points)

    def without(self, actor: Actor, incident_id: int, crew_ids: Sequence[int]) -> CoverAnswer:
        """Return what would be uncovered if each of some crews went to an incident.

        Of a crew that covers nothing (busy, off duty, of unknown place), and where no area loses a
        percent, nothing is said. Without a road network nothing is known, and nothing refused.

        Raises
        ------
        NotFound
            If there is no such incident.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        now = self._clock()
        with self._work.reading() as session:
            if session.get(Incident, min(incident_id, LARGEST_ID)) is None:
                raise NotFound.thing("incident", incident_id)
            known = _Known(
                cover_rows.idle_crews(session, now - self._fresh),
                cover_rows.stations(session),
                cover_rows.zones_look(session),
            )
        crews: list[CrewCoverAnswer] = [_silent(crew_id) for crew_id in crew_ids]
        try:
            ground = self._ground.of(known.zones, now)
            crews = [self._one(ground, known, crew_id) for crew_id in crew_ids]
            told = True
        except RoadsUnavailable:
            told = False
        return {
            "computed_at": instant(now),
            "within_s": self._within_s,
            "known": told,
            "crews": crews,
        }

    def _one(self, ground: Ground, known: _Known, crew_id: int) -> CrewCoverAnswer:
        gone = next((each for each in known.idle if each.crew_id == crew_id), None)
        if gone is None:
            return _silent(crew_id)
        reaching = Reaching(self._roads, self._within_s, known.idle)
        lost = reaching.lost(gone)
        demand = ground.demand
        if not lost.any() or len(lost) != len(demand.of_point):  # or another ground since then
            return _silent(crew_id)
        after = reaching.without([gone])
        before = after | lost
        area = losing_most(demand, before, after)
        if area is None:
            return _silent(crew_id)
        name, name_zh = ground.areas.names[area]
        gap = Gap(demand, area, before, after, gone, reaching, known.stations, ground.points)
        return {
            "crew_id": crew_id,
            "area": {"kind": ground.areas.kind, "name": name, "name_zh": name_zh},
            "before_pct": percent(float(demand.shares(before)[area])),
            "after_pct": percent(float(demand.shares(after)[area])),
            "restore": self._restoring.best(gap),
        }


def _silent(crew_id: int) -> CrewCoverAnswer:
    return {
        "crew_id": crew_id,
        "area": None,
        "before_pct": None,
        "after_pct": None,
        "restore": None,
    }
