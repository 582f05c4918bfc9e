"""Lists of candidates: what each was made of, what the API shows of it, and the latest ones."""

import math
import threading
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from cachetools import LRUCache

from dispatch.board.read_model import workload
from dispatch.core import scope
from dispatch.core.instants import instant
from dispatch.core.scope import Scope
from dispatch.reach.types import reachable_answer
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadsVersion
from dispatch.sending.crew_facts import KnownCrew
from dispatch.sending.crew_facts import Place
from dispatch.sending.lacks import lapses_of
from dispatch.sending.policy import CrewFacts
from dispatch.sending.policy import Judgement
from dispatch.sending.policy import judge
from dispatch.sending.types import CandidateAnswer
from dispatch.sending.types import CandidatesAnswer
from dispatch.sending.types import InterruptAnswer
from dispatch.sending.types import TravelTimesKnown
from dispatch.sending.types import UnlocatedAnswer

_KEPT = 16
_LONGEST = timedelta(seconds=30)
"""A desk asks again every ten seconds; an older list is nobody's reason any more."""


@dataclass(frozen=True, slots=True)
class CandidateList:
    """Everything that one list was made of, crew by crew.

    ``origins`` are where crews would set out: an idle one from where it is, a busy one from its
    last order's place. ``judged_anew_at`` says of which crews more is known than of the others,
    and since when.
    """

    place: Place
    radius_m: float
    computed_at: datetime
    known: Mapping[int, KnownCrew]
    facts: Mapping[int, CrewFacts]
    unlocated: Sequence[UnlocatedAnswer]
    travel_times: TravelTimesKnown
    origins: Mapping[int, Origin] = field(default_factory=dict)
    not_listed: int = 0
    roads: RoadsVersion | None = None
    way_lengths_m: Mapping[int, float | None] = field(default_factory=dict)
    judged_anew_at: Mapping[int, datetime] = field(default_factory=dict)

    def with_crew(
        self, known: KnownCrew, facts: CrewFacts, origin: Origin, at: datetime
    ) -> "CandidateList":
        """Return the list with one crew as it is now; all others as they were."""
        crew_id = known.crew_id
        return replace(
            self,
            origins={**self.origins, crew_id: origin},
            way_lengths_m={**self.way_lengths_m, crew_id: None},
            known={**self.known, crew_id: known},
            facts={**self.facts, crew_id: facts},
            judged_anew_at={**self.judged_anew_at, crew_id: at},
        )

    def answer(self, stale_fix_s: float) -> CandidatesAnswer:
        """Return the list as the API shows it, the recommended crew first."""
        judgements = judge(list(self.facts.values()), stale_fix_s=stale_fix_s)
        return {
            "computed_at": instant(self.computed_at),
            "radius_m": self.radius_m,
            "incident_version": self.place.version,
            "travel_times": self.travel_times,
            "not_listed": self.not_listed,
            "roads": None
            if self.roads is None
            else {"network": self.roads.network, "metric": self.roads.metric},
            "candidates": [self._view(each) for each in judgements],
            "unlocated": list(self.unlocated),
        }

    def _view(self, judgement: Judgement) -> CandidateAnswer:
        facts = judgement.facts
        known = self.known[facts.crew_id]
        now = self.judged_anew_at.get(facts.crew_id, self.computed_at)
        finite = math.isfinite(judgement.arrival_s)
        eta_at = now + timedelta(seconds=judgement.arrival_s) if finite else None
        earliest_s, latest_s = judgement.arrival_range_s
        return {
            "crew_id": facts.crew_id,
            "crew_name": known.name,
            "verdict": judgement.verdict,
            "reasons": list(judgement.reasons),
            "lapsed": lapses_of(self.place.needs, known.lapsed),
            "lacks_equipment": list(facts.lacks_equipment),
            "distance_m": round(facts.distance_m, 1),
            "way_length_m": self.way_lengths_m.get(facts.crew_id),
            "travel_time_s": round(facts.travel_time_s, 1)
            if finite and facts.travel_time_s is not None
            else None,
            "profile": facts.profile,
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
            "reachable": reachable_answer(facts.reachable),
            "interrupt": _interrupt(facts, now),
        }


def _interrupt(facts: CrewFacts, now: datetime) -> InterruptAnswer | None:
    travel_time_s = facts.interrupted_travel_time_s
    if travel_time_s is None or not math.isfinite(travel_time_s):
        return None
    return {
        "travel_time_s": round(travel_time_s, 1),
        "eta_at": instant(now + timedelta(seconds=travel_time_s)),
    }


_Key = tuple[Scope | None, int, float]


def _key(incident_id: int, radius_m: float) -> _Key:
    """Return what a list is kept under: others who ask may see other crews."""
    seen = scope.current()
    return seen and seen.sight(), incident_id, radius_m


class RecentLists:
    """The latest lists that this worker made: a crew is sent from one of them, seconds later."""

    def __init__(self) -> None:
        self._lists: LRUCache[_Key, CandidateList] = LRUCache(_KEPT)
        self._lock = threading.Lock()

    def keep(self, made: CandidateList) -> None:
        """Remember a list in place of an older one of the same incident and radius."""
        with self._lock:
            self._lists[_key(made.place.incident_id, made.radius_m)] = made

    def find(self, incident_id: int, radius_m: float, now: datetime) -> CandidateList | None:
        """Return the latest list of an incident within a radius; None if it is not recent."""
        with self._lock:
            found = self._lists.get(_key(incident_id, radius_m))
        if found is None or not timedelta() <= now - found.computed_at <= _LONGEST:
            return None
        return found

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._lists.clear()
