"""Exports of all lists, with their current filter; each is noted in the log."""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.list_query import ListQuery
from dispatch.core.listing import MOST_EXPORTED
from dispatch.core.running import Runner
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.exporting import table_writing
from dispatch.exporting.export_log import exported
from dispatch.exporting.types import ExportSubject
from dispatch.exporting.types import TableFormat


@dataclass(frozen=True, slots=True)
class Table:
    """A file, ready to be sent."""

    name: str
    content: bytes


class ExportSubjects:
    """The lists of all rooms that can be exported, by name."""

    def __init__(self, subjects: Iterable[ExportSubject] = ()) -> None:
        self._by_name = {each.name: each for each in subjects}

    def add(self, subjects: Iterable[ExportSubject]) -> None:
        """Add lists; the bootstrap does, with those of all rooms."""
        self._by_name.update({each.name: each for each in subjects})

    def of(self, name: str) -> ExportSubject:
        """Return a list.

        Raises
        ------
        NotFound
            If there is none of that name.
        """
        found = self._by_name.get(name)
        if found is None:
            raise NotFound.thing("list", name)
        return found

    def all(self) -> list[ExportSubject]:
        """Return all, by name."""
        return [self._by_name[name] for name in sorted(self._by_name)]


class TableExports:
    """Writes lists as tables."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, subjects: ExportSubjects, blocking: Runner
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._blocking = blocking
        self.subjects = subjects

    def table(self, actor: Actor, name: str, query: ListQuery, wanted: TableFormat) -> Table:
        """Return a list as a table.

        Raises
        ------
        InvalidInput
            On ``search``, if more rows are found than a table may have.
        """
        subject = self.subjects.of(name)
        actor.require(subject.permission)
        found = subject.list(actor, query.of_all_pages())[subject.name]
        if len(found) > MOST_EXPORTED:
            message = N_("finds more than %(most)s rows: filter them first")
            raise InvalidInput.one("search", message, most=MOST_EXPORTED)
        with self._work.writing() as session:
            filters = query.model_dump(
                mode="json", exclude_none=True, exclude_defaults=True, exclude={"page", "per_page"}
            )
            exported(
                session,
                actor,
                name,
                rows=len(found),
                filters=filters,
                at=self._clock(),
                format_=wanted.value,
            )
        rows = [[row[column] for column in subject.columns] for row in found]
        if wanted is TableFormat.CSV:
            content = self._blocking(table_writing.as_csv, subject.columns, rows)
        else:
            content = self._blocking(table_writing.as_xlsx, name, subject.columns, rows)
        return Table(f"{name}-{self._clock():%Y-%m-%d}.{wanted.value}", content)
