"""What the demo city holds before anybody does anything."""

from collections import Counter
from datetime import UTC
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.accounts.origins import Origin
from dispatch.accounts.types import SignIn
from dispatch.bootstrap import Services
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import CreateIncident
from scripts.demo.demo_places import first_seen
from scripts.demo.demo_seed import PASSWORD
from scripts.demo.demo_seed import seed_demo
from webconsole.board.pages import DEMO_ACCOUNTS
from webconsole.board.pages import DEMO_PASSWORD

pytestmark = pytest.mark.postgis


@pytest.fixture
def seeded(services: Services) -> Services:
    """Return the services of a demo city that was just made."""
    seed_demo(services.settings, datetime.now(UTC))
    return services


def test_there_are_three_stations_with_eight_crews_each(seeded: Services) -> None:
    """24 crews on three depots."""
    stations = seeded.stations.list(SYSTEM)["stations"]
    crews = seeded.crews.list(SYSTEM)["crews"]

    assert len(stations) == 3
    assert sorted(Counter(each["station_id"] for each in crews).values()) == [8, 8, 8]


def test_every_trade_has_crews_at_every_station(seeded: Services) -> None:
    """Wherever a pipe bursts, somebody near can mend it."""
    crews = seeded.crews.list(SYSTEM)["crews"]

    trades = {"gas", "heat", "water", "power"}
    found = {(each["station_id"], skill) for each in crews for skill in each["skills"]}

    assert len({each for each in found if each[1] in trades}) == 3 * len(trades)


def test_the_crew_that_people_try_is_the_recommended_one_where_they_look(seeded: Services) -> None:
    """Crew 01 can do all that happens, and is the first to come to the middle of the city."""
    crews = seeded.crews.list(SYSTEM)["crews"]
    first = next(each for each in crews if each["name"] == "Crew 01")
    stations = seeded.stations.list(SYSTEM)["stations"]
    ground = seeded.ground.active()
    assert ground is not None
    lon, lat = first_seen(ground.bounds, [(each["lon"], each["lat"]) for each in stations])

    for kind in seeded.incidents.kinds()["kinds"]:
        report = CreateIncident.read({"kind": kind["code"], "lon": lon, "lat": lat})
        made = seeded.incidents.create(SYSTEM, report)
        found = seeded.candidates.for_incident(SYSTEM, made["id"])
        assert found["candidates"][0]["crew_id"] == first["id"], kind["code"]
        assert found["candidates"][0]["verdict"] == "recommended"


def test_all_duties_are_seen_and_most_crews_can_be_sent(seeded: Services) -> None:
    """One on a break, one off duty and unlocated."""
    crews = seeded.crews.list(SYSTEM)["crews"]

    duties = Counter(each["duty"] for each in crews)
    unlocated = [each["duty"] for each in crews if each["lon"] is None]
    assert duties == {"on_duty": 22, "on_break": 1, "off_duty": 1}
    assert unlocated == ["off_duty"]


def test_everybody_on_the_sign_in_page_can_sign_in(seeded: Services) -> None:
    """The page shows the accounts that there are, and their password."""
    signed_in = [
        seeded.accounts.open_session_for(
            SignIn(username=each["username"], password=DEMO_PASSWORD), Origin("127.0.0.1")
        )[0]
        for each in DEMO_ACCOUNTS
    ]

    accounts = seeded.accounts.list_accounts(SYSTEM)["accounts"]
    assert PASSWORD == DEMO_PASSWORD
    assert {each["username"] for each in accounts} == {each.username for each in signed_in}
    assert [each["role"] for each in DEMO_ACCOUNTS] == [
        role for each in signed_in for role in each.roles
    ]
    assert [each.crew_id is not None for each in signed_in].count(True) == 24


def test_a_second_start_changes_nothing(seeded: Services, owner_engine: Engine) -> None:
    """Not even what people changed since."""
    crew = seeded.crews.list(SYSTEM)["crews"][0]
    seeded.crews.set_duty(SYSTEM, crew["id"], SetDuty(duty=Duty.OFF_DUTY))
    before = _rows(owner_engine)

    seed_demo(seeded.settings, datetime.now(UTC))

    assert _rows(owner_engine) == before
    assert seeded.crews.get(SYSTEM, crew["id"])["duty"] == "off_duty"


def test_an_interrupted_start_is_finished_by_the_next(
    seeded: Services, owner_engine: Engine
) -> None:
    """Ctrl-C in the middle leaves some crews without account, or not there at all."""
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM account_role USING account WHERE account_id = id"))
        connection.execute(text("DELETE FROM account WHERE username > 'crew07'"))
        connection.execute(text("TRUNCATE event, position_report, crew_position CASCADE"))
        connection.execute(text("DELETE FROM duty_spell"))
        connection.execute(text("DELETE FROM crew WHERE name > 'Crew 10'"))

    seed_demo(seeded.settings, datetime.now(UTC))

    assert len(seeded.crews.list(SYSTEM)["crews"]) == 24
    assert len(seeded.accounts.list_accounts(SYSTEM)["accounts"]) == 28


def _rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    tables = ("station", "crew", "crew_position", "account", "account_role", "event")
    with engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"TABLE {table}"))]
            for table in tables
        }
