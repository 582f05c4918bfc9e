"""Who can come to an incident, and when: everything the policy needs, gathered and judged."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.read_model import ReadModel
from dispatch.board.read_model import fix_age_s
from dispatch.board.read_model import workload
from dispatch.core.errors import NotFound
from dispatch.core.errors import RoadsUnavailable
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadPort
from dispatch.roads.types import RoadTimes
from dispatch.sending import crew_facts
from dispatch.sending.crew_facts import KnownCrew
from dispatch.sending.crew_facts import Place
from dispatch.sending.policy import CrewFacts
from dispatch.sending.policy import Judgement
from dispatch.sending.policy import Verdict
from dispatch.sending.policy import judge
from dispatch.sending.types import CandidateAnswer
from dispatch.sending.types import CandidatesAnswer
from dispatch.sending.types import TravelTimesKnown

NEAREST_OUTSIDE = 5
WAYS_MEASURED = 8
"""Of the best crews that could set out now, as many have the length of their way told."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was known of a crew at the moment it was sent, and of all the others."""

    travel_time_s: float | None
    free_in_s: float
    verdict: str | None
    decision: CandidatesAnswer

    def eta_at(self, now: datetime) -> datetime | None:
        """Return when the crew should be there; None when no road time is known."""
        if self.travel_time_s is None:
            return None
        return now + timedelta(seconds=self.free_in_s + self.travel_time_s)


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
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._roads = roads
        self._clock = clock
        self._stale_fix_s = stale_fix_s
        self._default_radius_m = default_radius_m

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
        answer, target = self._judged(incident_id, radius_m or self._default_radius_m)
        self._measure_ways(answer["candidates"], target)
        return answer

    def judge_crew(self, incident_id: int, crew_id: int, radius_m: float | None = None) -> Judged:
        """Return the judgement of one crew together with everything it was chosen from."""
        answer, _ = self._judged(incident_id, radius_m or self._default_radius_m, also=crew_id)
        own = next((each for each in answer["candidates"] if each["crew_id"] == crew_id), None)
        return Judged(
            travel_time_s=own["travel_time_s"] if own else None,
            free_in_s=own["free_in_s"] if own else 0.0,
            verdict=own["verdict"] if own else None,
            decision=answer,
        )

    def _measure_ways(self, candidates: Sequence[CandidateAnswer], target: LonLat) -> None:
        """Tell of the best crews how long their way is.

        Not of one that is busy: it comes from elsewhere than where it is seen.
        """
        measured = [
            each
            for each in candidates
            if each["verdict"] != Verdict.EXCLUDED
            and each["travel_time_s"] is not None
            and not each["workload"]["active"]
        ][:WAYS_MEASURED]
        origins = [(each["lon"], each["lat"]) for each in measured]
        try:
            lengths_m = self._roads.way_lengths_to(origins, target) if origins else None
        except RoadsUnavailable:
            return
        if lengths_m is not None:
            for each, length_m in zip(measured, lengths_m, strict=True):
                each["way_length_m"] = round(length_m, 1) if math.isfinite(length_m) else None

    def _judged(
        self, incident_id: int, radius_m: float, also: int | None = None
    ) -> tuple[CandidatesAnswer, LonLat]:
        """Return the answer without the lengths of ways, and where the incident is."""
        now = self._clock()
        stale_from = now - timedelta(seconds=self._stale_fix_s)
        with self._work.reading() as session:
            place = crew_facts.place(session, incident_id)
            if place is None:
                raise NotFound.thing("incident", incident_id)
            known = crew_facts.within(session, place, radius_m, also=also)
            orders = crew_facts.orders(session, place, [each.crew_id for each in known], now)
            today = self._read_model.orders_today(session, [each.crew_id for each in known])
            unlocated = crew_facts.unlocated(session)
        # The connection is back in the pool: no transaction waits while roads are searched.
        judgements, travel_times = self._judge(place, known, orders, today, now)
        if not any(_can_come(each) for each in judgements):
            with self._work.reading() as session:
                outside = crew_facts.nearest_outside(
                    session, place, radius_m, NEAREST_OUTSIDE, stale_from
                )
                ids = [each.crew_id for each in outside]
                orders |= crew_facts.orders(session, place, ids, now)
                today |= self._read_model.orders_today(session, ids)
            inside = {each.crew_id for each in known}
            known = [*known, *(each for each in outside if each.crew_id not in inside)]
            judgements, travel_times = self._judge(place, known, orders, today, now)
        by_id = {each.crew_id: each for each in known}
        answer: CandidatesAnswer = {
            "computed_at": instant(now),
            "radius_m": radius_m,
            "incident_version": place.version,
            "travel_times": travel_times,
            "candidates": [_view(each, by_id[each.facts.crew_id], now) for each in judgements],
            "unlocated": unlocated,
        }
        return answer, place.lonlat

    def _judge(
        self,
        place: Place,
        known: Sequence[KnownCrew],
        orders: crew_facts.OrdersByCrew,
        today: dict[int, int],
        now: datetime,
    ) -> tuple[list[Judgement], TravelTimesKnown]:
        # A busy crew will come from its last order's place, an idle one from where it is.
        origins = [
            orders[each.crew_id].last_place or each.lonlat
            if each.crew_id in orders
            else each.lonlat
            for each in known
        ]
        times, travel_times = self._travel_times(origins, place.lonlat)
        facts = []
        for index, each in enumerate(known):
            mine = orders.get(each.crew_id, crew_facts.NO_ORDERS)
            facts.append(
                CrewFacts(
                    crew_id=each.crew_id,
                    duty=each.duty,
                    fix_age_s=fix_age_s(now, each.fixed_at),
                    distance_m=each.distance_m,
                    travel_time_s=times.travel_time_s[index] if times else None,
                    off_road=times.off_road[index] if times else False,
                    orders=mine.queue,
                    orders_today=today.get(each.crew_id, 0),
                    has_skill=place.skill is None or not each.skills or place.skill in each.skills,
                    already_assigned=mine.here,
                    declined_before=mine.declined,
                    outside_radius=each.outside_radius,
                    speed_mps=each.speed_mps,
                )
            )
        return judge(facts, stale_fix_s=self._stale_fix_s), travel_times

    def _travel_times(
        self, origins: Sequence[LonLat], target: LonLat
    ) -> tuple[RoadTimes | None, TravelTimesKnown]:
        """Return travel times, or why there are none; a list without them is still of use."""
        if not origins:
            return None, TravelTimesKnown.KNOWN
        try:
            times = self._roads.travel_times_to(origins, target)
        except RoadsUnavailable:
            return None, TravelTimesKnown.UNAVAILABLE
        return times, TravelTimesKnown.KNOWN if times else TravelTimesKnown.NO_ROAD_NEAR


