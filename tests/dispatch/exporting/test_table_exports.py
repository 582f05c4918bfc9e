"""Exports: what stands in the table, and what the log notes of it."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import NotAllowed
from dispatch.events.kinds import EventKind
from dispatch.events.models import Event
from dispatch.exporting import table_writing
from dispatch.exporting.types import TableFormat
from dispatch.gateways.types import AddGateway
from dispatch.gateways.types import GatewayListQuery
from tests.conftest import People

pytestmark = pytest.mark.postgis
HOSTILE = ['=HYPERLINK("http://x")', "+1", "-1", "@x", "\t=1", "plain", "'t Hof"]
HARMLESS = ['\'=HYPERLINK("http://x")', "'+1", "'-1", "'@x", "'\t=1", "plain", "'t Hof"]


def test_no_cell_is_run_where_the_table_is_opened() -> None:
    """In neither format; numbers stay numbers, whatever their sign."""
    rows = [[text, -1.5, ["=a", "b"], True, None] for text in HOSTILE]

    lines = csv.reader(io.StringIO(table_writing.as_csv(["a"], rows).decode("utf-8-sig")))
    book = load_workbook(io.BytesIO(table_writing.as_xlsx("things", ["a"], rows)))

    told = [[text, "-1.5", "'=a; b", "yes", ""] for text in HARMLESS]
    assert list(lines)[1:] == told
    assert book.active is not None
    cells = list(book.active.iter_rows(min_row=2))
    assert [row[0].value for row in cells] == HARMLESS
    assert {each.data_type for row in cells for each in row} <= {"s", "n", "inlineStr"}
    assert {row[1].value for row in cells} == {-1.5}


def test_an_export_holds_what_its_filter_finds_and_is_noted(services: Services) -> None:
    """Who, what, how many rows, by which filter; without pages."""
    for name, kind in (("Modem", "sms"), ("Bell", "call")):
        wanted = {"name": name, "kind": kind, "url": "https://x.example/", "secret": "x" * 20}
        services.gateways.add(SYSTEM, AddGateway.model_validate(wanted))
    query = GatewayListQuery.model_validate({"kind": "sms", "page": "2", "per_page": "1"})

    table = services.table_exports.table(SYSTEM, "gateways", query, TableFormat.CSV)

    head, row = csv.reader(io.StringIO(table.content.decode("utf-8-sig")))
    assert dict(zip(head, row, strict=True))["name"] == "Modem"
    assert "secret" not in head
    assert "x" * 20 not in table.content.decode()
    with services.work.reading() as session:
        (event,) = session.scalars(
            select(Event).where(Event.kind == EventKind.TABLE_EXPORTED.value)
        )
    assert event.actor == SYSTEM.display_name
    assert event.data == {
        "subject": "gateways",
        "rows": 1,
        "filter": {"kind": "sms"},
        "format": "csv",
    }


def test_whoever_may_not_keep_a_list_may_not_take_it_out(
    services: Services, people: People
) -> None:
    """The desk sees gateways, and exports none."""
    desk = people.sign_up("dora", Role.DISPATCHER)

    with pytest.raises(NotAllowed):
        services.table_exports.table(desk, "gateways", GatewayListQuery(), TableFormat.XLSX)
