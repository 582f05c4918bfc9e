"""Incidents that are over are found again, by bounded reading, and given as a harmless table."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.csv_lines import harmless
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.limits import LARGEST_ID
from dispatch.history import filters as history_filters
from dispatch.history.filters import passing
from dispatch.history.filters import stretch
from dispatch.history.types import HistoryFilters
from dispatch.incidents.states import IncidentState
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
End = Callable[..., int]


@pytest.fixture
def end(services: Services, dispatcher: Actor, grid_city: GridCity) -> End:
    """Return a function that reports an incident, cancels it, and gives its number."""
    lon, lat = grid_city.at(2, 3)

    def ended(**fields: object) -> int:
        wanted = {"kind": "gas_leak", "lon": lon, "lat": lat, **fields}
        incident = services.incidents.create(dispatcher, CreateIncident.read(wanted))
        services.decisions.cancel(dispatcher, incident["id"], Step(reason="twice"))
        return incident["id"]

    return ended


def ids(incidents: list[IncidentAnswer]) -> list[int]:
    """Return the numbers of incidents."""
    return [each["id"] for each in incidents]


def test_each_filter_finds_its_own_the_newest_first(
    services: Services, dispatcher: Actor, end: End, grid_city: GridCity
) -> None:
    """All that is given must hold; what is not over is only found when asked for."""
    port = end(address="12 Quai Albert", priority=1)
    hill = end(address="Hill Road", description="near the 50% sign", kind="water_leak")
    lon, lat = grid_city.at(1, 1)
    open_ = services.incidents.create(
        dispatcher, CreateIncident(kind="gas_leak", lon=lon, lat=lat, address="Hill Road")
    )["id"]

    def found(**given: object) -> list[int]:
        filters = HistoryFilters.model_validate(given)
        return ids(services.history.find(dispatcher, filters)["incidents"])

    assert found() == [hill, port]
    assert found(number=str(port)) == [port]
    assert found(words="albert quai") == [port]
    assert found(words="50%") == [hill]
    assert found(words="5_%") == []
    assert found(kind="water_leak", priority="") == [hill]
    assert found(priority=1) == [port]
    assert found(words="hill", state="open,cancelled") == [open_, hill]
    assert found(state="closed") == []
    assert found(crew_id=999) == []


def test_how_an_order_ended_is_a_filter(
    services: Services, dispatcher: Actor, grid_city: GridCity, yard: CrewYard, end: End
) -> None:
    """It is asked of one order: of this crew, and with that end."""
    end()
    lon, lat = grid_city.at(2, 3)
    incident = services.incidents.create(
        dispatcher, CreateIncident(kind="gas_leak", lon=lon, lat=lat)
    )
    crew_id = yard.put("Gas 1", 1, 1)
    order, _ = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
        services.assignments.act(dispatcher, order["id"], action, Step())
    services.assignments.act(
        dispatcher, order["id"], Action.COMPLETE, Complete(outcome="repaired", result="new seal")
    )
    services.decisions.close(dispatcher, incident["id"], Step())

    def found(**given: object) -> list[int]:
        filters = HistoryFilters.model_validate(given)
        return ids(services.history.find(dispatcher, filters)["incidents"])

    assert found(outcome="done") == found(outcome="done", crew_id=crew_id) == [incident["id"]]
    assert found(outcome="not_done") == found(outcome="done", crew_id=crew_id + 1) == []


def test_a_day_is_the_desks_own(
    services: Services, dispatcher: Actor, end: End, clock: SettableClock
) -> None:
    """What was reported at 23:59 there counts for that day, whatever day it is in Greenwich."""
    zone = ZoneInfo(services.settings.time_zone)
    midnight = clock.now.astimezone(zone).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    day = midnight.date()
    clock.now = midnight - timedelta(minutes=1)
    before = end()
    clock.now = midnight + timedelta(minutes=1)
    after = end()

    def found(first: date | None, last: date | None) -> list[int]:
        return ids(
            services.history.find(dispatcher, HistoryFilters(from_=first, to=last))["incidents"]
        )

    assert found(day, None) == [after]
    assert found(None, day - timedelta(days=1)) == [before]
    assert found(day - timedelta(days=1), day) == [after, before]
    with pytest.raises(InvalidInput, match="before the beginning"):
        found(day, day - timedelta(days=1))


def test_pages_join_without_a_gap_also_where_little_is_looked_through(
    services: Services, dispatcher: Actor, end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three at a time: a page may be empty and still say where to go on."""
    water = end(kind="water_leak")
    gas = [end() for _ in range(7)]
    monkeypatch.setattr(history_filters, "LOOKED_THROUGH", 3)

    def walk(filters: HistoryFilters) -> tuple[list[int], int]:
        found: list[int] = []
        before_id, asked = None, 0
        while asked == 0 or before_id is not None:
            page = services.history.find(dispatcher, filters, before_id=before_id, limit=2)
            found += ids(page["incidents"])
            before_id = page["next_before_id"]
            asked += 1
        return found, asked

    assert walk(HistoryFilters())[0] == [*reversed(gas), water]
    rare, asked = walk(HistoryFilters(kind="water_leak"))
    assert rare == [water]
    assert asked == 3


