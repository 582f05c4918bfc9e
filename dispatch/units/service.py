"""The tree of units: added to, renamed, moved and cut, never into a circle."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from typing import cast

from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.units import tree_rows
from dispatch.units.belonging import OTHER_COMPANY
from dispatch.units.belonging import own_unit
from dispatch.units.belonging import sees_rows_of
from dispatch.units.belonging import unit_of_company
from dispatch.units.models import OrganisationUnit
from dispatch.units.states import LASTING
from dispatch.units.states import MAY_LIE_BELOW
from dispatch.units.states import UnitKind
from dispatch.units.types import AddUnit
from dispatch.units.types import ChangeUnit
from dispatch.units.types import DeleteUnit
from dispatch.units.types import HindrancesAnswer
from dispatch.units.types import PutGroupAbove
from dispatch.units.types import UnitAnswer
from dispatch.units.types import UnitListQuery
from dispatch.units.types import UnitsAnswer
from dispatch.writes.idempotency import Once

_ALL = UnitListQuery()
_CODE_TAKEN = N_("is the code of another unit")
_ONE_CHANGE = text("SELECT pg_advisory_xact_lock(hashtext('organisation_unit'))")


class UnitService:
    """What can be asked of the tree of units."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, query: UnitListQuery = _ALL) -> UnitsAnswer:
        """Return the units whose rows are seen, and those above them, from the root down."""
        actor.require(Permission.UNIT_READ)
        with self._work.reading() as session:
            units, total = tree_rows.listed(session, query)
        return {"home_id": actor.unit_id, "units": units, "total": total}

    def add(self, actor: Actor, wanted: AddUnit) -> UnitAnswer:
        """Add a unit below one of those that are seen.

        Raises
        ------
        InvalidInput
            On ``parent_id``, ``kind`` or ``code``.
        """
        actor.require(Permission.UNIT_WRITE)
        once = Once.of(actor, wanted.client_id, wanted)

        def work(session: Session) -> UnitAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("UnitAnswer", before)
            session.execute(_ONE_CHANGE)
            parent = own_unit(session, wanted.parent_id, field="parent_id")
            _refuse_misplaced(wanted.kind, parent, "kind")
            unit = OrganisationUnit(
                parent_id=parent.id, kind=wanted.kind.value, code=wanted.code, name=wanted.name
            )
            session.add(unit)
            session.flush()
            answer = tree_rows.shown(session, unit.id)
            once.finish(session, answer)
            _tell(session, EventKind.UNIT_ADDED, actor, now, answer, seen_by=parent.id)
            return answer

        return self._coded(work)

    def change(self, actor: Actor, unit_id: int, wanted: ChangeUnit) -> UnitAnswer:
        """Rename a unit, give it another code, or move it with all below it.

        Raises
        ------
        InvalidInput
            On ``code`` or ``parent_id``.
        Conflict
            ``unit_below_itself``.
        """
        actor.require(Permission.UNIT_WRITE)

        def work(session: Session) -> UnitAnswer:
            session.execute(_ONE_CHANGE)
            unit = _existing(session, unit_id)
            new = {
                name: value
                for name, value in wanted.given().items()
                if value is not None and getattr(unit, name) != value
            }
            old = {name: getattr(unit, name) for name in new}
            if "parent_id" in new:
                _refuse_move(session, unit, new["parent_id"])
            for name, value in new.items():
                setattr(unit, name, value)
            session.flush()
            session.expire_all()
            answer = tree_rows.shown(session, unit_id)
            if new:
                kind = EventKind.UNIT_MOVED if "parent_id" in new else EventKind.UNIT_CHANGED
                _tell(
                    session,
                    kind,
                    actor,
                    self._clock(),
                    answer,
                    seen_by=unit_id,
                    also_seen_by=old.get("parent_id"),
                    old=old,
                    new=new,
                )
            return answer

        return self._coded(work)

    def hindrances(self, actor: Actor, unit_id: int) -> HindrancesAnswer:
        """Return what keeps a unit from being deleted."""
        actor.require(Permission.UNIT_WRITE)
        with self._work.reading() as session:
            _existing(session, unit_id, locked=False)
            found = tree_rows.hindrances(session, unit_id)
        movable = all(each["what"] not in LASTING for each in found)
        return {"hindrances": found, "movable": movable}

    def delete(self, actor: Actor, unit_id: int, wanted: DeleteUnit) -> None:
        """Delete a unit that has nothing left, or whose things another unit gets.

        Raises
        ------
        Conflict
            ``unit_in_use`` with what hinders, ``last_unit``.
        InvalidInput
            On ``move_to``.
        """
        actor.require(Permission.UNIT_WRITE)

        def work(session: Session) -> None:
            session.execute(_ONE_CHANGE)
            unit = _existing(session, unit_id)
            if unit.parent_id is None:
                message = N_("This is the root of all units; it cannot be deleted.")
                raise Conflict("last_unit", message)
            answer = tree_rows.shown(session, unit_id)
            found = tree_rows.hindrances(session, unit_id)
            if wanted.move_to is not None and all(each["what"] not in LASTING for each in found):
                if wanted.move_to == unit_id:
                    raise InvalidInput.one("move_to", N_("is the unit that is to be deleted"))
                there = unit_of_company(session, wanted.move_to, unit.company_id, field="move_to")
                tree_rows.move_all(session, unit_id, there.id)
                found = tree_rows.hindrances(session, unit_id)
            if found:
                raise tree_rows.in_use(unit, found)
            parent_id = unit.parent_id
            session.delete(unit)
            session.flush()
            _tell(
                session,
                EventKind.UNIT_DELETED,
                actor,
                self._clock(),
                answer,
                seen_by=parent_id,
                moved_to=wanted.move_to,
            )

        try:
            self._work.run(work)
        except IntegrityError as error:
            # Something came to it between the look and the end: it is told as if seen before.
            with self._work.reading() as session:
                unit = _existing(session, unit_id, locked=False)
                raise tree_rows.in_use(unit, tree_rows.hindrances(session, unit_id)) from error

    def put_group_above(self, actor: Actor, wanted: PutGroupAbove) -> UnitAnswer:
        """Make the one company a company of a group; who does so belongs to the group from then on.

        Raises
        ------
        Conflict
            ``group_exists``.
        """
        actor.require(Permission.UNIT_WRITE)

        def work(session: Session) -> UnitAnswer:
            session.execute(_ONE_CHANGE)
            root = session.scalar(
                select(OrganisationUnit).where(OrganisationUnit.parent_id.is_(None))
            )
            if root is None:
                raise NotFound.thing("unit", 0)
            own_unit(session, root.id, field="code")
            if root.kind == UnitKind.GROUP:
                raise Conflict("group_exists", N_("There is a group already."))
            # There is one root at each moment: below it first, then above it.
            group = OrganisationUnit(
                parent_id=root.id, kind=UnitKind.GROUP.value, code=wanted.code, name=wanted.name
            )
            session.add(group)
            session.flush()
            for unit_id, parent_id in ((root.id, group.id), (group.id, None)):
                session.execute(
                    update(OrganisationUnit)
                    .where(OrganisationUnit.id == unit_id)
                    .values(parent_id=parent_id)
                    .execution_options(synchronize_session=False)
                )
            # Whoever puts it there goes on seeing everything; others stay with the company.
            if actor.account_id is not None:
                tree_rows.lift_accounts(session, [actor.account_id], group.id)
            session.expire_all()
            answer = tree_rows.shown(session, group.id)
            _tell(
                session,
                EventKind.UNIT_ADDED,
                actor,
                self._clock(),
                answer,
                seen_by=group.id,
                also_seen_by=root.id,
            )
            return answer

        return self._coded(work)

    def _coded(self, work: Callable[[Session], UnitAnswer]) -> UnitAnswer:
        try:
            return self._work.run(work)
        except IntegrityError as error:
            if "uq_organisation_unit_code" in str(error.orig):
                raise InvalidInput.one("code", _CODE_TAKEN) from error
            if "ck_organisation_unit_tree" in str(error.orig):
                raise _below_itself() from error
            raise


