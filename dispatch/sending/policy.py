"""Who should go: judging crews for one incident. Pure arithmetic on what is known.

``arrival_s = free_in_s + travel_time_s``. Idle crews are free now; a busy one is free when what
remains of its present and queued work is done. The least arrival among those that can come is
recommended; among crews within a minute of it, the one with fewer orders today. A crew that an
order reaches goes before one that it does not, if it is not much later. Straight-line distance is
shown and never decides, except in the order of a list that has no road times at all.
"""

import math
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dispatch.assignments.states import AssignmentState
from dispatch.core.limits import MOST_URGENT
from dispatch.crews.states import Duty
from dispatch.reach.states import Channel
from dispatch.reach.states import Reachable
from dispatch.reach.states import rings
from dispatch.roads.types import DrivingProfile
from dispatch.shifts import duty_hours
from dispatch.shifts.duty_hours import UNPLANNED
from dispatch.shifts.duty_hours import DutyHours

LEAST_REMAINING_WORK_S = 300.0
SAME_ARRIVAL_S = 60.0
REACHED_LATER_S = 180.0
"""By how much later a crew that can be reached may arrive and still go before one that cannot.

To find a crew that no order reaches takes a dispatcher on the radio about as long.
"""
WORK_SPREAD = 0.5
"""By how much of itself remaining work may turn out shorter or longer: it is a kind's median."""
DRIVING_MPS = 1.0
"""From this speed on a crew is elsewhere by now than its position says."""


class Verdict(StrEnum):
    """What the system thinks of sending a crew."""

    RECOMMENDED = "recommended"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"


class SkillGap(StrEnum):
    """Why a crew cannot be taken to be able to do the work."""

    LACKING = "lacks_skill"
    UNRECORDED = "skills_unknown"
    EXPIRED = "ticket_expired"
    WITHDRAWN = "ticket_withdrawn"


def skill_gap(
    needed: Collection[Collection[str]], recorded: Collection[str], *, unrecorded_suffice: bool
) -> SkillGap | None:
    """Return what speaks against a crew's skills; None if they suffice.

    Parameters
    ----------
    needed
        The skills of each task that a crew is looked for; all those of one suffice.
    recorded
        The crew's skills.
    unrecorded_suffice
        Whether a crew without any recorded skill counts as able, as where everybody does all.
    """
    if not needed or any(set(skills) <= set(recorded) for skills in needed):
        return None
    if recorded:
        return SkillGap.LACKING
    return None if unrecorded_suffice else SkillGap.UNRECORDED


@dataclass(frozen=True, slots=True)
class Order:
    """A live order as far as it says when its crew is free again.

    ``priority`` is its incident's; ``worked_s`` what was worked before it was interrupted.
    ``eta_s`` is how long until the crew is there, None while unknown; ``leg_s`` the travel time
    from the order before; ``on_scene_s`` the time already worked, None before arrival.
    """

    state: AssignmentState
    work_s: float
    priority: int = MOST_URGENT
    eta_s: float | None = None
    leg_s: float | None = None
    on_scene_s: float | None = None
    worked_s: float = 0.0


class CrewFacts(NamedTuple):
    """All that is known of one crew at the moment of judging; times in seconds.

    ``travel_time_s`` is driven by ``profile``, from where the crew will be when free (its position,
    or its last order's place) to the incident: ``inf`` when no road leads there, None when no road
    network can tell. ``fix_age_s`` is the age of the position; ``known_age_s`` how long ago the
    crew was last known to be there, less than that where it stands and its device is heard.

    A tuple, like all that is made for hundreds of crews at each question: a frozen dataclass
    takes four times as long to make.
    """

    crew_id: int
    duty: Duty
    fix_age_s: float
    distance_m: float
    travel_time_s: float | None
    orders: Sequence[Order] = ()
    orders_today: int = 0
    off_road: bool = False
    skill_gap: SkillGap | None = None
    already_assigned: bool = False
    declined_before: bool = False
    other_task: bool = False
    """Whether it is of use for another task than the one that is looked for first."""
    lacks_equipment: tuple[str, ...] = ()
    """What it does not bring of what one of the crews there has to bring."""
    outside_radius: bool = False
    profile: DrivingProfile = DrivingProfile.NORMAL
    speed_mps: float | None = None
    reachable: Reachable = Reachable((Channel.PAGE,))
    lent: bool = False
    """Whether it is lent to another unit than the incident's."""
    interrupted_travel_time_s: float | None = None
    """By road from where it is, if it left what it does now; None if it may not."""
    hours: DutyHours = UNPLANNED
    known_age_s: float = math.inf

    @property
    def place_age_s(self) -> float:
        """For how long nothing has said that it is still there."""
        return min(self.fix_age_s, self.known_age_s)


