"""What all tests share: a real PostGIS, a ground with roads, services, people and crews."""

import os
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import select
from sqlalchemy import text

from dispatch import bootstrap
from dispatch import migrate
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.bootstrap import Services
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.positions.types import ReportPositions
from dispatch.settings import Settings
from geodata.db import make_engine
from geodata.ground import service as ground
from geodata.ground.models import Ground
from scripts.cluster import private_cluster as cluster
from scripts.cluster.private_cluster import ClusterUrls
from tests.cities import GridCity

# A busy machine fails no example. The same ones each time: what turns red is the change; "new"
# looks for others.
_PATIENT = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("new", _PATIENT)
hypothesis.settings.register_profile("same", _PATIENT, derandomize=True)
hypothesis.settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """Let the same examples not depend on what else a worker runs.

    Hypothesis tries numbers and words that it reads in whichever of our modules are imported.
    """
    if config.getoption("--hypothesis-profile") in (None, "same"):
        providers._get_local_constants = Constants


pytest_plugins = ("tests.second_try", "tests.sharing_out")

CHECKOUT = Path(__file__).resolve().parents[1]
ROADS_WAIT_S = 60  # no crew is sent without road times because the machine is busy
PASSWORD = "correct horse battery"  # noqa: S105  (of accounts that live for one test)
ALL_SKILLS = ("gas", "heat", "water", "power")
# Passwords of tests live seconds and guard nothing: the cheapest hash will do.
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
# Those that refer to others first.
_JOB_TABLES = (
    *("planning_study", "planning_scenario"),
    *("work_report_sending", "signature", "recording", "recording_file"),
    *("public_link", "caller_page", "public_report", "public_report_code"),
    *("shift_feed", "shift_swap", "shift", "rotation_day", "rotation_crew", "rotation"),
    *("shift_template", "staffing_rule", "duty_spell"),
    *("audit_entry", "reading", "reading_block"),
    *("delivery", "push_subscription", "push_key", "contact", "gateway_secret", "gateway"),
    *("proposal_sending", "proposal", "move_up"),
    *("alarm_acknowledgement", "message_read", "message"),
    *("report_call_back", "incident_merge"),
    *("incident_note", "incident_report", "photo", "photo_file"),
    *(
        "override_explanation",
        "measurement",
        "check_in_watch",
        "check_in",
        "roll_call_answer",
        "roll_call",
        "sos_call",
        "help_request",
    ),
    *(
        "chain_step",
        "order_chain",
        "assignment_mark",
        "chosen_way",
        "deadline",
        "pledge_clock",
        "pledge",
        "work_calendar",
        "weather_declared",
        "offer_crew",
        "offer",
        "order_notice",
        "decision",
        "driven_track",
        "assignment",
        "incident_share",
        "crew_loan",
        "incident",
        "event",
        "idempotency_key",
        "credential",
    ),
    *("known_origin", "sign_in_count"),
    *("time_code", "recovery_code", "security_key", "key_challenge", "factor_rule"),
    *("sign_on_identity", "sign_on_invitation"),
    *("vehicle", "skill_ticket", "crew_member", "person"),
    *(
        "invitation",
        "role_exclusion",
        "rule_change",
        "account_role",
        "account",
        "crew_silence",
        "silence_limit",
        "tracker_state",
        "tracker",
        "crew_position",
        "crew_reach",
        "phone_check",
        "position_report",
        "crew",
        "station",
        "closure",
    ),
    *("zone", "layer_feature", "layer_overview", "layer"),
    *("procrastinate_periodic_defers", "procrastinate_jobs"),
)
_NUMBERED_TABLES = (
    *("recording", "signature"),
    *("delivery", "push_subscription", "contact", "gateway"),
    *("proposal_sending", "proposal", "move_up"),
    *("alarm_acknowledgement", "message_read", "message"),
    *("incident_note", "incident_report", "photo"),
    *("pledge", "pledge_clock", "chain_step"),
    *("check_in_watch", "check_in", "roll_call", "sos_call", "help_request"),
    *(
        "deadline",
        "offer",
        "order_notice",
        "crew_loan",
        "assignment",
        "incident",
        "event",
        "idempotency_key",
    ),
    *("vehicle", "skill_ticket", "crew_member", "person"),
    *("account", "crew", "station", "closure", "zone", "layer"),
    *("shift_template", "rotation", "shift", "shift_swap", "staffing_rule"),
    *("audit_entry", "reading_block"),
    *("time_code", "security_key"),
    *("tracker", "silence_limit"),
    *("planning_study", "planning_scenario"),
)
# A page that is being closed may still have a request under way: who writes locks incidents first,
# or names an order.
_DELETE_ALL = "; ".join(
    (
        "LOCK TABLE incident, assignment IN EXCLUSIVE MODE",
        *(f"DELETE FROM {table}" for table in _JOB_TABLES),  # noqa: S608  (the names above)
        "DELETE FROM role WHERE NOT shipped",
        # One company is left, as an installation begins.
        "IF (SELECT count(*) > 1 FROM organisation_unit) THEN NULL",
        "UPDATE organisation_unit SET parent_id = 1 WHERE id = 1",
        "DELETE FROM organisation_unit WHERE id <> 1",
        "UPDATE organisation_unit SET parent_id = NULL WHERE id = 1; END IF",
        "UPDATE organisation_unit SET name = 'Company' WHERE id = 1 AND name <> 'Company'",
        # Their deletions are written down by the trigger, and the chains begin anew.
        "SET CONSTRAINTS ALL IMMEDIATE",
        "DELETE FROM audit_entry",
        "DELETE FROM chain_link WHERE number > 0",
    )
)
_RESTART = "; ".join(
    f"PERFORM setval(pg_get_serial_sequence('{table}', 'id'), 1, false)"
    for table in _NUMBERED_TABLES
)
_EXTRACT_PLACES = (CHECKOUT / "var" / "demo", CHECKOUT.parent / "shared" / "data" / "osm")


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database of this test run, dropped at its end."""

    name: str
    urls: ClusterUrls

    @property
    def app_url(self) -> str:
        """The serving role's URL."""
        return self.urls.app(self.name)

    @property
    def owner_url(self) -> str:
        """The owner's URL."""
        return self.urls.owner(self.name)


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """Give a migrated database; a missing PostGIS fails, it never skips."""
    with throwaway_database("test") as made:
        migrate.upgrade(made.owner_url, cluster.APP_ROLE)
        yield made


