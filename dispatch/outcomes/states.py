"""What outcomes mean for their incident, and when a follow-up is due. Pure rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from dispatch.core.errors import N_


class Effect(StrEnum):
    """What an outcome means for the incident."""

    DONE = "done"
    FOLLOW_UP = "follow_up"
    """Made safe: nobody is in danger, and the repair is to follow."""
    NOT_DONE = "not_done"


EFFECT_LABELS = {
    Effect.DONE: N_("Done"),
    Effect.FOLLOW_UP: N_("Made safe, repair to follow"),
    Effect.NOT_DONE: N_("Not done"),
}


@dataclass(frozen=True, slots=True)
class KnownOutcome:
    """An outcome as it was when an order ended with it."""

    code: str
    effect: Effect
    name_en: str
    name_zh: str


ALWAYS_KNOWN = MappingProxyType(
    {
        each.code: each
        for each in (
            KnownOutcome("repaired", Effect.DONE, "Repaired", "已修复"),
            KnownOutcome("nothing_found", Effect.DONE, "Nothing found", "未发现异常"),
            KnownOutcome(
                "made_safe",
                Effect.FOLLOW_UP,
                "Made safe, repair to follow",
                "已消除危险，待后续修复",
            ),
            KnownOutcome("no_access", Effect.NOT_DONE, "Could not get in", "无法进入现场"),
        )
    }
)
"""Outcomes that every kind accepts, whether or not its list has them.

Crew pages used to send these codes as ``result``, and those without the list of a kind offer them.
"""

_DUE_AFTER = {1: timedelta(hours=24), 2: timedelta(hours=24), 3: timedelta(days=3)}
_DUE_AFTER_OTHERWISE = timedelta(days=7)
LATEST_DUE = timedelta(days=365)
"""How far ahead a follow-up may be due."""
MOST_URGENT_FOLLOW_UP = 2
"""What is made safe is no emergency any more."""


def standing_effect(effects: Iterable[str]) -> Effect | None:
    """Return what the outcomes of an incident's orders mean together; None without any.

    The last word counts when it is "not done". Otherwise one order that left a repair to follow
    keeps the incident from being done, whatever another crew did beside it.

    Parameters
    ----------
    effects
        Of the completed orders of the present round, in the order in which they were completed.
    """
    said = [Effect(each) for each in effects]
    if not said:
        return None
    if said[-1] is Effect.NOT_DONE:
        return Effect.NOT_DONE
    return Effect.FOLLOW_UP if Effect.FOLLOW_UP in said else Effect.DONE


def decided_effect(ends: Iterable[tuple[str, bool]]) -> Effect | None:
    """Return what the ends of an incident's orders mean where not all can end it; None if nothing.

    Where several crews work together, a supporting crew's "done" says that its part is done: with
    nobody who leads the work it means nothing for the incident, and it never outweighs that the
    leading crew has not done it. That a repair is to follow, or that something was not done, counts
    whoever says so.

    Parameters
    ----------
    ends
        Of the completed orders of the present round, in the order in which they were completed:
        the effect, and whether that order's end could end the incident.
    """
    said = [(Effect(effect), decisive) for effect, decisive in ends]
    if not said:
        return None
    if said[-1][0] is Effect.NOT_DONE:
        return Effect.NOT_DONE
    deciding = [effect for effect, decisive in said if decisive]
    if not deciding:
        return None
    if deciding[-1] is Effect.NOT_DONE:
        return Effect.NOT_DONE
    return standing_effect(effect for effect, _ in said)


def follow_up_priority(priority: int) -> int:
    """Return the priority of the follow-up of an incident."""
    return max(priority, MOST_URGENT_FOLLOW_UP)


def due_after(priority: int) -> timedelta:
    """Return how long after it was made safe an incident of a priority is to be repaired."""
    return _DUE_AFTER.get(priority, _DUE_AFTER_OTHERWISE)
