"""The catalogue of parts: read, and edited by administrators."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.limits import LONGEST_SKILL
from dispatch.core.list_query import EVERYTHING
from dispatch.core.list_query import ListQuery
from dispatch.core.listing import Listing
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.forms import list_rows
from dispatch.forms.models import Part
from dispatch.forms.types import PartAnswer
from dispatch.forms.types import PartsAnswer
from dispatch.forms.types import SetPart

LAST = 100
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_LISTING = Listing(
    searched=(Part.code, Part.name_en, Part.name_zh),
    sorted_by={
        "sort": Part.sort,
        "code": Part.code,
        "name_en": Part.name_en,
        "name_zh": Part.name_zh,
    },
    order="sort",
    key=Part.code,
)


class PartService:
    """Lists parts, and sets them."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, query: ListQuery = EVERYTHING) -> PartsAnswer:
        """Return a page of the catalogue, retired parts too."""
        actor.require(Permission.OUTCOME_WRITE)
        with self._work.reading() as session:
            found = listing.find(session, select(Part), _LISTING, query)
        return {"parts": [list_rows.part_view(each) for each in found.rows], "total": found.total}

    def set(self, actor: Actor, code: str, wanted: SetPart) -> PartAnswer:
        """Add a part, change it, or retire it; orders that used it keep its words of then.

        Raises
        ------
        InvalidInput
            On ``code``, if it is none.
        """
        actor.require(Permission.OUTCOME_WRITE)

        def work(session: Session) -> PartAnswer:
            row = session.get(Part, code, with_for_update=True)
            if row is None:
                refuse_unusable(code)
                row = Part(code=code, sort=LAST)
                session.add(row)
            for name in ("name_en", "name_zh", "unit_en", "unit_zh", "retired"):
                setattr(row, name, getattr(wanted, name))
            row.sort = row.sort if wanted.sort is None else wanted.sort
            session.flush()
            answer = list_rows.part_view(row)
            now = self._clock()
            events.append(session, EventKind.PART_CHANGED, actor, at=now, data={"part": answer})
            return answer

        return self._work.run(work)


def refuse_unusable(code: str) -> None:
    """Refuse a new code that no address could name.

    Raises
    ------
    InvalidInput
        On ``code``.
    """
    if len(code) > LONGEST_SKILL or not _CODE.fullmatch(code):
        message = N_("must be letters, digits, point, minus and _")
        raise InvalidInput.one("code", message)
