"""The trail: changes with old and new values, sign-ins, exports, and who may touch it."""

import csv
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.origins import Origin
from dispatch.accounts.types import SignIn
from dispatch.audit.states import TrailKind
from dispatch.audit.types import TrailEntryAnswer
from dispatch.audit.types import TrailFilters
from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import SignInRefused
from dispatch.core.errors import TryLater
from dispatch.migrations.auditing import UNAUDITED
from dispatch.people.types import ChangeRoles
from dispatch.people.types import SetPassword
from geodata.db import metadata
from tests.conftest import PASSWORD
from tests.conftest import People

pytestmark = pytest.mark.postgis


def entries(services: Services, actor: Actor, **filters: object) -> list[TrailEntryAnswer]:
    """Return what is found, newest first."""
    return services.trail.find(actor, TrailFilters.model_validate(filters))["entries"]


def test_every_table_is_audited_or_says_why_not(owner_engine: Engine) -> None:
    """Whoever adds a table decides."""
    asked = text(
        "SELECT tgrelid::regclass::text FROM pg_trigger"
        " WHERE tgname = 'audited' AND tgfoid = 'audit_change'::regproc AND tgenabled = 'O'"
    )
    with owner_engine.connect() as connection:
        audited = set(connection.scalars(asked))

    assert {"account", "account_role", "crew", "station", "pledge", "gateway_secret"} < audited
    assert audited & UNAUDITED.keys() == set()
    assert set(metadata.tables) - audited - UNAUDITED.keys() == set()


def test_a_change_has_old_and_new_values_and_who_made_it(
    services: Services, administrator: Actor, people: People, owner_engine: Engine
) -> None:
    """By whatever way it came; secrets are not told, only that they are others now."""
    person = people.sign_up("pat", Role.DISPATCHER)
    services.account_changes.change_roles(
        administrator, "pat", ChangeRoles(roles=(Role.SUPERVISOR,))
    )
    services.account_changes.set_password(
        administrator,
        "pat",
        SetPassword(password="another long password"),  # noqa: S106
    )
    with owner_engine.begin() as connection:
        connection.execute(text("SELECT set_config('nearcrew.actor_id', '7', true)"))
        connection.execute(text("SELECT set_config('nearcrew.actor_name', 'Sam', true)"))
        named = text("UPDATE account SET display_name = 'Pat', language = 'zh' WHERE id = :id")
        connection.execute(named, {"id": person.account_id})
        connection.execute(named, {"id": person.account_id})  # changes nothing

    of_roles = entries(services, administrator, kind="change", subject="account_role", words="sup")
    renamed, password, added = entries(
        services, administrator, subject="account", subject_id=str(person.account_id), kind="change"
    )
    assert [(each["action"], each["before"], each["after"]) for each in of_roles] == [
        ("insert", None, {"account_id": person.account_id, "role": "supervisor"})
    ]
    assert (renamed["actor"], renamed["actor_id"]) == ("Sam", 7)
    assert renamed["before"] == {"display_name": "pat", "language": None}
    assert renamed["after"] == {"display_name": "Pat", "language": "zh"}
    for values in (password["before"], password["after"]):
        assert values is not None
        assert values["password_hash"] == "(hidden)"  # noqa: S105  (hides one)
    assert (added["action"], added["before"]) == ("insert", None)
    assert added["after"] is not None
    assert added["after"]["username"] == "pat"
    assert "argon2" not in str([renamed, password, added])


def test_a_change_of_the_database_itself_names_its_role(
    services: Services, administrator: Actor, owner_engine: Engine
) -> None:
    """Nobody changes anything past the trail, though a value of megabytes is told as a digest."""
    with owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE account SET display_name = repeat('x', 3000) WHERE id = :id"),
            {"id": administrator.account_id},
        )

    (changed,) = entries(services, administrator, words="3002 characters, SHA-256")

    assert changed["actor"] == "database role nearcrew_owner"


