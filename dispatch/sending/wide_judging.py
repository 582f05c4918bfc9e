"""Judges many crews for many incidents at once, by the rules that judge them for one.

The times come as a matrix from the road network, asked outside any transaction. What speaks against
a crew is decided by `policy`, once a crew and skill; only whether a road leads there, and whether
this crew is on its way or refused, differs from incident to incident.
"""

import math
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from dispatch.board.read_model import ReadModel
from dispatch.board.read_model import fix_age_s
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.reach.states import Reachable
from dispatch.reach.states import reachable
from dispatch.reach.states import rings
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadPort
from dispatch.sending import crew_facts
from dispatch.sending import policy
from dispatch.sending import wide_facts
from dispatch.sending.candidate_lists import CandidateList
from dispatch.sending.candidates import Judged
from dispatch.sending.crew_facts import KnownCrew
from dispatch.sending.lacks import gap_of
from dispatch.sending.lacks import missing_equipment
from dispatch.sending.policy import CrewFacts
from dispatch.sending.policy import SkillGap
from dispatch.sending.types import TravelTimesKnown
from dispatch.sending.types import UnlocatedAnswer
from dispatch.sending.wide_facts import Pairs
from dispatch.sending.wide_facts import WantedPlace
from dispatch.shifts.duty_facts import duty_hours
from dispatch.shifts.duty_hours import NO_LIMIT
from dispatch.shifts.duty_hours import UNPLANNED
from dispatch.shifts.duty_hours import RestLimit
from dispatch.units import lent_crews

FloatArray = NDArray[np.float64]
Needs = tuple[tuple[str, ...], ...]
_EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class WideJudgement:
    """All incidents and crews that were looked at, and when each crew could be there.

    Attributes
    ----------
    wanted, crews
        Rows and columns of the arrays. An incident that misses several crews has several rows.
    arrival_s
        Seconds until a crew could be there, present work included: ``inf`` where it cannot be sent.
    free_in_s
        Seconds until each crew is done with what it has, shape ``(crews,)``.
    profiles, gaps
        How each crew drives to a kind of incident, and what it lacks of a skill.
    """

    computed_at: datetime
    wanted: Sequence[WantedPlace]
    crews: Sequence[KnownCrew]
    arrival_s: FloatArray
    free_in_s: FloatArray
    travel_time_s: FloatArray
    base: Sequence[CrewFacts]
    pairs: Pairs
    target_off_road: Sequence[bool]
    profiles: Mapping[str, tuple[DrivingProfile, ...]]
    gaps: Mapping[Needs, Sequence[SkillGap | None]]
    unlocated: Sequence[UnlocatedAnswer]
    stale_fix_s: float

    def facts(self, row: int, column: int, radius_m: float) -> CrewFacts:
        """Return all that is known of a crew with regard to one incident."""
        place = self.wanted[row].place
        incident_id, crew_id = place.incident_id, self.crews[column].crew_id
        distance_m = distance(place.lonlat, self.crews[column].lonlat)
        unknown = self.target_off_road[row]
        return self.base[column]._replace(
            distance_m=distance_m,
            travel_time_s=None if unknown else float(self.travel_time_s[row, column]),
            skill_gap=self.gaps[place.needs][column],
            lacks_equipment=missing_equipment(place.equipment, self.crews[column].equipment),
            already_assigned=(incident_id, crew_id) in self.pairs.here,
            declined_before=(incident_id, crew_id) in self.pairs.declined,
            outside_radius=distance_m > radius_m,
            profile=self.profiles[place.kind][column],
        )

    def reasons(self, row: int, column: int) -> list[str]:
        """Return why a crew cannot be sent to an incident; nothing if it can."""
        return policy.reasons_against(self.facts(row, column, math.inf), self.stale_fix_s)

    def rings(self, column: int) -> bool:
        """Return whether an order rings at a crew, rather than being shown in silence or not."""
        return rings(self.base[column].reachable.channels)

    def preferred_s(self) -> FloatArray:
        """Return arrival times, longer where an order does not ring: somebody has to find the crew.

        By as much as a single incident's recommended crew may be later to be one that is reached.
        """
        later = [0.0 if self.rings(at) else policy.REACHED_LATER_S for at in range(len(self.crews))]
        return np.asarray(self.arrival_s + np.array(later))

    def judged(self, row: int, crew_id: int, radius_m: float) -> Judged:
        """Return one crew's judgement with all crews around, as a single send keeps it.

        Those within the radius, and the crew itself wherever it is.
        """
        made = self._list(row, crew_id, radius_m)
        answer = made.answer(self.stale_fix_s)
        own = next((each for each in answer["candidates"] if each["crew_id"] == crew_id), None)
        return Judged(
            travel_time_s=own["travel_time_s"] if own else None,
            free_in_s=own["free_in_s"] if own else 0.0,
            verdict=own["verdict"] if own else None,
            decision={**answer, "crew_computed_at": instant(self.computed_at)},
        )

    def _list(self, row: int, crew_id: int, radius_m: float) -> CandidateList:
        place = self.wanted[row].place
        known, facts = {}, {}
        for column, crew in enumerate(self.crews):
            found = self.facts(row, column, radius_m)
            if found.outside_radius and crew.crew_id != crew_id:
                continue
            known[crew.crew_id] = crew
            facts[crew.crew_id] = found
        times = TravelTimesKnown.KNOWN
        if self.target_off_road[row]:
            times = TravelTimesKnown.NO_ROAD_NEAR
        return CandidateList(place, radius_m, self.computed_at, known, facts, self.unlocated, times)


