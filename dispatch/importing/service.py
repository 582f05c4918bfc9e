"""Imports: a file's lines tried, reported, and stored all at once or not at all.

A trial stores the lines like an import and rolls back, so that what it reports is what an import
does. Nothing is kept between the two: the page sends the file again, and says how many wrong lines
its people saw.
"""

import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import field_errors
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.importing.subjects import AnySubject
from dispatch.importing.subjects import ImportSubjects
from dispatch.importing.table_files import TableFile
from dispatch.importing.table_files import TableLine
from dispatch.importing.table_files import read_table
from dispatch.importing.types import MOST_ERRORS
from dispatch.importing.types import ImportFile
from dispatch.importing.types import ImportMode
from dispatch.importing.types import ImportReport
from dispatch.importing.types import LineError
from dispatch.importing.types import LineFate
from dispatch.writes.command import Command

_LINE = "line"
_TURN = 200
"""Lines between which everybody else in the worker has a turn."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A file's lines as commands, and what is wrong with the others."""

    number_of_lines: int
    commands: list[tuple[TableLine, Command]]
    errors: list[LineError]


@dataclass(slots=True)
class _Stored:
    fates: list[LineFate] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)


class _RollBackError(Exception):
    """Ends a transaction of which nothing is to be kept."""


class _ColumnsOfAFile:
    """Which cell of a line belongs to which column."""

    def __init__(self, subject: AnySubject, head: Sequence[str]) -> None:
        self.at: dict[str, int] = {}
        self.ignored: list[str] = []
        for place, heading in enumerate(head):
            name = subject.column_called(heading)
            if name is None:
                if heading:
                    self.ignored.append(heading)
            elif name in self.at:
                message = N_("has the column %(column)s twice")
                raise InvalidInput.one("file", message, column=name)
            else:
                self.at[name] = place
        missing = [name for name in subject.required if name not in self.at]
        if missing:
            message = N_("has no column %(columns)s; its columns are: %(found)s")
            found = ", ".join(each for each in head if each)
            raise InvalidInput.one("file", message, columns=", ".join(missing), found=found)

    def values(self, cells: Sequence[str]) -> dict[str, str]:
        """Return a line's cells by column; a blank cell is not there."""
        given = {name: cells[place] for name, place in self.at.items() if place < len(cells)}
        return {name: cell for name, cell in given.items() if cell}


