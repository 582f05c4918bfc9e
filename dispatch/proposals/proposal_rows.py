"""Rows of a proposal: an incident each, with its crew, why it gets none, and who else could go."""

from collections import Counter
from typing import Any
from typing import cast

import numpy as np

from dispatch.core.instants import instant
from dispatch.proposals.matching import WEIGHTS
from dispatch.proposals.matching import match
from dispatch.proposals.types import BatchCrewAnswer
from dispatch.proposals.types import BatchRowAnswer
from dispatch.proposals.types import BatchTaskAnswer
from dispatch.proposals.types import WhyNobody
from dispatch.sending.wide_judging import WideJudgement

_OTHERS = 8
_LEAST_WEIGHT = 1
_FIRST_COUNTS = 2
"""As much more the first crew of an incident counts than those that support it."""


def proposed_rows(judged: WideJudgement) -> list[dict[str, Any]]:
    """Return the rows of a proposal, the most urgent incident first."""
    weights = [
        WEIGHTS.get(each.priority, _LEAST_WEIGHT) * (_FIRST_COUNTS if each.first else 1)
        for each in judged.wanted
    ]
    chosen = match(judged.preferred_s(), weights)
    taken = {column for column in chosen if column is not None}
    return [
        cast("dict[str, Any]", _row(judged, row, column, taken))
        for row, column in enumerate(chosen)
    ]


def _row(judged: WideJudgement, row: int, column: int | None, taken: set[int]) -> BatchRowAnswer:
    wanted = judged.wanted[row]
    arrivals_s = judged.arrival_s[row]
    able = np.flatnonzero(np.isfinite(arrivals_s))
    soonest = able[np.argsort(arrivals_s[able], kind="stable")].tolist()
    # Somebody who is free first: one who is not is given by trading with the other row.
    free = [each for each in soonest if each not in taken][:_OTHERS]
    others = sorted(
        {*free, *[each for each in soonest if each != column][:_OTHERS]},
        key=lambda each: float(arrivals_s[each]),
    )
    why = None
    if column is None:
        why = WhyNobody.NO_CREW_LEFT if soonest else WhyNobody.NO_CREW_CAN
    against: Counter[str] = Counter()
    if why is WhyNobody.NO_CREW_CAN:
        for each in range(len(judged.crews)):
            against.update(judged.reasons(row, each))
    task: BatchTaskAnswer | None = None
    if wanted.task is not None:
        of_plan = wanted.task
        task = {"code": of_plan.code, "name_en": of_plan.name_en, "name_zh": of_plan.name_zh}
    return {
        "row": row,
        "incident_id": wanted.place.incident_id,
        "task": task,
        "incident_version": wanted.place.version,
        "kind": wanted.place.kind,
        "priority": wanted.priority,
        "address": wanted.address,
        "reported_at": instant(wanted.reported_at),
        "lon": wanted.place.lonlat[0],
        "lat": wanted.place.lonlat[1],
        "crew": None if column is None else _crew(judged, row, column),
        "why": why,
        "against": dict(against.most_common()),
        "others": [_crew(judged, row, each) for each in others if each != column],
    }


def _crew(judged: WideJudgement, row: int, column: int) -> BatchCrewAnswer:
    known = judged.crews[column]
    return {
        "crew_id": known.crew_id,
        "crew_name": known.name,
        "lon": known.lonlat[0],
        "lat": known.lonlat[1],
        "arrival_s": round(float(judged.arrival_s[row, column]), 1),
        "free_in_s": round(float(judged.free_in_s[column]), 1),
        "travel_time_s": round(float(judged.travel_time_s[row, column]), 1),
        "busy": bool(judged.base[column].orders),
        "reached": judged.rings(column),
    }
