"""Result codes of each kind of incident: read, and edited by administrators."""

import re

from sqlalchemy import func
from sqlalchemy import select
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
from dispatch.forms import list_rows
from dispatch.forms.models import ResultCode
from dispatch.forms.types import ResultCodeAnswer
from dispatch.forms.types import ResultCodesAnswer
from dispatch.forms.types import SetResultCode
from dispatch.incidents import kinds

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_STEP = 10


class ResultCodeService:
    """Lists, sets and retires result codes."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> ResultCodesAnswer:
        """Return the codes of all kinds, retired ones too."""
        actor.require(Permission.OUTCOME_WRITE)
        query = select(ResultCode).order_by(ResultCode.kind, ResultCode.sort, ResultCode.code)
        with self._work.reading() as session:
            return {"codes": [list_rows.code_view(each) for each in session.scalars(query)]}

    def set(self, actor: Actor, kind: str, code: str, wanted: SetResultCode) -> ResultCodeAnswer:
        """Add a code, change it, or offer a retired one again; orders that ended stay as is.

        Raises
        ------
        InvalidInput
            If there is no such kind, or the code is none.
        """
        actor.require(Permission.OUTCOME_WRITE)

        def work(session: Session) -> ResultCodeAnswer:
            kinds.known(session, kind)
            row = session.get(ResultCode, (kind, code), with_for_update=True)
            if row is None:
                if len(code) > LONGEST_SKILL or not _CODE.fullmatch(code):
                    raise InvalidInput.one("code", N_("must be small letters, digits and _"))
                of_kind = select(func.max(ResultCode.sort)).where(ResultCode.kind == kind)
                row = ResultCode(kind=kind, code=code, sort=(session.scalar(of_kind) or 0) + _STEP)
                session.add(row)
            row.name_en, row.name_zh = wanted.name_en, wanted.name_zh
            row.group, row.retired = wanted.group.value, False
            row.sort = row.sort if wanted.sort is None else wanted.sort
            return self._told(session, actor, row)

        return self._work.run(work)

    def retire(self, actor: Actor, kind: str, code: str) -> ResultCodeAnswer:
        """Offer a code no longer; repeated, it changes nothing.

        Raises
        ------
        NotFound
            If the kind never had it.
        """
        actor.require(Permission.OUTCOME_WRITE)

        def work(session: Session) -> ResultCodeAnswer:
            row = session.get(ResultCode, (kind, code), with_for_update=True)
            if row is None:
                raise NotFound.thing("result_code", code)
            if row.retired:
                return list_rows.code_view(row)
            row.retired = True
            return self._told(session, actor, row)

        return self._work.run(work)

    def _told(self, session: Session, actor: Actor, row: ResultCode) -> ResultCodeAnswer:
        session.flush()
        answer = list_rows.code_view(row)
        now = self._clock()
        events.append(session, EventKind.RESULT_CODE_CHANGED, actor, at=now, data={"code": answer})
        return answer