class ImportService:
    """Imports rows of all subjects."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        subjects: ImportSubjects,
        give_way: Callable[[float], None] = time.sleep,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._give_way = give_way
        self.subjects = subjects

    def run(self, actor: Actor, name: str, wanted: ImportFile) -> ImportReport:
        """Import a file, or tell what importing it would do.

        Raises
        ------
        InvalidInput
            If the file as a whole cannot be read; lines that are wrong are in the report.
        """
        subject = self.subjects.of(name)
        actor.require(subject.permission)
        table = read_table(wanted.file)
        columns = _ColumnsOfAFile(subject, table.head)
        read = self._commands(subject, columns, table)
        stored, applied = self._store(actor, subject, read, wanted)
        return _report(subject, table, columns, read, stored, applied=applied)

    def _commands(self, subject: AnySubject, columns: _ColumnsOfAFile, table: TableFile) -> _Read:
        commands: list[tuple[TableLine, Command]] = []
        errors: list[LineError] = []
        first_with: dict[tuple[Any, ...], int] = {}
        count = 0
        for line in table.lines:
            count += 1
            self._turn(count)
            values = columns.values(line.cells)
            try:
                command = subject.line.model_validate(values)
            except ValidationError as error:
                errors += _line_errors(line, field_errors(error, _LINE), values)
                continue
            key = tuple(getattr(command, each) for each in subject.key)
            before = first_with.setdefault(key, line.number)
            if before != line.number:
                twice = FieldError(
                    subject.key[0], N_("stands in line %(line)s, too"), {"line": before}
                )
                errors += _line_errors(line, [twice], values)
                continue
            commands.append((line, command))
        return _Read(count, commands, errors)

    def _store(
        self, actor: Actor, subject: AnySubject, read: _Read, wanted: ImportFile
    ) -> tuple[_Stored, bool]:
        """Store the lines; return what became of them, and whether it was kept."""
        try:
            return self._transaction(actor, subject, read, wanted, one_by_one=False)
        except IntegrityError:
            # A constraint refused some line, and says not which: each has a savepoint now.
            return self._transaction(actor, subject, read, wanted, one_by_one=True)

    def _transaction(
        self,
        actor: Actor,
        subject: AnySubject,
        read: _Read,
        wanted: ImportFile,
        *,
        one_by_one: bool,
    ) -> tuple[_Stored, bool]:
        stored = _Stored()
        try:
            with self._work.writing() as session:
                known = subject.known(session, actor, [each for _, each in read.commands])
                for line, command in read.commands:
                    self._turn(len(stored.fates) + len(stored.errors))
                    _store_line(session, actor, subject, known, line, command, stored, one_by_one)
                session.flush()
                _hold_that_it_is_kept(wanted, read, stored)
                if subject.finish is not None:
                    subject.finish(session, actor, known)
                data = {
                    "subject": subject.name,
                    "file": wanted.name,
                    "new": stored.fates.count(LineFate.NEW),
                    "changed": stored.fates.count(LineFate.CHANGED),
                    "left_out": len({each.line for each in (*read.errors, *stored.errors)}),
                }
                events.append(session, EventKind.TABLE_IMPORTED, actor, at=self._clock(), data=data)
        except _RollBackError:
            return stored, False
        return stored, True

    def _turn(self, done: int) -> None:
        if done % _TURN == 0:
            self._give_way(0)


def _store_line(  # noqa: PLR0917  (one loop's body)
    session: Session,
    actor: Actor,
    subject: AnySubject,
    known: object,
    line: TableLine,
    command: Command,
    stored: _Stored,
    one_by_one: bool,  # noqa: FBT001
) -> None:
    try:
        if one_by_one:
            with session.begin_nested():
                fate = subject.store(session, actor, known, command)
                session.flush()
        else:
            fate = subject.store(session, actor, known, command)
        stored.fates.append(fate)
    except InvalidInput as refusal:
        stored.errors += _line_errors(line, refusal.fields, command.model_dump(mode="json"))
    except DispatchError as refusal:
        error = FieldError(_LINE, refusal.msgid, refusal.params)
        stored.errors += _line_errors(line, [error], {})
    except IntegrityError:
        if not one_by_one:
            raise
        error = FieldError(_LINE, N_("contradicts a row that is stored"))
        stored.errors += _line_errors(line, [error], {})


def _hold_that_it_is_kept(wanted: ImportFile, read: _Read, stored: _Stored) -> None:
    """End the transaction unless what was stored is to be kept.

    Raises
    ------
    _RollBackError
        If it is not.
    """
    if not _to_be_kept(wanted, read, stored):
        raise _RollBackError


def _to_be_kept(wanted: ImportFile, read: _Read, stored: _Stored) -> bool:
    wrong = len({each.line for each in (*read.errors, *stored.errors)})
    if wanted.mode is ImportMode.CHECK:
        return False
    if wanted.mode is ImportMode.ALL:
        return wrong == 0
    return wanted.wrong is None or wanted.wrong == wrong


def _line_errors(
    line: TableLine, errors: Iterable[FieldError], values: Mapping[str, Any]
) -> list[LineError]:
    found = []
    for error in errors:
        column = error.field.partition(".")[0]
        value = values.get(column, "")
        named = None if column == _LINE else column
        found.append(LineError(line.number, named, error, "" if value is None else str(value)))
    return found


def _report(
    subject: AnySubject,
    table: TableFile,
    columns: _ColumnsOfAFile,
    read: _Read,
    stored: _Stored,
    *,
    applied: bool,
) -> ImportReport:
    errors = sorted((*read.errors, *stored.errors), key=lambda each: each.line)
    return ImportReport(
        subject=subject.name,
        columns=tuple(columns.at),
        ignored=tuple(columns.ignored),
        encoding=table.encoding,
        delimiter=table.delimiter,
        lines=read.number_of_lines,
        new=stored.fates.count(LineFate.NEW),
        changed=stored.fates.count(LineFate.CHANGED),
        same=stored.fates.count(LineFate.SAME),
        wrong=len({each.line for each in errors}),
        errors=tuple(errors[:MOST_ERRORS]),
        errors_left_off=max(0, len(errors) - MOST_ERRORS),
        applied=applied,
    )