class Judgement(NamedTuple):
    """What the policy says of one crew."""

    facts: CrewFacts
    verdict: Verdict
    free_in_s: float
    reasons: tuple[str, ...] = ()

    @property
    def arrival_s(self) -> float:
        """Seconds until the crew could be there; ``inf`` when unknown or impossible."""
        travel_time_s = self.facts.travel_time_s
        return math.inf if travel_time_s is None else self.free_in_s + travel_time_s

    @property
    def arrival_range_s(self) -> tuple[float, float]:
        """Seconds between which the crew can honestly be expected; both ``inf`` when unknown.

        Of an idle crew that drives, the position is as old as its fix: since then it may have
        come that much nearer or gone that much further. Of a busy one, the remaining work is
        only what such work usually takes.
        """
        if self.facts.orders:
            spread_s = WORK_SPREAD * self.free_in_s
        else:
            driving = (self.facts.speed_mps or 0.0) >= DRIVING_MPS
            spread_s = self.facts.fix_age_s if driving else 0.0
        return max(self.arrival_s - spread_s, 0.0), self.arrival_s + spread_s


def profile_of(
    kind: str, emergency_kinds: Collection[str], *, emergency_drive: bool
) -> DrivingProfile:
    """Return how a crew drives to an incident: with blue lights if kind and vehicle permit it."""
    if emergency_drive and kind in emergency_kinds:
        return DrivingProfile.EMERGENCY
    return DrivingProfile.NORMAL


def may_interrupt(present_priority: int, urgent_priority: int) -> bool:
    """Return whether work may be left for something else: only for what is more urgent."""
    return present_priority > urgent_priority


def interruptible(orders: Sequence[Order], urgent_priority: int) -> bool:
    """Return whether a busy crew could be asked to leave what it does now."""
    return bool(orders) and may_interrupt(orders[0].priority, urgent_priority)


def free_in_s(orders: Sequence[Order]) -> float:
    """Return in how many seconds a crew is done with its live orders, in their order.

    Work on scene lasts at least five more minutes, however long it already took: a crew that
    is over its time is not about to leave.
    """
    total_s = 0.0
    for rank, order in enumerate(orders):
        if order.on_scene_s is not None:
            worked_s = order.on_scene_s + order.worked_s
            total_s += max(order.work_s - worked_s, LEAST_REMAINING_WORK_S)
            continue
        way_s = order.eta_s if rank == 0 else order.leg_s
        left_s = order.work_s
        if order.worked_s:
            left_s = max(order.work_s - order.worked_s, LEAST_REMAINING_WORK_S)
        total_s += (way_s or 0.0) + left_s
    return total_s


def judge(crews: Sequence[CrewFacts], *, stale_fix_s: float) -> list[Judgement]:
    """Return the judgements of all crews, the best first.

    Parameters
    ----------
    crews
        What is known of each.
    stale_fix_s
        Age from which a position no longer says where a crew is.

    Returns
    -------
    judgements
        One a crew, at most one of them recommended: those that can come by arrival, then (no
        road time known) by distance, then the excluded ones.
    """
    judgements = [_judge_one(crew, stale_fix_s) for crew in crews]
    judgements.sort(key=_order)
    index = _recommended(judgements)
    if index is not None:
        best = judgements[index]
        why = _why(best, [each for each in judgements if _can_come(each)])
        best = best._replace(verdict=Verdict.RECOMMENDED, reasons=(why, *best.reasons))
        # The recommended crew leads the list: it is where the eye and the Enter key go first.
        judgements = [best, *judgements[:index], *judgements[index + 1 :]]
    return judgements


def _judge_one(crew: CrewFacts, stale_fix_s: float) -> Judgement:
    against = reasons_against(crew, stale_fix_s)
    return Judgement(
        facts=crew,
        verdict=Verdict.EXCLUDED if against else Verdict.POSSIBLE,
        free_in_s=free_in_s(crew.orders),
        reasons=(*against, *_notes(crew, stale_fix_s)),
    )