@pytest.mark.parametrize(
    "filters",
    [
        HistoryFilters(),
        HistoryFilters(words="quai", kind="gas_leak"),
        HistoryFilters(state=(IncidentState.CANCELLED,), priority=1),
        HistoryFilters(crew_id=7),
        HistoryFilters(from_=date(2026, 1, 1), to=date(2026, 12, 31)),
    ],
)
def test_the_history_is_never_read_as_a_whole(
    services: Services, filters: HistoryFilters, end: End
) -> None:
    """However rare what is looked for: a stretch of an index, with both ends."""
    end()
    zone = ZoneInfo(services.settings.time_zone)
    with services.work.reading() as session:
        part = stretch(session, HistoryFilters(), LARGEST_ID, zone)
        assert part is not None
        query = passing(filters, part, zone, 51).compile(
            session.connection(), compile_kwargs={"literal_binds": True}
        )
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(session.scalars(text(f"EXPLAIN {query}".replace(":", "\\:"))))

    assert "Seq Scan on incident" not in plan
    assert re.search(r"Index Cond: .*\bid >= .*\bid < ", plan), plan


def test_the_table_is_what_a_spreadsheet_reads_and_runs_nothing(
    services: Services, people: People, end: End, clock: SettableClock
) -> None:
    """UTF-8 with its mark, times with their zone, a formula as a text, commas and lines kept."""
    number = end(
        address='=HYPERLINK("http://x")',
        description="two\nlines, and a comma",
        caller_name="王",
        caller_phone="+377 98",
    )
    filters = HistoryFilters(from_=clock.now.date() - timedelta(days=1))

    supervisor = people.sign_up("sue", Role.SUPERVISOR)
    content = b"".join(services.history.table(supervisor, filters))

    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert (row["number"], row["state"], row["reason"]) == (str(number), "cancelled", "twice")
    assert row["address"] == '\'=HYPERLINK("http://x")'
    assert (row["caller_name"], row["caller_phone"]) == ("王", "'+377 98")
    assert row["description"] == "two\nlines, and a comma"
    assert row["reported_at"][10] == "T"
    assert row["reported_at"][-6] in "+-"
    for beginning in "=+-@\t\r":
        assert harmless(f"{beginning}1") == f"'{beginning}1"
    assert harmless("1+1") == "1+1"


def test_a_table_of_more_than_a_year_is_refused_before_it_begins(
    services: Services, dispatcher: Actor, crew_actor: Actor
) -> None:
    """And a crew has no history but its own orders."""
    year = HistoryFilters(from_=date(2025, 1, 1), to=date(2026, 1, 1))
    longer = HistoryFilters(from_=date(2025, 1, 1), to=date(2026, 1, 2))

    assert b"".join(services.history.table(dispatcher, year)).count(b"\n") == 1
    for filters in (HistoryFilters(), longer):
        with pytest.raises(InvalidInput, match="366 days"):
            services.history.table(dispatcher, filters)
    for ask in (services.history.find, services.history.table):
        with pytest.raises(NotAllowed):
            ask(crew_actor, HistoryFilters())
