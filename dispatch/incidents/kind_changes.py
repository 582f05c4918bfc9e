"""Kinds of incidents, added and changed by those who keep the rules."""

import re

from sqlalchemy import Text
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import literal
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LONGEST_SKILL
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.forms.models import Form
from dispatch.forms.models import ResultCode
from dispatch.incidents import kinds
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.types import AddKind
from dispatch.incidents.types import ChangeKind
from dispatch.incidents.types import KindAnswer
from dispatch.outcomes.models import Outcome
from dispatch.plans.models import PlanTask
from dispatch.safety.models import CheckInRule

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_STEP = 10
_Copied = type[Outcome] | type[PlanTask] | type[CheckInRule] | type[ResultCode]
_COPIED: tuple[_Copied, ...] = (Outcome, PlanTask, CheckInRule, ResultCode)


class KindService:
    """Adds and changes kinds; open consoles know of it when they are loaded again."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def add(self, actor: Actor, wanted: AddKind) -> KindAnswer:
        """Add a kind with the outcomes, codes, forms, plan and check-ins of another.

        An order of a kind without outcomes could not end, so there is always one to begin with.

        Raises
        ------
        InvalidInput
            On ``code``, if it is taken or of other letters; on ``like``, if there is no such kind.
        """
        actor.require(Permission.KIND_WRITE)
        if len(wanted.code) > LONGEST_SKILL or not _CODE.fullmatch(wanted.code):
            message = N_("must be small letters, digits and _, such as gas_leak")
            raise InvalidInput.one("code", message)
        with self._work.writing() as session:
            if session.get(IncidentKind, wanted.like) is None:
                raise InvalidInput.one("like", N_("is no kind"))
            last = session.scalar(select(func.max(IncidentKind.sort))) or 0
            values = wanted.model_dump(exclude={"like"}) | {"sort": last + _STEP}
            added = session.execute(
                kinds.INSERT_NEW.values(**values).returning(IncidentKind.code)
            ).one_or_none()
            if added is None:
                raise InvalidInput.one("code", N_("is the code of another kind"))
            for table in _COPIED:
                _copy(session, table, wanted.like, wanted.code)
            session.execute(
                update(Form)
                .where(Form.kinds.contains([wanted.like]))
                .values(kinds=func.array_append(Form.kinds, wanted.code))
            )
            return self._told(session, EventKind.KIND_ADDED, actor, wanted.code)

    def change(self, actor: Actor, code: str, wanted: ChangeKind) -> KindAnswer:
        """Change what is named of a kind; incidents that are there keep their priority.

        Raises
        ------
        NotFound
            If there is no such kind.
        """
        actor.require(Permission.KIND_WRITE)
        with self._work.writing() as session:
            row = session.get(IncidentKind, code, with_for_update={"key_share": True})
            if row is None:
                raise NotFound.thing("kind", code)
            for name, value in wanted.given().items():
                if value is not None or name == "skill":
                    setattr(row, name, value)
            return self._told(session, EventKind.KIND_CHANGED, actor, code)

    def _told(self, session: Session, kind: EventKind, actor: Actor, code: str) -> KindAnswer:
        session.flush()
        answer = kinds.view(kinds.known(session, code))
        events.append(session, kind, actor, at=self._clock(), data={"kind": answer})
        return answer


def _copy(session: Session, table: _Copied, old: str, new: str) -> None:
    """Copy the rows of one kind to another."""
    others = [each for each in table.__table__.columns if each.name != "kind"]
    rows = select(literal(new, Text), *others).where(table.kind == old)
    names = ["kind", *(each.name for each in others)]
    session.execute(insert(table).from_select(names, rows))
