"""Imports: what a trial reports is what an import does, and what is wrong is named."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import hypothesis
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as some
from openpyxl import Workbook
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.bootstrap import Services
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import RequiredName
from dispatch.crews.models import Station
from dispatch.events.kinds import EventKind
from dispatch.events.models import Event
from dispatch.importing.service import ImportService
from dispatch.importing.subjects import ImportSubject
from dispatch.importing.subjects import ImportSubjects
from dispatch.importing.types import ImportFile
from dispatch.importing.types import ImportMode
from dispatch.importing.types import ImportReport
from dispatch.importing.types import LineFate
from dispatch.writes.command import Command

pytestmark = pytest.mark.postgis
FORBIDDEN = "forbidden"


class StationLine(Command):
    """A line of the subject of these tests."""

    name: RequiredName
    lon: Lon
    lat: Lat


def _known(
    session: Session, _actor: Actor, _lines: Sequence[StationLine]
) -> dict[str, tuple[Station, str]]:
    rows = session.execute(select(Station, func.ST_AsText(Station.point)))
    return {station.name: (station, point) for station, point in rows}


def _store(
    session: Session,
    _actor: Actor,
    known: dict[str, tuple[Station, str]],
    line: StationLine,
) -> LineFate:
    if line.name == FORBIDDEN:
        raise InvalidInput([FieldError("name", "may not be the name of a station")])
    point = f"POINT({line.lon:g} {line.lat:g})"
    if line.name in known:
        station, before = known[line.name]
        if before == point:
            return LineFate.SAME
        place = update(Station).where(Station.id == station.id)
        session.execute(place.values(point=f"SRID=4326;{point}"))
        return LineFate.CHANGED
    session.add(Station(name=line.name, point=f"SRID=4326;{point}"))
    return LineFate.NEW


STATIONS = ImportSubject(
    name="test_stations",
    permission=Permission.ACCOUNT_WRITE,
    line=StationLine,
    key=("name",),
    known=_known,
    store=_store,
    headings={"name": ("Name", "名称"), "lon": ("经度",), "lat": ("纬度",)},
)


@dataclass(frozen=True, slots=True)
class Imports:
    """Imports of stations, and what is stored."""

    services: Services
    service: ImportService

    def run(
        self, content: bytes | str, mode: ImportMode = ImportMode.ALL, wrong: int | None = None
    ) -> ImportReport:
        """Import a file."""
        file = content.encode() if isinstance(content, str) else content
        return self.service.run(
            SYSTEM, "test_stations", ImportFile(file=file, mode=mode, wrong=wrong)
        )

    def stored(self) -> dict[str, str]:
        """Return the stations' places by name."""
        with self.services.work.reading() as session:
            rows = session.execute(
                select(Station.name, func.ST_AsText(Station.point).label("point"))
            )
            return {row.name: row.point for row in rows}

    def refusal(self, content: bytes | str) -> str:
        """Return why a file is refused as a whole."""
        with pytest.raises(InvalidInput) as refused:
            self.run(content)
        return refused.value.message()


@pytest.fixture
def imports(services: Services) -> Imports:
    """Return the imports of a subject that these tests declare."""
    service = ImportService(services.work, services.clock, ImportSubjects([STATIONS]))
    return Imports(services, service)


def _csv(rows: Sequence[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("name", "lon", "lat"), *rows])
    return text.getvalue()


@pytest.mark.parametrize("lines", [5_000, pytest.param(50_000, marks=pytest.mark.long)])
def test_of_many_lines_the_17_that_are_wrong_are_listed_and_nothing_is_done(
    imports: Imports, lines: int
) -> None:
    """Each (lines / 17)th has no place: 17 × 294 = 4 998 of 5 000, and 49 997 of 50 000."""
    each = lines // 17
    rows = [
        (f"Station {number}", "7.4" if number % each else "north", "43.7")
        for number in range(1, lines + 1)
    ]

    report = imports.run(_csv(rows))

    assert (report.lines, report.new, report.wrong) == (lines, lines - 17, 17)
    assert not report.applied
    assert [error.line for error in report.errors] == [each * times + 1 for times in range(1, 18)]
    assert {(error.column, error.value) for error in report.errors} == {("lon", "north")}
    assert imports.stored() == {}


def test_the_others_are_imported_when_their_number_is_the_one_that_was_seen(
    imports: Imports,
) -> None:
    """Two are wrong: by its type, and by what the room says of it; one event tells of all."""
    content = _csv([("East", "7.4", "43.7"), (FORBIDDEN, "7.4", "43.7"), ("West", "", "43.7")])

    refused = imports.run(content, ImportMode.OTHERS, wrong=1)
    kept = imports.run(content, ImportMode.OTHERS, wrong=2)

    assert (refused.applied, kept.applied, kept.new) == (False, True, 1)
    assert [(each.line, each.column) for each in kept.errors] == [(3, "name"), (4, "lon")]
    assert imports.stored() == {"East": "POINT(7.4 43.7)"}
    with imports.services.work.reading() as session:
        (event,) = session.scalars(
            select(Event).where(Event.kind == EventKind.TABLE_IMPORTED.value)
        )
    assert (event.data["new"], event.data["left_out"]) == (1, 2)


