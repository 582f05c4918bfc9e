"""Look into the audit trail: page by page, and as a table."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.audit import csv_table
from dispatch.audit import trail_rows
from dispatch.audit.exports import ExportTrail
from dispatch.audit.trail_rows import Place
from dispatch.audit.types import TrailAnswer
from dispatch.audit.types import TrailFilters
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork

DEFAULT_PAGE = 50
MOST_PER_PAGE = 200
_ROWS_AT_ONCE = 500


class TrailService:
    """Reads the trail."""

    def __init__(self, unit_of_work: UnitOfWork, exports: ExportTrail, zone: ZoneInfo) -> None:
        self._work = unit_of_work
        self._exports = exports
        self._zone = zone

    def find(
        self,
        actor: Actor,
        filters: TrailFilters,
        *,
        before: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> TrailAnswer:
        """Return entries that pass the filters, the newest first.

        Raises
        ------
        InvalidInput
            If the period ends before it begins, or ``before`` was never given out.
        """
        actor.require(Permission.AUDIT_READ)
        place = None if before is None else Place.read(before)
        if before is not None and place is None:
            raise InvalidInput.one("before", N_("is no place in the trail"))
        _refuse_backwards(filters)
        with self._work.reading() as session:
            found = trail_rows.page(session, filters, place, limit + 1, self._zone)
        more = len(found) > limit
        return {
            "entries": [each.entry for each in found[:limit]],
            "next_before": found[limit - 1].place.words if more else None,
        }

    def table(self, actor: Actor, filters: TrailFilters) -> Iterator[bytes]:
        """Return the entries that pass the filters as CSV, piece by piece; itself an entry.

        Raises
        ------
        InvalidInput
            On ``to``, if it lies before the beginning: before anything is read.
        """
        actor.require(Permission.AUDIT_READ)
        actor.require(Permission.AUDIT_EXPORT)
        _refuse_backwards(filters)
        asked = filters.model_dump(mode="json", by_alias=True, exclude_none=True)
        self._exports.note(actor, "audit.csv", asked=asked)
        return self._rows(actor, filters)

    def _rows(self, actor: Actor, filters: TrailFilters) -> Iterator[bytes]:
        yield csv_table.head()
        before: str | None = None
        while True:
            # A session for each piece: nobody knows how slowly the reader reads. And its scope: a
            # generator runs in that of whoever asks for the next piece.
            with within(actor.scope):
                found = self.find(actor, filters, before=before, limit=_ROWS_AT_ONCE)
            yield csv_table.rows(found["entries"], self._zone)
            before = found["next_before"]
            if before is None:
                return


def _refuse_backwards(filters: TrailFilters) -> None:
    if filters.from_ is not None and filters.to is not None and filters.to < filters.from_:
        raise InvalidInput.one("to", N_("lies before the beginning"))