def _can_come(judgement: Judgement) -> bool:
    return judgement.verdict is not Verdict.EXCLUDED


def _view(judgement: Judgement, known: KnownCrew, now: datetime) -> CandidateAnswer:
    facts = judgement.facts
    finite = math.isfinite(judgement.arrival_s)
    eta_at = now + timedelta(seconds=judgement.arrival_s) if finite else None
    earliest_s, latest_s = judgement.arrival_range_s
    return {
        "crew_id": facts.crew_id,
        "crew_name": known.name,
        "verdict": judgement.verdict,
        "reasons": list(judgement.reasons),
        "distance_m": round(facts.distance_m, 1),
        "way_length_m": None,
        "travel_time_s": round(facts.travel_time_s, 1)
        if finite and facts.travel_time_s is not None
        else None,
        "free_in_s": round(judgement.free_in_s, 1),
        "eta_at": instant(eta_at),
        "earliest_s": round(earliest_s, 1) if finite else None,
        "latest_s": round(latest_s, 1) if finite else None,
        "workload": workload(len(facts.orders), facts.orders_today),
        "fix_age_s": facts.fix_age_s,
        "lon": known.lonlat[0],
        "lat": known.lonlat[1],
        "outside_radius": facts.outside_radius,
        "duty": facts.duty,
    }