def _existing(session: Session, unit_id: int, *, locked: bool = True) -> OrganisationUnit:
    query = select(OrganisationUnit).where(OrganisationUnit.id == min(unit_id, LARGEST_ID))
    query = query.execution_options(populate_existing=True)
    found = session.scalar(query.with_for_update() if locked else query)
    if found is None or not sees_rows_of(found.id):
        raise NotFound.thing("unit", unit_id)
    return found


def _refuse_misplaced(kind: UnitKind, parent: OrganisationUnit, field: str) -> None:
    if UnitKind(parent.kind) not in MAY_LIE_BELOW[kind]:
        raise InvalidInput.one(field, N_("cannot lie below that unit"))


def _refuse_move(session: Session, unit: OrganisationUnit, parent_id: int) -> None:
    """Refuse to move a unit to where it cannot be."""
    parent = own_unit(session, parent_id, field="parent_id")
    if parent.id in unit.below:
        raise _below_itself()
    _refuse_misplaced(UnitKind(unit.kind), parent, "parent_id")
    if unit.kind != UnitKind.COMPANY and parent.company_id != unit.company_id:
        raise InvalidInput.one("parent_id", OTHER_COMPANY)


def _below_itself() -> Conflict:
    message = N_("A unit cannot lie below itself or below a unit that lies below it.")
    return Conflict("unit_below_itself", message)


def _tell(
    session: Session,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    unit: UnitAnswer,
    *,
    seen_by: int,
    also_seen_by: int | None = None,
    **data: Any,  # noqa: ANN401  (of the event)
) -> None:
    """Write what happened to a unit, for those who see where it was or is."""
    events.append(
        session,
        kind,
        actor,
        at=now,
        unit_id=seen_by,
        also_unit_id=also_seen_by,
        data={"unit_id": unit["id"], "code": unit["code"], "name": unit["name"], **data},
    )
