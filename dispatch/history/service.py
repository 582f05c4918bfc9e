"""Find incidents again, page by page, and give them as a table."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from dispatch.access import privacy
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.audit.readings import ReadingLog
from dispatch.audit.states import ReadingWay
from dispatch.board import override_rows
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.forms import measurement_rows
from dispatch.forms.types import MeasurementAnswer
from dispatch.history import csv_table
from dispatch.history.filters import passing
from dispatch.history.filters import stretch
from dispatch.history.types import ENDED
from dispatch.history.types import HistoryAnswer
from dispatch.history.types import HistoryFilters
from dispatch.incidents import kinds
from dispatch.incidents.types import IncidentAnswer

DEFAULT_PAGE = 50
MOST_PER_PAGE = 200
LONGEST_EXPORT_DAYS = 366
_ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Page:
    ids: Sequence[int]
    next_before_id: int | None


class HistoryService:
    """Reads the history."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        readings: ReadingLog,
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        self._work = unit_of_work
        self._readings = readings
        self._read_model = read_model
        self._clock = clock
        self._zone = zone

    def find(
        self,
        actor: Actor,
        filters: HistoryFilters,
        *,
        before_id: int | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> HistoryAnswer:
        """Return incidents that pass the filters, the newest first.

        However long the history is and however rare what is looked for, one call reads a bounded
        number of rows; ``next_before_id`` says where to go on.
        """
        actor.require(Permission.INCIDENT_READ)
        _refuse_backwards(filters)
        page = self._page(filters, LARGEST_ID if before_id is None else before_id, limit)
        return {
            "incidents": self._incidents(actor, page.ids),
            "next_before_id": page.next_before_id,
        }

    def today(self) -> date:
        """Return the day at the desk."""
        return self._clock().astimezone(self._zone).date()

    def table(self, actor: Actor, filters: HistoryFilters) -> Iterator[bytes]:
        """Return the incidents that pass the filters as CSV, piece by piece as they are read.

        Callers and what they said are in it for those who may export them, and are then noted as
        read.

        Raises
        ------
        ReadingBlocked
            If they would be, and the actor has read too many of them.
        InvalidInput
            On ``from``, if it is missing or more than 366 days before the end: before anything is
            read.
        """
        actor.require(Permission.EXPORT)
        _refuse_backwards(filters)
        last = filters.to or self.today()
        if filters.from_ is None or (last - filters.from_).days >= LONGEST_EXPORT_DAYS:
            message = N_("a table covers %(days)s days at most")
            raise InvalidInput.one("from", message, days=LONGEST_EXPORT_DAYS)
        if _may_export_callers(actor):
            self._readings.require(actor)
        return self._rows(actor, filters)

    def _rows(self, actor: Actor, filters: HistoryFilters) -> Iterator[bytes]:
        personal = _may_export_callers(actor)
        with self._work.reading() as session:
            names = {each["code"]: each for each in kinds.all_kinds(session)["kinds"]}
        yield csv_table.head(personal=personal)
        before_id: int | None = LARGEST_ID
        while before_id is not None:
            # A session for each piece: nobody knows how slowly the reader reads. And its scope: a
            # generator runs in that of whoever asks for the next piece.
            with within(actor.scope):
                page = self._page(filters, before_id, _ROWS_AT_ONCE)
                before_id = page.next_before_id
                incidents = self._exported(actor, page.ids, personal=personal)
                with self._work.reading() as session:
                    orders = [order["id"] for each in incidents for order in each["assignments"]]
                    overrides = override_rows.of_assignments(session, orders)
                    measured = _by_incident(measurement_rows.of_incidents(session, page.ids))
            yield csv_table.rows(
                incidents, names, self._zone, overrides, measured, personal=personal
            )

    def _exported(
        self, actor: Actor, ids: Sequence[int], *, personal: bool
    ) -> list[IncidentAnswer]:
        """Return incidents; where their callers are exported, they are noted as read."""
        incidents = self._incidents(actor, ids)
        called = {each["id"]: each["state"] in ENDED for each in incidents if each["caller_phone"]}
        if personal and called:
            self._readings.note(actor, called, way=ReadingWay.EXPORTED)
        return incidents

    def _page(self, filters: HistoryFilters, before_id: int, limit: int) -> _Page:
        with self._work.reading() as session:
            part = stretch(session, filters, before_id, self._zone)
            if part is None:
                return _Page([], None)
            ids = session.scalars(passing(filters, part, self._zone, limit + 1)).all()
        if len(ids) > limit:
            return _Page(ids[:limit], ids[limit - 1])
        return _Page(ids, None if part.is_last else part.first_id)

    def _incidents(self, actor: Actor, ids: Sequence[int]) -> list[IncidentAnswer]:
        with self._work.reading() as session:
            found = self._read_model.incidents(session, ids)
        return [privacy.incident_for(actor, found[each]) for each in ids]


def _by_incident(found: Sequence[MeasurementAnswer]) -> dict[int, list[MeasurementAnswer]]:
    """Return what was measured at each incident."""
    by_id: dict[int, list[MeasurementAnswer]] = {}
    for each in found:
        by_id.setdefault(each["incident_id"], []).append(each)
    return by_id


def _may_export_callers(actor: Actor) -> bool:
    return actor.may(Permission.CALLER_READ) and actor.may(Permission.CALLERS_EXPORT)


def _refuse_backwards(filters: HistoryFilters) -> None:
    if filters.from_ is not None and filters.to is not None and filters.to < filters.from_:
        raise InvalidInput.one("to", N_("lies before the beginning"))
