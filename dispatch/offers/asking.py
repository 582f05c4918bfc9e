"""Whom an offer asks. Pure: from the list of candidates, and the crews that the desk named."""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.sending.types import CandidateAnswer

EXCLUDED: Final = "excluded"
CANNOT: Final[Mapping[str, str]] = {
    "off_duty": N_("%(crew)s is not on duty."),
    "on_break": N_("%(crew)s is on a break."),
    "already_assigned": N_("%(crew)s is sent there already."),
    "lent": N_("%(crew)s is lent to another unit."),
}
"""What no desk may overrule: such a crew could not be given the order."""


def suitable(candidates: Sequence[CandidateAnswer]) -> list[CandidateAnswer]:
    """Return the crews that are asked without being named: able to come, and idle.

    A busy crew could only queue the order: faster at the button than an idle one, it would win and
    arrive last. It is asked when it is named.
    """
    return [
        each
        for each in candidates
        if each["verdict"] != EXCLUDED and not each["workload"]["active"] and each["free_in_s"] == 0
    ]


def asked(
    candidates: Sequence[CandidateAnswer], named: Collection[int], *, by_radius: bool
) -> list[CandidateAnswer]:
    """Return the crews to ask, in the order of the list: soonest first.

    Parameters
    ----------
    candidates
        All crews judged: those within the radius and those named.
    named
        Ids of crews that the desk named; excluded ones among them are asked unless that is of no
        use whatever anybody wants (`CANNOT`).
    by_radius
        Whether all suitable crews within the radius are asked too.

    Raises
    ------
    InvalidInput
        On ``crew_ids``, for each that cannot be asked, and why.
    """
    by_id = {each["crew_id"]: each for each in candidates}
    wrong = [error for crew_id in sorted(set(named)) for error in _refusals(by_id, crew_id)]
    if wrong:
        raise InvalidInput(wrong)
    inside = [each for each in candidates if not each["outside_radius"]]
    chosen = {each["crew_id"] for each in suitable(inside)} if by_radius else set()
    chosen |= set(named)
    return [each for each in candidates if each["crew_id"] in chosen]


def _refusals(by_id: Mapping[int, CandidateAnswer], crew_id: int) -> list[FieldError]:
    found = by_id.get(crew_id)
    if found is None:
        message = N_("There is no crew %(id)s whose place is known.")
        return [FieldError("crew_ids", message, {"id": crew_id})]
    return [
        FieldError("crew_ids", CANNOT[reason], {"crew": found["crew_name"]})
        for reason in found["reasons"]
        if reason in CANNOT
    ][:1]
