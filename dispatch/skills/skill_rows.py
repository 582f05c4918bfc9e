"""The list of skills, as services ask it inside their transactions."""

from collections.abc import Iterable
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.skills.models import SkillEntry


def entries(session: Session) -> Sequence[SkillEntry]:
    """Return all skills in the order of the list, retired ones too."""
    return session.scalars(select(SkillEntry).order_by(SkillEntry.sort, SkillEntry.code)).all()


def refuse_unknown(session: Session, codes: Iterable[str], field: str) -> None:
    """Refuse skills that are not in the list.

    Raises
    ------
    InvalidInput
        On the field, naming the first unknown one and those that there are.
    """
    wanted = list(codes)
    if not wanted:
        return
    listed = entries(session)
    known = {each.code for each in listed}
    for code in wanted:
        if code not in known:
            choices = ", ".join(each.code for each in listed if not each.retired)
            message = N_("there is no skill %(code)s; there are: %(choices)s")
            raise InvalidInput.one(field, message, code=code, choices=choices)
