"""Who can come to an incident, and when: everything the policy needs, gathered and judged."""

import math
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.read_model import ReadModel
from dispatch.board.read_model import fix_age_s
from dispatch.core.errors import NotFound
from dispatch.core.errors import RoadsUnavailable
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.states import Duty
from dispatch.reach.states import reachable
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadPort
from dispatch.roads.types import RoadTimes
from dispatch.sending import crew_facts
from dispatch.sending.able_crews import AbleCrews
from dispatch.sending.candidate_lists import CandidateList
from dispatch.sending.candidate_lists import RecentLists
from dispatch.sending.crew_facts import KnownCrew
from dispatch.sending.crew_facts import Place
from dispatch.sending.lacks import gap_of
from dispatch.sending.lacks import missing_equipment
from dispatch.sending.overriding import override_of
from dispatch.sending.policy import CrewFacts
from dispatch.sending.policy import Verdict
from dispatch.sending.policy import interruptible
from dispatch.sending.policy import profile_of
from dispatch.sending.policy import skill_gap
from dispatch.sending.types import CandidateAnswer
from dispatch.sending.types import CandidatesAnswer
from dispatch.sending.types import TravelTimesKnown
from dispatch.shifts.duty_facts import duty_hours
from dispatch.shifts.duty_hours import NO_LIMIT
from dispatch.shifts.duty_hours import UNPLANNED
from dispatch.shifts.duty_hours import DutyHours
from dispatch.shifts.duty_hours import RestLimit
from dispatch.units import lent_crews

NEAREST_OUTSIDE = 5
WAYS_MEASURED = 8
"""Of the best crews that could set out now, as many have the length of their way told."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was known of a crew at the moment it was sent, and of all the others."""

    travel_time_s: float | None
    free_in_s: float
    verdict: str | None
    decision: dict[str, Any]
    """The list, and under ``crew_computed_at`` when this crew of it was judged."""

    def eta_at(self, now: datetime) -> datetime | None:
        """Return when the crew should be there; None when no road time is known."""
        if self.travel_time_s is None:
            return None
        return now + timedelta(seconds=self.free_in_s + self.travel_time_s)


@dataclass(frozen=True, slots=True)
class _Crews:
    """Some crews and what they have to do, as PostgreSQL knows them at one moment."""

    known: Sequence[KnownCrew]
    orders: crew_facts.OrdersByCrew
    today: dict[int, int]
    hours: dict[int, DutyHours]
    lent: set[int]
    """Those that are lent to another unit than the incident's."""