def reasons_against(crew: CrewFacts, stale_fix_s: float) -> list[str]:
    """Return why a crew cannot be sent; nothing if it can."""
    against = ["lent"] if crew.lent else []
    if crew.duty is not Duty.ON_DUTY:
        against.append(crew.duty.value)
    if crew.place_age_s > stale_fix_s:
        against.append("stale_fix")
    if crew.already_assigned:
        against.append("already_assigned")
    if crew.declined_before:
        against.append("declined_before")
    against += _lacks(crew)
    if crew.off_road:
        against.append("off_road")
    elif crew.travel_time_s == math.inf:
        against.append("unreachable")
    return against + _against_hours(crew)


def _against_hours(crew: CrewFacts) -> list[str]:
    """Return what speaks against a crew by its shift and its hours on duty."""
    if crew.hours is UNPLANNED:
        return []
    arrival_s = free_in_s(crew.orders) + (crew.travel_time_s or 0.0)
    return duty_hours.reasons_against(crew.hours, arrival_s)


def _lacks(crew: CrewFacts) -> list[str]:
    gap = [] if crew.skill_gap is None else [crew.skill_gap.value]
    return [*gap, "lacks_equipment"] if crew.lacks_equipment else gap


def _notes(crew: CrewFacts, stale_fix_s: float) -> list[str]:
    """Return what else should be said of a crew, whether it can be sent or not."""
    notes = ["parked"] if crew.place_age_s <= stale_fix_s < crew.fix_age_s else []
    if crew.travel_time_s is None:
        notes.append("no_road_time")
    if crew.other_task and crew.skill_gap is None:
        notes.append("other_task")
    if crew.orders:
        notes.append("busy")
    if crew.outside_radius:
        notes.append("outside_radius")
    if crew.duty is Duty.ON_DUTY:
        channels = crew.reachable.channels
        if not channels:
            notes.append("not_reachable")
        elif channels[0] is Channel.PAGE_MUTE:
            notes.append("phone_mute")
    notes += duty_hours.notes(crew.hours, crew.duty)
    return notes


def _order(judgement: Judgement) -> tuple[bool, float, float, int]:
    facts = judgement.facts
    excluded = judgement.verdict is Verdict.EXCLUDED
    return excluded, judgement.arrival_s, facts.distance_m, facts.crew_id


def _can_come(judgement: Judgement) -> bool:
    return judgement.verdict is Verdict.POSSIBLE and math.isfinite(judgement.arrival_s)


def _recommended(judgements: Sequence[Judgement]) -> int | None:
    able = [index for index, each in enumerate(judgements) if _can_come(each)]
    if not able:
        return None
    able = [index for index in able if not judgements[index].facts.other_task] or able
    able = _reached_best(judgements, able)
    least_s = judgements[able[0]].arrival_s
    close = [index for index in able if judgements[index].arrival_s <= least_s + SAME_ARRIVAL_S]
    return min(close, key=lambda index: (judgements[index].facts.orders_today, index))


def _reached_best(judgements: Sequence[Judgement], able: Sequence[int]) -> list[int]:
    """Return, soonest first, those of the crews soon enough that an order reaches best."""
    latest_s = judgements[able[0]].arrival_s + REACHED_LATER_S
    soon = [index for index in able if judgements[index].arrival_s <= latest_s]
    best = min(reached(judgements[index]) for index in soon)
    return [index for index in soon if reached(judgements[index]) == best]


def reached(judgement: Judgement) -> int:
    """Return how well an order reaches a crew: 0 it rings, 1 it is shown in silence, 2 not."""
    channels = judgement.facts.reachable.channels
    if rings(channels):
        return 0
    return 1 if channels and channels[0] is Channel.PAGE_MUTE else 2


def _why(best: Judgement, able: Sequence[Judgement]) -> str:
    """Return why a crew is recommended."""
    if best.arrival_s == min(each.arrival_s for each in able):
        return "fastest"
    alike = [each for each in able if reached(each) == reached(best)]
    if best.arrival_s == min(each.arrival_s for each in alike):
        return "fastest_reachable"
    return "fewer_orders_today"
