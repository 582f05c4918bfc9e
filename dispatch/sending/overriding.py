"""What it costs to send another crew than the recommended one, as it was when it was sent. Pure."""

import math
from collections.abc import Sequence
from typing import Any

from dispatch.sending.policy import Verdict
from dispatch.sending.types import CandidateAnswer


def arrival_s(candidate: CandidateAnswer, *, interrupted: bool = False) -> float:
    """Return in how many seconds a crew could be there; ``inf`` when that is not known."""
    if interrupted and candidate["interrupt"] is not None:
        return candidate["interrupt"]["travel_time_s"]
    if candidate["travel_time_s"] is None:
        return math.inf
    return candidate["free_in_s"] + candidate["travel_time_s"]


def override_of(
    candidates: Sequence[CandidateAnswer], crew_id: int, *, interrupted: bool = False
) -> dict[str, Any] | None:
    """Return which crew was recommended instead, and how much sooner it would have been there.

    Parameters
    ----------
    candidates
        The list that the crew was chosen from.
    crew_id
        Whom the dispatcher sent.
    interrupted
        Whether it leaves what it does for that.

    Returns
    -------
    override
        ``recommended_crew_id``, ``recommended_crew_name`` and ``cost_s``: arrival of the chosen
        less arrival of the recommended in seconds, negative where the chosen is sooner, None where
        it cannot be told. None for what was no override: it was the recommended crew, or there was
        none.
    """
    best = next((each for each in candidates if each["verdict"] == Verdict.RECOMMENDED), None)
    if best is None or best["crew_id"] == crew_id:
        return None
    chosen = next((each for each in candidates if each["crew_id"] == crew_id), None)
    cost_s = math.inf
    if chosen is not None:
        cost_s = arrival_s(chosen, interrupted=interrupted) - arrival_s(best)
    return {
        "recommended_crew_id": best["crew_id"],
        "recommended_crew_name": best["crew_name"],
        "cost_s": round(cost_s, 1) if math.isfinite(cost_s) else None,
    }