class CandidateService:
    """Judges crews for incidents."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        roads: RoadPort,
        clock: Clock,
        *,
        stale_fix_s: float,
        default_radius_m: float,
        unrecorded_suffice: bool,
        emergency_kinds: Collection[str],
        rest: RestLimit = NO_LIMIT,
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._roads = roads
        self._clock = clock
        self._stale_fix_s = stale_fix_s
        self._fresh = timedelta(seconds=stale_fix_s)
        self._default_radius_m = default_radius_m
        self._unrecorded_suffice = unrecorded_suffice
        self._emergency_kinds = emergency_kinds
        self._rest = rest
        self.recent = RecentLists()

    def for_incident(
        self, actor: Actor, incident_id: int, radius_m: float | None = None
    ) -> CandidatesAnswer:
        """Return every crew within the radius, judged, the recommended one first.

        When none of them can come, the five nearest on-duty crews outside are added, marked so.

        Parameters
        ----------
        actor
            Who asks.
        incident_id
            For which incident.
        radius_m
            Straight-line radius in metres; the setting's when None.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        made, answer = self._make(incident_id, radius_m or self._default_radius_m)
        made = self._measured(made, _worth_measuring(answer["candidates"]))
        self.recent.keep(made)
        return made.answer(self._stale_fix_s)

    def for_plan(
        self, incident_id: int, skill_sets: Collection[Sequence[str]], radius_m: float | None = None
    ) -> AbleCrews:
        """Return who could come, whatever its skills: for the tasks of a response plan.

        Parameters
        ----------
        skill_sets
            Of what is looked for. Of each the five nearest crews outside the radius are added: one
            of a rare skill may be all there is.
        """
        radius_m = radius_m or self._default_radius_m
        now = self._clock()
        with self._work.reading() as session:
            place = _place(session, incident_id)
            known = {each.crew_id: each for each in crew_facts.within(session, place, radius_m)}
            for skills in skill_sets:
                nearest = crew_facts.nearest_outside(
                    session, place, radius_m, NEAREST_OUTSIDE, now - self._fresh, skills
                )
                known |= {each.crew_id: each for each in nearest if each.crew_id not in known}
            crews = self._crews(session, place, list(known.values()), now)
        facts, travel_times = self._facts(place, crews, now)
        made = CandidateList(place, radius_m, now, known, facts, (), travel_times, _origins(crews))
        return AbleCrews(
            made, self._fresh.total_seconds(), unrecorded_suffice=self._unrecorded_suffice
        )

    def judge_all(
        self, incident_id: int, radius_m: float | None, named: Collection[int] = ()
    ) -> CandidatesAnswer:
        """Return every crew within a radius and those named, judged; no lengths of ways."""
        _, answer = self._make(incident_id, radius_m or self._default_radius_m, also=named)
        return answer

    def judge_crew(
        self,
        incident_id: int,
        crew_id: int,
        radius_m: float | None = None,
        *,
        interrupt: bool = False,
    ) -> Judged:
        """Return the judgement of one crew together with everything it was chosen from.

        Of this crew the length of its way is measured, too, and what was lost by not sending the
        recommended one. With ``interrupt`` it is judged as if it left less urgent work for this.

        If a desk was shown a list of these crews within the last seconds and the incident is still
        the same, that list is what the crew was chosen from: only the crew itself is judged again.
        """
        radius_m = radius_m or self._default_radius_m
        now = self._clock()
        shown = self.recent.find(incident_id, radius_m, now)
        again = None if shown is None else self._judge_again(shown, crew_id, now)
        made = again or self._make(incident_id, radius_m, also=[crew_id])[0]
        if interrupt and crew_id in made.known:
            origins = {**made.origins, crew_id: made.known[crew_id].origin}
            made = replace(made, origins=origins)
        made = self._measured(made, [crew_id] if crew_id in made.known else [])
        answer = made.answer(self._stale_fix_s)
        own = next((each for each in answer["candidates"] if each["crew_id"] == crew_id), None)
        left = own["interrupt"] if own and interrupt else None
        override = override_of(answer["candidates"], crew_id, interrupted=interrupt)
        return Judged(
            travel_time_s=left["travel_time_s"] if left else own["travel_time_s"] if own else None,
            free_in_s=own["free_in_s"] if own and not left else 0.0,
            verdict=own["verdict"] if own else None,
            decision={
                **answer,
                "crew_computed_at": instant(now),
                **({"override": override} if override else {}),
                **({"interrupt": True} if left else {}),
            },
        )

    def _measured(self, made: CandidateList, crew_ids: Sequence[int]) -> CandidateList:
        """Return a list that tells how long the ways of some of its crews are, by road."""
        if not crew_ids or made.travel_times is not TravelTimesKnown.KNOWN:
            return made
        origins = [made.origins[each] for each in crew_ids]
        profiles = [made.facts[each].profile for each in crew_ids]
        try:
            lengths_m = self._roads.way_lengths_to(origins, made.place.lonlat, profiles)
        except RoadsUnavailable:
            return made
        if lengths_m is None:
            return made
        found = {
            crew_id: round(length_m, 1) if math.isfinite(length_m) else None
            for crew_id, length_m in zip(crew_ids, lengths_m, strict=True)
        }
        return replace(made, way_lengths_m={**made.way_lengths_m, **found})

    def _make(
        self, incident_id: int, radius_m: float, also: Collection[int] = ()
    ) -> tuple[CandidateList, CandidatesAnswer]:
        """Return a list with no lengths of ways yet, and what the API shows of it."""
        now = self._clock()
        with self._work.reading() as session:
            place = _place(session, incident_id)
            inside = crew_facts.within(session, place, radius_m, also=also)
            crews = self._crews(session, place, inside, now)
            unlocated = crew_facts.unlocated(session)
            known = {each.crew_id: each for each in inside}
            not_listed = crew_facts.not_listed(session, known)
        # The connection is back in the pool: no transaction waits while roads are searched.
        facts, travel_times = self._facts(place, crews, now)
        made = CandidateList(
            place,
            radius_m,
            now,
            known,
            facts,
            unlocated,
            travel_times,
            _origins(crews),
            not_listed,
            self._roads.version if travel_times is TravelTimesKnown.KNOWN else None,
        )
        answer = made.answer(self._stale_fix_s)
        if any(each["verdict"] != Verdict.EXCLUDED for each in answer["candidates"]):
            return made, answer
        made = self._with_nearest_outside(made)
        return made, made.answer(self._stale_fix_s)

    def _with_nearest_outside(self, made: CandidateList) -> CandidateList:
        now = made.computed_at
        stale_from = now - timedelta(seconds=self._stale_fix_s)
        with self._work.reading() as session:
            nearest = crew_facts.nearest_outside(
                session, made.place, made.radius_m, NEAREST_OUTSIDE, stale_from
            )
            outside = [each for each in nearest if each.crew_id not in made.known]
            crews = self._crews(session, made.place, outside, now)
        if not outside:
            return made
        facts, travel_times = self._facts(made.place, crews, now)
        return replace(
            made,
            known={**made.known, **{each.crew_id: each for each in outside}},
            facts={**made.facts, **facts},
            origins={**made.origins, **_origins(crews)},
            not_listed=max(made.not_listed - len(outside), 0),
            travel_times=travel_times,
        )

    def _judge_again(
        self, shown: CandidateList, crew_id: int, now: datetime
    ) -> CandidateList | None:
        """Return a list with one crew as it is now; None if the list no longer holds."""
        if shown.travel_times is not TravelTimesKnown.KNOWN:
            return None
        with self._work.reading() as session:
            if _place(session, shown.place.incident_id) != shown.place:
                return None
            known = crew_facts.one(session, shown.place, crew_id, shown.radius_m)
            if known is None:
                return None
            crews = self._crews(session, shown.place, [known], now)
        facts, _ = self._facts(shown.place, crews, now)
        return shown.with_crew(known, facts[crew_id], _origins(crews)[crew_id], now)

    def _crews(
        self, session: Session, place: Place, known: Sequence[KnownCrew], now: datetime
    ) -> _Crews:
        ids = [each.crew_id for each in known]
        return _Crews(
            known,
            crew_facts.orders(session, place, ids, now),
            self._read_model.orders_today(session, ids),
            duty_hours(session, ids, now, self._rest),
            set(lent_crews.away_from(session, place.incident_id, now)),
        )

    def _facts(
        self, place: Place, crews: _Crews, now: datetime
    ) -> tuple[dict[int, CrewFacts], TravelTimesKnown]:
        origins = _origins(crews)
        profiles = [
            profile_of(place.kind, self._emergency_kinds, emergency_drive=each.emergency_drive)
            for each in crews.known
        ]
        # Those that could leave less urgent work are asked about twice, in the same search.
        leaving = {
            each.crew_id: len(crews.known) + number
            for number, each in enumerate(
                each for each in crews.known if _could_leave(each, crews, place)
            )
        }
        by_id = {each.crew_id: index for index, each in enumerate(crews.known)}
        times, travel_times = self._travel_times(
            [
                *(origins[each.crew_id] for each in crews.known),
                *(crews.known[by_id[crew_id]].origin for crew_id in leaving),
            ],
            place.lonlat,
            [*profiles, *(profiles[by_id[crew_id]] for crew_id in leaving)],
        )
        facts = {}
        for index, each in enumerate(crews.known):
            mine = crews.orders.get(each.crew_id, crew_facts.NO_ORDERS)
            facts[each.crew_id] = CrewFacts(
                crew_id=each.crew_id,
                duty=each.duty,
                fix_age_s=fix_age_s(now, each.fixed_at),
                known_age_s=fix_age_s(now, each.known_at),
                distance_m=each.distance_m,
                travel_time_s=times.travel_time_s[index] if times else None,
                off_road=times.off_road[index] if times else False,
                orders=mine.queue,
                orders_today=crews.today.get(each.crew_id, 0),
                skill_gap=gap_of(
                    place.needs,
                    each.skills,
                    each.lapsed,
                    unrecorded_suffice=self._unrecorded_suffice,
                ),
                lacks_equipment=missing_equipment(place.equipment, each.equipment),
                already_assigned=mine.here,
                declined_before=mine.declined,
                other_task=bool(each.skills)
                and skill_gap(place.needs[:1], each.skills, unrecorded_suffice=True) is not None,
                outside_radius=each.outside_radius,
                lent=each.crew_id in crews.lent,
                profile=profiles[index],
                speed_mps=each.speed_mps,
                reachable=reachable(each.signs, each.heard_at, now, self._fresh),
                interrupted_travel_time_s=times.travel_time_s[leaving[each.crew_id]]
                if times and each.crew_id in leaving
                else None,
                hours=crews.hours.get(each.crew_id, UNPLANNED),
            )
        return facts, travel_times

    def _travel_times(
        self, origins: Sequence[Origin], target: LonLat, profiles: Sequence[DrivingProfile]
    ) -> tuple[RoadTimes | None, TravelTimesKnown]:
        """Return travel times, or why there are none; a list without them is still of use."""
        if not origins:
            return None, TravelTimesKnown.KNOWN
        try:
            times = self._roads.travel_times_to(origins, target, profiles)
        except RoadsUnavailable:
            return None, TravelTimesKnown.UNAVAILABLE
        return times, TravelTimesKnown.KNOWN if times else TravelTimesKnown.NO_ROAD_NEAR


def _origins(crews: _Crews) -> dict[int, Origin]:
    """Return where crews set out: a busy one from its last order's place, an idle one from its."""
    return {
        each.crew_id: Origin(*last_place)
        if (last_place := crews.orders.get(each.crew_id, crew_facts.NO_ORDERS).last_place)
        else each.origin
        for each in crews.known
    }


def _could_leave(crew: KnownCrew, crews: _Crews, place: Place) -> bool:
    mine = crews.orders.get(crew.crew_id, crew_facts.NO_ORDERS)
    return crew.duty is Duty.ON_DUTY and not mine.here and interruptible(mine.queue, place.priority)


def _worth_measuring(candidates: Sequence[CandidateAnswer]) -> list[int]:
    """Return the best crews that could set out now, for whom the way's length is shown.

    Not one that is busy: it comes from elsewhere than where it is seen.
    """
    return [
        each["crew_id"]
        for each in candidates
        if each["verdict"] != Verdict.EXCLUDED
        and each["travel_time_s"] is not None
        and not each["workload"]["active"]
    ][:WAYS_MEASURED]


def _place(session: Session, incident_id: int) -> Place:
    found = crew_facts.place(session, incident_id)
    if found is None:
        raise NotFound.thing("incident", incident_id)
    return found