class WideJudging:
    """Judges all crews for all incidents that wait, or for those named."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        roads: RoadPort,
        clock: Clock,
        *,
        stale_fix_s: float,
        unrecorded_suffice: bool,
        emergency_kinds: Collection[str],
        rest: RestLimit = NO_LIMIT,
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._roads = roads
        self._clock = clock
        self._stale_fix_s = stale_fix_s
        self._unrecorded_suffice = unrecorded_suffice
        self._emergency_kinds = emergency_kinds
        self._rest = rest

    def judge(
        self,
        incident_ids: Collection[int] | None,
        crew_ids: Collection[int] | None,
        *,
        any_duty: bool = False,
    ) -> WideJudgement:
        """Return when each crew could be at each incident.

        Parameters
        ----------
        incident_ids
            None: all that wait for a crew.
        crew_ids
            None: all on duty whose place is known.
        any_duty
            Those off duty and on a break are judged, too.

        Raises
        ------
        RoadsUnavailable
            If no road network answers.
        """
        now = self._clock()
        with self._work.reading() as session:
            if incident_ids is None:
                wanted = wide_facts.waiting(session, now)
            else:
                wanted = wide_facts.named(session, incident_ids)
            crews = wide_facts.crews(session, crew_ids, any_duty=any_duty)
            ids = [each.crew_id for each in crews]
            orders = wide_facts.orders_of(session, ids, now)
            today = self._read_model.orders_today(session, ids)
            hours = duty_hours(session, ids, now, self._rest)
            pairs = wide_facts.pairs(session, {each.place.incident_id for each in wanted})
            unlocated = crew_facts.unlocated(session)
            lent = lent_crews.lent_out(session, now)
        # The connection is back in the pool: no transaction waits while roads are searched.
        origins = []
        base = []
        for each in crews:
            mine = orders.get(each.crew_id, crew_facts.NO_ORDERS)
            origins.append(Origin(*mine.last_place) if mine.last_place else each.origin)
            facts = self._base(each, mine, today.get(each.crew_id, 0), now)
            known_hours = hours.get(each.crew_id, UNPLANNED)
            base.append(facts._replace(hours=known_hours, lent=each.crew_id in lent))
        profiles = {
            kind: tuple(self._profile(kind, crew) for crew in crews)
            for kind in {each.place.kind for each in wanted}
        }
        times_s, off_road, target_off_road = self._times(wanted, origins, profiles)
        base = [facts._replace(off_road=off) for facts, off in zip(base, off_road, strict=True)]
        made = WideJudgement(
            computed_at=now,
            wanted=wanted,
            crews=crews,
            arrival_s=times_s,
            free_in_s=np.array([policy.free_in_s(facts.orders) for facts in base]),
            travel_time_s=times_s,
            base=base,
            pairs=pairs,
            target_off_road=target_off_road,
            profiles=profiles,
            gaps={
                needs: [self._gap(needs, crew) for crew in crews]
                for needs in {each.place.needs for each in wanted}
            },
            unlocated=unlocated,
            stale_fix_s=self._stale_fix_s,
        )
        return replace(made, arrival_s=_arrivals(made))

    def _base(
        self, crew: KnownCrew, orders: crew_facts.CrewOrders, today: int, now: datetime
    ) -> CrewFacts:
        """Return what holds of a crew wherever it is wanted."""
        return CrewFacts(
            crew_id=crew.crew_id,
            duty=crew.duty,
            fix_age_s=fix_age_s(now, crew.fixed_at),
            known_age_s=fix_age_s(now, crew.known_at),
            distance_m=0.0,
            travel_time_s=0.0,
            orders=orders.queue,
            orders_today=today,
            speed_mps=crew.speed_mps,
            reachable=self._reachable(crew, now),
        )

    def _reachable(self, crew: KnownCrew, now: datetime) -> Reachable:
        fresh = timedelta(seconds=self._stale_fix_s)
        return reachable(crew.signs, crew.heard_at, now, fresh)

    def _gap(self, needs: Needs, crew: KnownCrew) -> SkillGap | None:
        return gap_of(needs, crew.skills, crew.lapsed, unrecorded_suffice=self._unrecorded_suffice)

    def _profile(self, kind: str, crew: KnownCrew) -> DrivingProfile:
        return policy.profile_of(kind, self._emergency_kinds, emergency_drive=crew.emergency_drive)

    def _times(
        self,
        wanted: Sequence[WantedPlace],
        origins: Sequence[Origin],
        profiles: Mapping[str, tuple[DrivingProfile, ...]],
    ) -> tuple[FloatArray, list[bool], list[bool]]:
        """Return seconds by road, and which crews and incidents are off road.

        One matrix for each way of driving: crews that may hurry do so to some kinds only.
        """
        times_s = np.full((len(wanted), len(origins)), np.inf)
        off_road = np.zeros(len(origins), dtype=np.bool_)
        target_off_road = np.zeros(len(wanted), dtype=np.bool_)
        for driven in sorted(set(profiles.values())):
            rows = [at for at, each in enumerate(wanted) if profiles[each.place.kind] == driven]
            targets = [wanted[row].place.lonlat for row in rows]
            matrix = self._roads.times_between(origins, targets, driven)
            times_s[rows] = matrix.travel_time_s.T
            off_road = matrix.off_road
            target_off_road[rows] = matrix.target_off_road
        return times_s, off_road.tolist(), target_off_road.tolist()


def distance(one: LonLat, other: LonLat) -> float:
    """Return metres between two places in a straight line, on a sphere (haversine)."""
    (lon, lat), (other_lon, other_lat) = one, other
    half_lat = math.sin(math.radians(other_lat - lat) / 2) ** 2
    half_lon = math.sin(math.radians(other_lon - lon) / 2) ** 2
    across = half_lat + math.cos(math.radians(lat)) * math.cos(math.radians(other_lat)) * half_lon
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(across)))


def _arrivals(made: WideJudgement) -> FloatArray:
    """Return seconds until each crew could be at each incident; ``inf`` where it cannot be sent."""
    able = {
        (needs, equipment): [
            not missing_equipment(equipment, crew.equipment)
            and not policy.reasons_against(facts._replace(skill_gap=gap), made.stale_fix_s)
            for crew, facts, gap in zip(made.crews, made.base, made.gaps[needs], strict=True)
        ]
        for needs, equipment in {(each.place.needs, each.place.equipment) for each in made.wanted}
    }
    rows = [able[each.place.needs, each.place.equipment] for each in made.wanted]
    allowed = np.array(rows, dtype=np.bool_)
    allowed = allowed.reshape(made.travel_time_s.shape)
    rows_of: dict[int, list[int]] = {}
    for row, each in enumerate(made.wanted):
        rows_of.setdefault(each.place.incident_id, []).append(row)
    column_of = {each.crew_id: column for column, each in enumerate(made.crews)}
    for incident_id, crew_id in made.pairs.here | made.pairs.declined:
        if crew_id in column_of:
            allowed[rows_of[incident_id], column_of[crew_id]] = False
    arrival_s = made.travel_time_s + made.free_in_s
    ends_in_s = np.array([facts.hours.ends_in_s for facts in made.base])
    return np.where(allowed & (arrival_s < ends_in_s), arrival_s, np.inf)
