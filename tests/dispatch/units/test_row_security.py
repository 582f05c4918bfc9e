"""The database itself keeps one unit's rows from another's people."""

import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import ProgrammingError

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.core.scope import NOTHING
from dispatch.core.scope import within
from dispatch.crews.types import AddCrew
from dispatch.incidents.types import CreateIncident
from tests.dispatch.units.conftest import Group

pytestmark = pytest.mark.postgis
_LEAK = CreateIncident(kind="gas_leak", lon=7.4002, lat=43.7002)


def _names(group: Group, at: str) -> set[str]:
    with group.at(at):
        return {each["name"] for each in group.services.crews.list(SYSTEM)["crews"]}


@pytest.fixture
def crews(group: Group) -> dict[str, int]:
    """Return a crew of each unit, called like it."""
    made = {}
    for unit in group.units:
        with group.at(unit):
            made[unit] = group.services.crews.add(SYSTEM, AddCrew(name=unit, skills=("gas",)))
    return made


def test_every_table_has_policies_or_says_why_it_needs_none(owner_engine: Engine) -> None:
    """One that a new migration forgets is found here."""
    with owner_engine.connect() as connection:
        open_tables = connection.scalars(
            text("""
                SELECT relname FROM pg_class
                WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
                    AND NOT relispartition AND NOT relrowsecurity
                    AND coalesce(obj_description(oid, 'pg_class'), '') NOT LIKE 'Shared: %'
            """)
        ).all()

    assert set(open_tables) == {"alembic_version", "spatial_ref_sys"}


def test_views_obey_the_policies_of_whoever_asks(owner_engine: Engine) -> None:
    """A view of the owner's would show all rows to everybody."""
    with owner_engine.connect() as connection:
        views = connection.scalars(
            text("""
                SELECT relname FROM pg_class
                WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
                    AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)
                    AND relname NOT IN ('geography_columns', 'geometry_columns',
                        'seen_layer_feature', 'seen_layer_overview')
            """)
        ).all()

    assert views == []


@pytest.mark.usefixtures("crews")
def test_who_set_nothing_sees_nothing(group: Group, app_engine: Engine) -> None:
    """The role that serves cannot leave the policies aside, nor become one that can."""
    with app_engine.connect() as connection:
        for table in ("crew", "organisation_unit", "account", "event", "station"):
            assert connection.execute(text(f"SELECT * FROM {table}")).all() == []  # noqa: S608
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("SET ROLE nearcrew_worker"))
    with within(NOTHING):
        assert group.services.crews.list(SYSTEM)["crews"] == []


@pytest.mark.usefixtures("crews")
def test_one_sees_ones_own_unit_and_all_below_it(group: Group) -> None:
    """From the group everything, from a station itself."""
    assert _names(group, "group") == {"group", "north", "south", "east", "west"}
    assert _names(group, "north") == {"north", "east", "west"}
    assert _names(group, "south") == {"south"}
    assert _names(group, "east") == {"east"}


@pytest.mark.usefixtures("crews")
def test_a_name_of_another_company_is_free(group: Group) -> None:
    """A refusal would tell that the other company has such a crew."""
    with group.at("south"):
        group.services.crews.add(SYSTEM, AddCrew(name="north", skills=()))

    assert _names(group, "south") == {"south", "north"}


def test_a_row_belongs_to_the_unit_of_who_enters_it(group: Group) -> None:
    """Nobody has to say it."""
    desk = group.sign_up("east", "eva", Role.DISPATCHER)
    with within(desk.scope):
        made = group.services.incidents.create(desk, _LEAK)

    for unit, seen in (("east", True), ("north", True), ("group", True), ("west", False)):
        with group.at(unit):
            found = group.services.incidents.list(SYSTEM)["incidents"]
        assert [each["id"] for each in found] == ([made["id"]] if seen else []), unit


def test_nothing_is_written_into_another_unit(group: Group, crews: dict[str, int]) -> None:
    """Neither by naming the unit nor by changing a row that is not seen."""
    work = group.services.work
    with group.at("east"):
        with pytest.raises(DBAPIError, match="row-level security"), work.writing() as session:
            session.execute(
                text(
                    "INSERT INTO station (name, point, unit_id)"
                    " VALUES ('spy', ST_SetSRID(ST_MakePoint(7, 43), 4326), :unit)"
                ),
                {"unit": group.units["west"]},
            )
        with work.writing() as session:
            changed = session.execute(
                text("UPDATE crew SET name = 'mine' WHERE id = :id"), {"id": crews["west"]}
            )
            assert changed.rowcount == 0  # type: ignore[attr-defined]


def test_a_crew_of_another_company_is_not_sent(group: Group, crews: dict[str, int]) -> None:
    """Not even by whoever sees both: only a crew that was lent is."""
    desk = group.sign_up("north", "nora", Role.DISPATCHER)
    with within(desk.scope):
        incident = group.services.incidents.create(desk, _LEAK)
    order = text("""
        INSERT INTO assignment (incident_id, crew_id, round, state, rank, role, decisive, sent_by,
            offered_at, asked_at)
        VALUES (:incident, :crew, 1, 'offered', 0, 'lead', true, 'x', now(), now())
    """)

    def send(unit: str) -> None:
        with group.at("group"), group.services.work.writing() as session:
            session.execute(order, {"incident": incident["id"], "crew": crews[unit]})

    with pytest.raises(DBAPIError, match="of another company"):
        send("south")
    send("east")


def test_whose_crew_is_asked_sees_the_incident(group: Group, crews: dict[str, int]) -> None:
    """The station's people and the crew see what it was sent to; the other station does not."""
    desk = group.sign_up("north", "nora", Role.DISPATCHER)
    crew = group.sign_up("east", "egon", Role.CREW, crew_id=crews["east"])
    with within(desk.scope):
        incident = group.services.incidents.create(desk, _LEAK)

    def sees(scope_of: str) -> bool:
        with group.at(scope_of):
            return bool(group.services.incidents.list(SYSTEM)["incidents"])

    assert not sees("east")
    with group.at("north"), group.services.work.writing() as session:
        _order(session.connection(), incident["id"], crews["east"])

    assert sees("east")
    assert not sees("west")
    with within(crew.scope):
        assert group.services.incidents.get(crew, incident["id"])["id"] == incident["id"]


def _order(connection: Connection, incident_id: int, crew_id: int) -> None:
    connection.execute(
        text("""
            INSERT INTO assignment (incident_id, crew_id, round, state, rank, role, decisive,
                sent_by, offered_at, asked_at)
            VALUES (:incident, :crew, 1, 'offered', 0, 'lead', true, 'x', now(), now())
        """),
        {"incident": incident_id, "crew": crew_id},
    )


def test_a_move_of_a_unit_takes_all_below_it_along(group: Group) -> None:
    """What is seen from each unit is worked out anew by the database."""
    group.add("team", "team", "east")
    with group.owner.begin() as connection:
        connection.execute(
            text("UPDATE organisation_unit SET parent_id = :west WHERE id = :team"), group.units
        )

    assert set(group.scope("west").units) == {group.units["west"], group.units["team"]}
    assert group.scope("east").units == (group.units["east"],)
    assert group.scope("team").above == tuple(
        group.units[name] for name in ("west", "north", "group")
    )