@settings(max_examples=25, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(
    before=some.dictionaries(some.sampled_from("ABCDE"), some.sampled_from(("7", "8"))),
    lines=some.lists(
        some.tuples(
            some.sampled_from(("A", "B", "C", "D", FORBIDDEN, "")),
            some.sampled_from(("7", "8", "x")),
        ),
        max_size=6,
    ),
    mode=some.sampled_from((ImportMode.ALL, ImportMode.OTHERS)),
)
def test_what_a_trial_reports_is_what_an_import_does(
    services: Services,
    owner_engine: Engine,
    before: dict[str, str],
    lines: list[tuple[str, str]],
    mode: ImportMode,
) -> None:
    """Counts, errors and rows; a trial leaves no trace, and a second import changes nothing."""
    imports = Imports(
        services, ImportService(services.work, services.clock, ImportSubjects([STATIONS]))
    )
    with Session(owner_engine) as session, session.begin():
        session.query(Station).delete()
        session.add_all(
            Station(name=name, point=f"SRID=4326;POINT({lon} 43)") for name, lon in before.items()
        )
    content = _csv([(name, lon, "43") for name, lon in lines])
    stored = imports.stored()

    trial = imports.run(content, ImportMode.CHECK)
    after_trial = imports.stored()
    done = imports.run(content, mode)

    assert after_trial == stored
    assert not trial.applied
    told = ("lines", "new", "changed", "same", "wrong", "errors")
    assert [getattr(trial, name) for name in told] == [getattr(done, name) for name in told]
    wrong = {each.line for each in done.errors}
    right = {
        name: f"POINT({lon} 43)" for place, (name, lon) in enumerate(lines, 2) if place not in wrong
    }
    assert done.applied is (mode is ImportMode.OTHERS or not wrong)
    assert imports.stored() == (stored | right if done.applied else stored)
    if done.applied:
        again = imports.run(content, mode)
        assert (again.new, again.changed, again.same) == (0, 0, len(right))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("\ufeff名称;经度;纬度\n东站;7.4;43.7\n".encode(), "utf-8"),
        ("名称\t经度\t纬度\n东站\t7.4\t43.7\n".encode("gb18030"), "gb18030"),
        ("名称,经度,纬度\n东站,7.4,43.7\n".encode("utf-16"), "utf-16"),
    ],
)
def test_what_spreadsheets_in_china_write_is_read(
    imports: Imports, content: bytes, encoding: str
) -> None:
    """By encoding, by delimiter, and by the Chinese names of columns."""
    report = imports.run(content)

    assert (report.encoding, report.new) == (encoding, 1)
    assert imports.stored() == {"东站": "POINT(7.4 43.7)"}


def _workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_workbook_is_read_like_a_csv(imports: Imports) -> None:
    """Numbers are numbers, blank lines are left out, and lines keep their number."""
    rows: list[list[object]] = [
        ["Name", "lon", "lat", "remark"],
        ["East", 7.4, 43, "x"],
        [None, None],
        ["West", "seven", 43.5],
    ]

    report = imports.run(_workbook(rows), ImportMode.OTHERS)

    assert (report.encoding, report.new, report.ignored) == ("xlsx", 1, ("remark",))
    assert [(each.line, each.column, each.value) for each in report.errors] == [(4, "lon", "seven")]
    assert imports.stored() == {"East": "POINT(7.4 43)"}


def _repacked(content: bytes, replaced: dict[str, bytes]) -> bytes:
    """Return a workbook with other content in some of its files."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, replaced.get(name, old.read(name)))
    return written.getvalue()


def test_hostile_and_broken_files_are_refused_with_the_reason(imports: Imports) -> None:
    """A zip bomb, entities, a password, no table at all; and a sheet that claims to be endless."""
    small = _workbook([["name", "lon", "lat"], ["East", 7.4, 43.7]])
    sheet = "xl/worksheets/sheet1.xml"
    bomb = _repacked(small, {"xl/media/zeros": b"", sheet: b" " * 160_000_000})
    entities = b'<!DOCTYPE x [<!ENTITY a "lol">]><worksheet>&a;</worksheet>'
    with zipfile.ZipFile(io.BytesIO(small)) as packed:
        endless = packed.read(sheet).replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')

    assert "file: unpacks to more than 150 MB" in imports.refusal(bomb)
    assert "entities" in imports.refusal(_repacked(small, {sheet: entities}))
    assert "cannot be read" in imports.refusal(small[:-200])
    assert "cannot be read" in imports.refusal(b"PK\x03\x04" + b"x" * 100)
    assert "password" in imports.refusal(b"\xd0\xcf\x11\xe0" + b"x" * 100)
    assert "neither UTF-8 nor GB18030" in imports.refusal(b"\xff\x00\xff,\xff")
    assert "is empty" in imports.refusal("\n\n")
    assert "no column lon, lat" in imports.refusal("name,place\nEast,x\n")
    assert "column name twice" in imports.refusal("name,Name,lon,lat\n")
    assert "quotation mark" in imports.refusal('name,lon,lat\n"East,7,43\n')
    assert "larger than 20 MB" in imports.refusal("x" * 20_000_001)
    assert "more than 100 columns" in imports.refusal("," * 100 + "name,lon,lat\n")
    assert imports.run(_repacked(small, {sheet: endless})).new == 1


def test_cells_that_an_export_made_harmless_come_back_as_they_were(imports: Imports) -> None:
    """An apostrophe before a formula's sign is not part of the name; any other is."""
    imports.run(_csv([("'=East", "7.4", "43.7"), ("'t Hof", "7.4", "43.7")]))

    assert set(imports.stored()) == {"=East", "'t Hof"}
