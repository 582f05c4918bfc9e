"""What a crew's shift and its hours on duty say about sending it. Pure rules.

A crew that no rota plans is judged as if there were no rotas. One that is on duty outside its
shifts is on duty all the same, and marked.
"""

import math
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Final
from typing import NamedTuple

from dispatch.crews.states import Duty
from dispatch.shifts.states import RotaMark

SHIFT_ENDS: Final = "shift_ends"
REST_DUE: Final = "rest_due"
OUTSIDE_ROTA: Final = "outside_rota"
ROTA_SAYS_ON_DUTY: Final = "rota_says_on_duty"
Span = tuple[float, float]
Spell = tuple[float, float | None]


class RestLimit(NamedTuple):
    """After how many seconds on duty, within how many, a crew rests; None: no limit."""

    after_s: float | None = None
    within_s: float = 86_400.0


NO_LIMIT: Final = RestLimit()


class DutyHours(NamedTuple):
    """What is known of a crew's shifts and hours; seconds.

    ``ends_in_s`` is until the end of the shift that it is in, ``inf`` outside of any.
    """

    has_rota: bool = False
    ends_in_s: float = math.inf
    rest_due: bool = False


UNPLANNED: Final = DutyHours()


def shift_ends_in_s(shifts: Iterable[Span]) -> float:
    """Return in how many seconds the duty ends that the rota has now; ``inf`` if it has none.

    Where the next shift begins as one ends, the crew simply stays.

    Parameters
    ----------
    shifts
        Of one crew: beginning and end, in seconds from now.
    """
    end_s = math.inf
    for begins_in_s, ends_in_s in sorted(shifts):
        if begins_in_s <= 0 < ends_in_s or begins_in_s == end_s:
            end_s = ends_in_s
    return end_s


def on_duty_s(spells: Iterable[Spell], within_s: float) -> float:
    """Return how many of the last ``within_s`` seconds were spent on duty.

    Parameters
    ----------
    spells
        Of one crew: beginning and end, in seconds from now; None: it goes on.
    """
    return sum(
        max(min(0.0, 0.0 if ended is None else ended) - max(began, -within_s), 0.0)
        for began, ended in spells
    )


def reasons_against(hours: DutyHours, arrival_s: float) -> list[str]:
    """Return why a crew should not be sent that would be there in so many seconds.

    Parameters
    ----------
    hours
        Of the crew.
    arrival_s
        Work in hand and travel time; ``inf`` where no road leads there, which is another reason.
    """
    against = []
    if hours.ends_in_s <= arrival_s < math.inf:
        against.append(SHIFT_ENDS)
    if hours.rest_due:
        against.append(REST_DUE)
    return against


def rota_mark(hours: DutyHours, duty: str) -> RotaMark:
    """Return how a crew's duty agrees with its rota; on a break it is on duty."""
    if not hours.has_rota:
        return RotaMark.NO_ROTA
    planned = math.isfinite(hours.ends_in_s)
    if planned is (duty != Duty.OFF_DUTY):
        return RotaMark.AS_PLANNED
    return RotaMark.MISSING if planned else RotaMark.OUTSIDE


def notes(hours: DutyHours, duty: Duty) -> Sequence[str]:
    """Return what else is said of a crew in a list of candidates."""
    mark = rota_mark(hours, duty)
    if mark is RotaMark.OUTSIDE:
        return (OUTSIDE_ROTA,)
    return (ROTA_SAYS_ON_DUTY,) if mark is RotaMark.MISSING else ()
