"""The list of outcomes for each kind of incident: read, and edited by administrators."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LONGEST_SKILL
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import kinds
from dispatch.outcomes import outcome_rows
from dispatch.outcomes.models import Outcome
from dispatch.outcomes.states import Effect
from dispatch.outcomes.types import OutcomeAnswer
from dispatch.outcomes.types import OutcomesAnswer
from dispatch.outcomes.types import SetOutcome

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_STEP = 10
_ALWAYS_OFFERED = (Effect.DONE, Effect.NOT_DONE)


class OutcomeService:
    """Lists, sets and retires outcomes."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def of_kind(self, kind: str) -> OutcomesAnswer:
        """Return the outcomes that are offered for a kind.

        Raises
        ------
        InvalidInput
            On ``kind``, if there is none of this code.
        """
        with self._work.reading() as session:
            kinds.known(session, kind)
            return {"outcomes": outcome_rows.offered(session, kind)}

    def set(self, actor: Actor, kind: str, code: str, wanted: SetOutcome) -> OutcomeAnswer:
        """Add an outcome, change it, or offer a retired one again; orders that ended stay as is.

        Raises
        ------
        InvalidInput
            If there is no such kind, or the code is none.
        Conflict
            ``last_outcome`` if the kind would offer no outcome of its former effect any more.
        """
        actor.require(Permission.OUTCOME_WRITE)
        with self._work.writing() as session:
            rows = _locked(session, kind)
            row = rows.get(code)
            if row is None:
                row = Outcome(kind=kind, code=_checked(code), sort=_last(rows) + _STEP)
                session.add(row)
            elif row.effect != wanted.effect:
                _refuse_last(rows, row)
            row.name_en, row.name_zh = wanted.name_en, wanted.name_zh
            row.effect, row.retired = wanted.effect.value, False
            row.sort = row.sort if wanted.sort is None else wanted.sort
            return self._told(session, EventKind.OUTCOME_CHANGED, actor, row)

    def retire(self, actor: Actor, kind: str, code: str) -> OutcomeAnswer:
        """Offer an outcome no longer; repeated, it changes nothing.

        Raises
        ------
        NotFound
            If the kind never had it.
        Conflict
            ``last_outcome`` if it is the last that says done, or the last that says not done.
        """
        actor.require(Permission.OUTCOME_WRITE)
        with self._work.writing() as session:
            rows = _locked(session, kind)
            row = rows.get(code)
            if row is None:
                raise NotFound.thing("outcome", code)
            if row.retired:
                return outcome_rows.outcome_view(row)
            _refuse_last(rows, row)
            row.retired = True
            return self._told(session, EventKind.OUTCOME_RETIRED, actor, row)

    def _told(self, session: Session, kind: EventKind, actor: Actor, row: Outcome) -> OutcomeAnswer:
        session.flush()
        answer = outcome_rows.outcome_view(row)
        told = {"kind": row.kind, "outcome": {**answer, "sort": row.sort}}
        events.append(session, kind, actor, at=self._clock(), data=told)
        return answer


def _locked(session: Session, kind: str) -> dict[str, Outcome]:
    """Return all outcomes of a kind, locked: two who retire one each must not take the last two."""
    kinds.known(session, kind)
    query = select(Outcome).where(Outcome.kind == kind).order_by(Outcome.code).with_for_update()
    return {row.code: row for row in session.scalars(query)}


def _checked(code: str) -> str:
    if len(code) > LONGEST_SKILL or not _CODE.fullmatch(code):
        message = N_("must be small letters, digits and _, such as no_access")
        raise InvalidInput.one("code", message)
    return code


def _last(rows: dict[str, Outcome]) -> int:
    return max((row.sort for row in rows.values()), default=0)


def _refuse_last(rows: dict[str, Outcome], row: Outcome) -> None:
    """Refuse to take away the last outcome with which a crew can say "done", or "not done"."""
    if row.retired or row.effect not in _ALWAYS_OFFERED:
        return
    if any(
        each.effect == row.effect and not each.retired and each is not row for each in rows.values()
    ):
        return
    message = N_(
        "%(code)s is the last outcome of %(kind)s that means %(effect)s: add another first."
    )
    params = {"code": row.code, "kind": row.kind, "effect": row.effect}
    raise Conflict("last_outcome", message, params)
