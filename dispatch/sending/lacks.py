"""What speaks against a crew by what it has: tickets that ended, equipment. Pure rules."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from dispatch.sending.policy import SkillGap
from dispatch.sending.policy import skill_gap
from dispatch.skills.states import Ended
from dispatch.skills.types import LapseAnswer
from dispatch.skills.types import lapses

Lapsed = Mapping[str, Mapping[str, Any]]
"""How, and on which day, the skills that a crew lacks now ended; by skill."""
_GAPS = {Ended.EXPIRED: SkillGap.EXPIRED, Ended.WITHDRAWN: SkillGap.WITHDRAWN}


def gap_of(
    needed: Collection[Collection[str]],
    recorded: Collection[str],
    lapsed: Lapsed | None,
    *,
    unrecorded_suffice: bool,
) -> SkillGap | None:
    """Return what speaks against a crew's skills; None if they suffice.

    As `policy.skill_gap`; but of a crew that could do a task until a ticket ended that is said. And
    a crew without any skill left is not one that nothing was ever recorded of.
    """
    gap = skill_gap(needed, recorded, unrecorded_suffice=unrecorded_suffice and not lapsed)
    if gap is None or not lapsed:
        return gap
    for skills in needed:
        missing = [code for code in skills if code not in recorded]
        if all(code in lapsed for code in missing):
            return _GAPS[Ended(lapsed[missing[0]]["how"])]
    return SkillGap.LACKING


def lapses_of(needed: Iterable[Iterable[str]], lapsed: Lapsed | None) -> list[LapseAnswer]:
    """Return which of some skills a crew has no longer, as the API shows them."""
    if not lapsed:
        return []
    wanted = {code for skills in needed for code in skills}
    return [each for each in lapses(lapsed) if each["skill"] in wanted]


def missing_equipment(needed: Iterable[str], brought: Collection[str]) -> tuple[str, ...]:
    """Return what a crew does not bring of what somebody has to bring."""
    return tuple(code for code in needed if code not in brought)
