"""Which crew is sent: the desk's own rules, asked about simulated crews.

`dispatch.sending.policy` judges, `dispatch.offers.asking` says whom a grab asks,
`dispatch.proposals.matching` matches a batch. Only the choice by straight line is no rule of the
desk; it is what the others are compared with, and heeds the same reasons against a crew.

The desk's own list also ranks busy crews by when they would be free. Here an incident waits until
a crew is free: what is left of a job is only guessed at the desk, and orders that are not given yet
can still go to whoever is free first.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import cast

import numpy as np

from dispatch.crews.states import Duty
from dispatch.offers import asking
from dispatch.proposals.matching import WEIGHTS
from dispatch.proposals.matching import match
from dispatch.sending import policy
from dispatch.sending.policy import CrewFacts
from dispatch.sending.policy import Verdict
from scripts.studies.simulation.crew_state import CrewState
from scripts.studies.simulation.crew_state import point_of
from scripts.studies.simulation.crew_state import travel_s
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.travel_table import TravelTable
from scripts.studies.simulation.travel_table import line_distances_m

if TYPE_CHECKING:
    from dispatch.sending.types import CandidateAnswer

_STALE_FIX_S = 60.0
"""Positions are always fresh here, so any limit says the same."""
_LEAST_WEIGHT = 1


class Choosing:
    """Asks the desk's rules about the idle crews."""

    def __init__(self, table: TravelTable, calls: Calls) -> None:
        self._table = table
        self._calls = calls
        self._places = calls.place.tolist()
        self._kinds = calls.kind.tolist()
        self._priorities = calls.priority.tolist()
        self._gaps: dict[tuple[int, frozenset[str]], policy.SkillGap | None] = {}

    def recommended(self, call: int, idle: Sequence[CrewState], now_s: float) -> int | None:
        """Return which of the idle crews the list of candidates recommends; None: nobody can.

        Only those are judged that can be the answer: nobody later than the soonest able crew by
        more than `policy.REACHED_LATER_S` ever is.
        """
        times_s = self._times_s(call, idle, now_s)
        order = sorted(range(len(idle)), key=times_s.__getitem__)
        judged: list[CrewFacts] = []
        latest_s = np.inf
        for at in order:
            if times_s[at] > latest_s:
                break
            facts = self._one(call, idle[at], times_s[at], now_s)
            judged.append(facts)
            if latest_s == np.inf and not policy.reasons_against(facts, _STALE_FIX_S):
                latest_s = times_s[at] + policy.REACHED_LATER_S
        best = policy.judge(judged, stale_fix_s=_STALE_FIX_S)[0]
        return best.facts.crew_id if best.verdict is Verdict.RECOMMENDED else None

    def nearest_by_line(self, call: int, idle: Sequence[CrewState], now_s: float) -> int | None:
        """Return the nearest of the idle crews that nothing speaks against."""
        distances_m = self._distances_m(call, idle, now_s)
        times_s = self._times_s(call, idle, now_s)
        for at in sorted(range(len(idle)), key=distances_m.__getitem__):
            facts = self._one(call, idle[at], times_s[at], now_s)
            if not policy.reasons_against(facts, _STALE_FIX_S):
                return facts.crew_id
        return None

    def asked(
        self, call: int, idle: Sequence[CrewState], now_s: float, radius_m: float
    ) -> list[int]:
        """Return which of the idle crews a grab within a radius asks."""
        distances_m = self._distances_m(call, idle, now_s)
        near = [each for each, away_m in zip(idle, distances_m, strict=True) if away_m <= radius_m]
        facts = self.facts(call, near, now_s)
        candidates = [
            cast(
                "CandidateAnswer",
                {
                    "crew_id": each.facts.crew_id,
                    "verdict": each.verdict,
                    "workload": {"active": 0},
                    "free_in_s": each.free_in_s,
                    "outside_radius": False,
                },
            )
            for each in policy.judge(facts, stale_fix_s=_STALE_FIX_S)
        ]
        return [each["crew_id"] for each in asking.asked(candidates, (), by_radius=True)]

    def matched(
        self, calls: Sequence[int], idle: Sequence[CrewState], now_s: float
    ) -> list[int | None]:
        """Return which of the idle crews goes to each of some incidents, None where nobody does."""
        arrival_s = np.full((len(calls), len(idle)), np.inf)
        for row, call in enumerate(calls):
            for column, facts in enumerate(self.facts(call, idle, now_s)):
                if not policy.reasons_against(facts, _STALE_FIX_S):
                    arrival_s[row, column] = facts.travel_time_s
        weights = [WEIGHTS.get(self._priorities[call], _LEAST_WEIGHT) for call in calls]
        chosen = match(arrival_s, weights)
        return [None if column is None else idle[column].number for column in chosen]

    def facts(self, call: int, idle: Sequence[CrewState], now_s: float) -> list[CrewFacts]:
        """Return what the desk knows of each idle crew with regard to an incident."""
        times_s = self._times_s(call, idle, now_s)
        return [
            self._one(call, each, time_s, now_s) for each, time_s in zip(idle, times_s, strict=True)
        ]

    def _times_s(self, call: int, idle: Sequence[CrewState], now_s: float) -> list[float]:
        to, times_s = self._places[call], self._table.at(now_s)
        at = [each.place for each in idle]
        found: list[float] = times_s[at, to].tolist()
        for row, each in enumerate(idle):
            if each.leg is not None:
                found[row] = travel_s(each.position(now_s), to, times_s)
        return found

    def _one(self, call: int, state: CrewState, time_s: float, now_s: float) -> CrewFacts:
        return CrewFacts(
            crew_id=state.number,
            duty=Duty.ON_DUTY,
            fix_age_s=0.0,
            distance_m=0.0,
            travel_time_s=time_s,
            orders_today=state.orders_today(now_s),
            skill_gap=self._gap(self._kinds[call], state.crew.skills),
            hours=state.hours(now_s),
        )

    def _distances_m(self, call: int, idle: Sequence[CrewState], now_s: float) -> list[float]:
        lonlat = self._table.lonlat
        where = lonlat[[each.place for each in idle]]
        for row, each in enumerate(idle):
            if each.leg is not None:
                where[row] = point_of(each.position(now_s), lonlat)
        found: list[float] = line_distances_m(where, lonlat[self._places[call]]).tolist()
        return found

    def _gap(self, kind: int, skills: frozenset[str]) -> policy.SkillGap | None:
        key = kind, skills
        if key not in self._gaps:
            needed = self._calls.needs[kind]
            self._gaps[key] = policy.skill_gap(needed, skills, unrecorded_suffice=False)
        return self._gaps[key]