def test_sign_ins_are_told_and_refused_ones_without_what_was_typed(
    services: Services, administrator: Actor, people: People
) -> None:
    """A password in the field of the name is nobody's to read."""
    people.sign_up("pat", Role.DISPATCHER)
    origin = Origin("192.0.2.7")
    services.accounts.open_session_for(SignIn(username="pat", password=PASSWORD), origin)
    for name in ("pat", PASSWORD):
        with pytest.raises(SignInRefused):
            services.accounts.issue_token_for(SignIn(username=name, password="wrong"), origin)  # noqa: S106
    for _ in range(12):
        with pytest.raises((SignInRefused, TryLater)):
            services.accounts.issue_token_for(SignIn(username="pat", password="wrong"), origin)  # noqa: S106

    found = entries(services, administrator, kind="sign_in")

    assert [(each["action"], each["actor"]) for each in found[-3:]] == [
        ("refused", "unknown name"),
        ("refused", "pat"),
        ("accepted", "pat"),
    ]
    assert found[-1]["after"] == {"address": "192.0.2.7", "kind": "session"}
    assert [each["action"] for each in found].count("too_soon") == 1
    assert PASSWORD not in str(found)


def test_the_trail_is_paged_without_gaps_across_its_sources(
    services: Services, administrator: Actor, dispatcher: Actor, people: People
) -> None:
    """Entries, events and readings in one order, whatever the size of a page."""
    for number in range(4):
        people.sign_up(f"person {number}", Role.DISPATCHER)
        services.readings.note(dispatcher, {number + 1: False})
        services.readings.flush()
    everything = entries(services, administrator)
    paged: list[TrailEntryAnswer] = []
    before = None
    while before is not None or not paged:
        page = services.trail.find(administrator, TrailFilters(), before=before, limit=3)
        paged += page["entries"]
        before = page["next_before"]

    assert {each["kind"] for each in everything} >= {
        *(TrailKind.CHANGE, TrailKind.OPERATION, TrailKind.READING)
    }
    assert [each["id"] for each in paged] == [each["id"] for each in everything]
    assert [each["at"] for each in paged] == sorted((each["at"] for each in paged), reverse=True)
    assert [
        each["subject_ids"]
        for each in entries(services, administrator, subject_id="2")
        if each["kind"] is TrailKind.READING
    ] == [["2"]]
    with pytest.raises(InvalidInput):
        services.trail.find(administrator, TrailFilters(), before="2026/moon/0")


def test_the_table_is_an_export_of_its_own_and_runs_nothing(
    services: Services, administrator: Actor, owner_engine: Engine
) -> None:
    """A hostile name stays a text where the table is opened."""
    with owner_engine.begin() as connection:
        connection.execute(text("SELECT set_config('nearcrew.actor_name', '=1+1', true)"))
        connection.execute(text("UPDATE account SET language = 'en'"))
    filters = TrailFilters.model_validate({"kind": "change", "from": date(2026, 1, 1)})

    table = b"".join(services.trail.table(administrator, filters)).decode()
    (export,) = entries(services, administrator, kind="export")

    rows = list(csv.DictReader(table.lstrip("\ufeff").splitlines()))
    assert rows[0]["who"] == "'=1+1"
    assert '"language": "en"' in rows[0]["after"]
    assert (export["subject"], export["actor"]) == ("audit.csv", "ada")
    assert export["after"] == {"kind": "change", "from": "2026-01-01"}


def test_only_who_may_read_it_reads_it(services: Services, dispatcher: Actor) -> None:
    """Not the desk, of which it tells."""
    with pytest.raises(NotAllowed):
        services.trail.find(dispatcher, TrailFilters())
    with pytest.raises(NotAllowed):
        services.trail.table(dispatcher, TrailFilters())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE reading SET actor = 'nobody'",
        "DELETE FROM reading",
        "UPDATE chain_link SET hash = ''",
        "INSERT INTO chain_link VALUES ('event', 9, 9, '')",
        "DELETE FROM chain_link",
        "SELECT add_link('event', 1, 9, '')",
        "DELETE FROM reading_block",
        "INSERT INTO audit_entry (at, kind, action, actor, salt) VALUES (now(), '', '', '', '')",
        "ALTER TABLE event DISABLE TRIGGER chained",
        "SET session_replication_role = replica",
    ],
)
def test_the_serving_role_adds_to_the_trail_and_changes_nothing_of_it(
    app_engine: Engine, statement: str
) -> None:
    """Neither its entries nor its chains."""
    with (
        Session(app_engine) as session,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
    ):
        session.execute(text(statement))
