"""Who could come to an incident, whatever its skills, and how soon: to choose a set of crews."""

import math
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.sending.candidate_lists import CandidateList
from dispatch.sending.lacks import Lapsed
from dispatch.sending.lacks import gap_of
from dispatch.sending.policy import REACHED_LATER_S
from dispatch.sending.policy import CrewFacts
from dispatch.sending.policy import Judgement
from dispatch.sending.policy import Verdict
from dispatch.sending.policy import judge
from dispatch.sending.policy import reached
from dispatch.sending.types import TravelTimesKnown

_STRAIGHT_MPS = 10.0
"""Only to compare crews by straight distance, where no road time is known; never shown."""


@dataclass(frozen=True, slots=True)
class AbleCrew:
    """A crew on its way to be chosen.

    ``cost_s`` compares it with others: when it would be there, later by what it takes to find a
    crew that no order reaches; ``inf`` if it cannot come. ``arrival_s`` is `inf` where it is
    unknown.
    """

    crew_id: int
    name: str
    skills: tuple[str, ...]
    lapsed: Lapsed | None
    brings_all: bool
    """Whether it brings whatever somebody has to bring."""
    distance_m: float
    travel_time_s: float | None
    free_in_s: float
    arrival_s: float
    cost_s: float
    busy: bool
    reasons: tuple[str, ...]


class AbleCrews:
    """The crews around an incident at one moment."""

    def __init__(
        self, made: CandidateList, stale_fix_s: float, *, unrecorded_suffice: bool
    ) -> None:
        self._made = made
        self._stale_fix_s = stale_fix_s
        self._unrecorded_suffice = unrecorded_suffice
        judged = judge(self._facts(list(made.facts)), stale_fix_s=stale_fix_s)
        self.crews: list[AbleCrew] = [self._crew(each) for each in judged]

    @property
    def computed_at(self) -> datetime:
        """When they were looked at."""
        return self._made.computed_at

    @property
    def radius_m(self) -> float:
        """Within which straight-line distance all of them are."""
        return self._made.radius_m

    @property
    def incident_version(self) -> int:
        """What version of the incident they were looked for."""
        return self._made.place.version

    @property
    def travel_times(self) -> TravelTimesKnown:
        """Whether road times are known."""
        return self._made.travel_times

    def can_do(self, crew: AbleCrew, skills: Sequence[str]) -> bool:
        """Return whether a crew has all of some skills, as far as that is recorded."""
        return self.suffice(crew.skills, skills, crew.lapsed)

    def suffice(
        self, recorded: Collection[str], skills: Sequence[str], lapsed: Lapsed | None = None
    ) -> bool:
        """Return whether what is recorded of a crew's skills suffices for some."""
        return not gap_of([skills], recorded, lapsed, unrecorded_suffice=self._unrecorded_suffice)

    def bringing(self) -> Collection[int]:
        """Return the crews of which one has to go: those that bring what is needed, all if none."""
        bring = {each.crew_id for each in self.crews if each.brings_all}
        return bring or {each.crew_id for each in self.crews}

    def recommended(self, skills: Sequence[str]) -> AbleCrew | None:
        """Return whom the list of candidates would recommend; None without road times."""
        bring = self.bringing()
        able = [each for each in self.crews if each.crew_id in bring and self.can_do(each, skills)]
        facts = self._facts([each.crew_id for each in able])
        for judgement in judge(facts, stale_fix_s=self._stale_fix_s):
            if judgement.verdict is Verdict.RECOMMENDED:
                return self._crew(judgement)
        return None

    def _facts(self, crew_ids: Sequence[int]) -> list[CrewFacts]:
        facts = self._made.facts
        return [facts[each]._replace(skill_gap=None, lacks_equipment=()) for each in crew_ids]

    def _crew(self, judgement: Judgement) -> AbleCrew:
        facts = judgement.facts
        known = self._made.known[facts.crew_id]
        finite = facts.travel_time_s is not None and math.isfinite(facts.travel_time_s)
        return AbleCrew(
            crew_id=facts.crew_id,
            name=known.name,
            skills=known.skills,
            lapsed=known.lapsed,
            brings_all=not self._made.facts[facts.crew_id].lacks_equipment,
            distance_m=facts.distance_m,
            travel_time_s=facts.travel_time_s if finite else None,
            free_in_s=judgement.free_in_s,
            arrival_s=judgement.arrival_s,
            cost_s=self._cost_s(judgement),
            busy=bool(facts.orders),
            reasons=judgement.reasons,
        )

    def _cost_s(self, judgement: Judgement) -> float:
        if judgement.verdict is Verdict.EXCLUDED:
            return math.inf
        arrival_s = judgement.arrival_s
        if self.travel_times is not TravelTimesKnown.KNOWN:
            arrival_s = judgement.free_in_s + judgement.facts.distance_m / _STRAIGHT_MPS
        return arrival_s + REACHED_LATER_S * reached(judgement)