@contextmanager
def throwaway_database(purpose: str) -> Iterator[Database]:
    """Make an empty database and drop it at the end; its commits do not wait for the disk."""
    name = f"nearcrew_{purpose}_{os.getpid()}"
    cluster.drop_database(name)  # a killed run with the same number left its own
    urls = cluster.create_database(name)
    statement = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
    try:
        with urls.connect() as connection:
            connection.execute(statement.format(sql.Identifier(name)))
        yield Database(name, urls)
    finally:
        cluster.drop_database(name)


@pytest.fixture(scope="session")
def owner_engine(database: Database) -> Iterator[Engine]:
    """Connect as the owner of the tables."""
    engine = make_engine(database.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def app_engine(database: Database) -> Iterator[Engine]:
    """Connect as the role that serves."""
    engine = make_engine(database.app_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def grid_city() -> GridCity:
    """Return the plan of the test city."""
    return GridCity()


@pytest.fixture(scope="session")
def grid_extract(grid_city: GridCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the test city as an extract."""
    return grid_city.write(tmp_path_factory.mktemp("city") / "grid.osm")


@pytest.fixture
def grid_ground(owner_engine: Engine, grid_extract: Path) -> int:
    """Make the test city the ground in use and return the ground's id."""
    return put_grid_in_use(owner_engine, grid_extract)


def put_grid_in_use(owner_engine: Engine, grid_extract: Path) -> int:
    """Import the test city unless it is the ground in use; return the ground's id.

    By name and file: a test of imports may have put another city, or this one from a file of its
    own, in use under the same name.
    """
    newest = select(Ground.id, Ground.name, Ground.source_file).order_by(Ground.id.desc()).limit(1)
    with owner_engine.connect() as connection:
        active = connection.execute(newest).one_or_none()
    if active is not None and (active.name, active.source_file) == ("Grid", grid_extract.name):
        return int(active.id)
    return ground.import_extract(owner_engine, grid_extract, name="Grid").ground_id


@pytest.fixture(scope="session")
def settings(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of the test database, caches apart from the checkout's."""
    var_dir = tmp_path_factory.getbasetemp() / "var"
    return Settings.from_environment(
        {
            "DATABASE_URL": database.app_url,
            "DATABASE_ADMIN_URL": database.owner_url,
            "NEARCREW_VAR": str(var_dir),
            "NEARCREW_ROADS_WAIT_S": str(ROADS_WAIT_S),
            # Crews of most tests report once and are silent from then on.
            "NEARCREW_SILENT_S": "0",
        }
    )


class SettableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return what time it is."""
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def only_clock() -> SettableClock:
    """Return the clock of the session's services."""
    return SettableClock(datetime.now(UTC))


@pytest.fixture
def clock(only_clock: SettableClock) -> SettableClock:
    """Return a clock that stands ten minutes behind the real one, but never before today.

    Behind, because a server that runs beside a test goes by the real time and must not find fixes
    from the future; not by much, because sign-ins expire; and with some minutes of the day left,
    because a test's orders must all be of one day.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    midnight = now.replace(hour=0, minute=0, second=0)
    only_clock.now = max(now - timedelta(minutes=10), midnight)
    return only_clock


@pytest.fixture
def clean(owner_engine: Engine) -> Iterator[None]:
    """Leave nothing behind in the job's tables; services really commit."""
    yield
    empty_the_tables(owner_engine)


def empty_the_tables(engine: Engine) -> None:
    """Delete everything that the job has stored, as the owner."""
    with engine.begin() as connection:
        # One question instead of forty, every second of the suite.
        connection.execute(text(f"DO $$BEGIN {_DELETE_ALL}; {_RESTART}; END$$"))


def delete_all(connection: Connection) -> None:
    """Delete everything that the job has stored; numbers go on."""
    # Deleting a few rows is far quicker than truncating, which makes new files for every table.
    connection.execute(text(f"DO $$BEGIN {_DELETE_ALL}; END$$"))


@pytest.fixture(scope="session")
def only_services(settings: Settings, only_clock: SettableClock) -> Iterator[Services]:
    """Build the services once: their connections, their thread and the city's roads are kept."""
    built = bootstrap.build(settings, clock=only_clock, hasher=CHEAP_HASHER)
    yield built
    built.close()


@pytest.fixture
def services(
    only_services: Services,
    clock: SettableClock,  # noqa: ARG001  (set to now)
    clean: None,  # noqa: ARG001  (empties the tables afterwards)
    grid_ground: int,  # noqa: ARG001  (there is a ground)
) -> Iterator[Services]:
    """Give the real services on the real database and the grid city's roads, all of them open.

    They are the session's, and what they store is committed: threads, servers and streams see it.
    """
    only_services.roads.refresh()
    only_services.roads.apply_closures()
    only_services.candidates.recent.clear()  # ids begin anew: these are other incidents now
    only_services.readings.begin_anew()
    yield only_services
    only_services.readings.begin_anew()  # before the tables are emptied


@dataclass(frozen=True, slots=True)
class People:
    """Accounts of a test, as actors."""

    services: Services

    def sign_up(self, username: str, *roles: Role, crew_id: int | None = None) -> Actor:
        """Add an account and return it as an actor."""
        account_id = self.services.accounts.create(
            CreateAccount(username=username, password=PASSWORD, roles=roles, crew_id=crew_id)
        )
        return Actor(account_id, username, username, frozenset(roles), crew_id)


@pytest.fixture
def people(services: Services) -> People:
    """Return who can sign somebody up."""
    return People(services)


@pytest.fixture
def dispatcher(people: People) -> Actor:
    """Return a dispatcher."""
    return people.sign_up("dora", Role.DISPATCHER)


@pytest.fixture
def administrator(people: People) -> Actor:
    """Return an administrator."""
    return people.sign_up("ada", Role.ADMINISTRATOR)


@pytest.fixture
def integration(people: People) -> Actor:
    """Return a program that may report positions of any crew."""
    return people.sign_up("tracker", Role.INTEGRATION)


@dataclass(frozen=True, slots=True)
class CrewYard:
    """Puts crews on the grid."""

    services: Services
    administrator: Actor
    integration: Actor
    city: GridCity
    clock: SettableClock

    def put(
        self,
        name: str,
        column: float,
        row: float,
        *,
        duty: Duty = Duty.ON_DUTY,
        fix_age_s: float = 0,
        skills: tuple[str, ...] = ALL_SKILLS,
        **fix: float,
    ) -> int:
        """Add a crew that stands at a place of the grid and can do everything; return its id.

        It was on duty when it was there: nothing is stored of others.
        """
        crew = AddCrew(name=name, duty=Duty.ON_DUTY, skills=skills)
        self.clock.forward(-fix_age_s)
        crew_id = self.services.crews.add(self.administrator, crew)
        self.clock.forward(fix_age_s)
        self.move(crew_id, column, row, fix_age_s=fix_age_s, **fix)
        if duty is not Duty.ON_DUTY:
            self.services.crews.set_duty(self.administrator, crew_id, SetDuty(duty=duty))
        return crew_id

    def move(
        self, crew_id: int, column: float, row: float, *, fix_age_s: float = 0, **fix: float
    ) -> None:
        """Report a crew's position, with ``heading_deg`` and ``speed_mps`` if it is driving."""
        lon, lat = self.city.at(column, row)
        fixed_at = self.clock() - timedelta(seconds=fix_age_s)
        report = {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": fixed_at, **fix}
        answer = self.services.positions.record(
            self.integration, ReportPositions(positions=[report])
        )
        assert answer["results"][0]["status"] == "used"


@pytest.fixture
def yard(
    services: Services,
    administrator: Actor,
    integration: Actor,
    grid_city: GridCity,
    clock: SettableClock,
) -> CrewYard:
    """Return who puts crews on the grid."""
    return CrewYard(services, administrator, integration, grid_city, clock)


@pytest.fixture
def pin(
    services: Services, dispatcher: Actor, grid_city: GridCity
) -> Callable[..., IncidentAnswer]:
    """Return a function that pins a gas leak at a place of the grid."""

    def pin_at(column: float, row: float, **fields: object) -> IncidentAnswer:
        lon, lat = grid_city.at(column, row)
        wanted = {"kind": "gas_leak", "lon": lon, "lat": lat, **fields}
        return services.incidents.create(dispatcher, CreateIncident.read(wanted))

    return pin_at


@pytest.fixture
def shipped_outcomes(owner_engine: Engine) -> Iterator[None]:
    """Have the outcomes as they were shipped again after a test that edits them."""
    with kept_table(owner_engine, "outcome"):
        yield


@pytest.fixture
def shipped_plans(owner_engine: Engine) -> Iterator[None]:
    """Have the response plans as they were shipped again after a test that edits them."""
    with kept_table(owner_engine, "plan_task"):
        yield


@contextmanager
def kept_table(engine: Engine, table: str) -> Iterator[None]:
    """Put the rows of a table that ships with the product back at the end."""
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE kept_{table} AS TABLE {table}"))
    yield
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  (the names above)
        connection.execute(text(f"INSERT INTO {table} TABLE kept_{table}"))
        connection.execute(text(f"DROP TABLE kept_{table}"))


@pytest.fixture
def shipped_check_in_rules(owner_engine: Engine) -> Iterator[None]:
    """Have the rules of check-ins as they were shipped again after a test that edits them."""
    with owner_engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept_rule AS TABLE check_in_rule"))
    yield
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM check_in_rule"))
        connection.execute(text("INSERT INTO check_in_rule TABLE kept_rule"))
        connection.execute(text("DROP TABLE kept_rule"))


def with_demo(settings: Settings) -> Settings:
    """Return the same settings in demo mode."""
    return settings.model_copy(update={"demo": True})


def _extract(name: str) -> Path | None:
    for place in _EXTRACT_PLACES:
        for path in (place / name, *place.glob(f"**/{name}")):
            if path.is_file():
                return path
    return None


@pytest.fixture(scope="session")
def monaco_pbf() -> Path:
    """Return the extract of Monaco: the demo city's, or the development data's.

    Set-up fetches it. Every browser test stands on it, so CI fails where it cannot be had.
    """
    path = _extract("monaco.osm.pbf")
    if path is None:
        missing = "monaco.osm.pbf is not on this machine; set-up fetches it from the package index"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return path


@pytest.fixture(scope="session")
def porto_pbf() -> Path:
    """Return the extract of Porto; development data, not fetched at set-up."""
    path = _extract("porto.osm.pbf")
    if path is None:
        pytest.skip("porto.osm.pbf is not on this machine")
    return path
