"""A group with two companies, one of them with two stations, and people in each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from tests.conftest import People

_ADD = text(
    "INSERT INTO organisation_unit (parent_id, kind, code, name)"
    " VALUES (:parent, :kind, :name, :name) RETURNING id"
)


@dataclass
class Group:
    """Units by name, and how to come to act as somebody of one of them."""

    services: Services
    people: People
    owner: Engine
    units: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, kind: str, parent: str | None) -> int:
        """Add a unit."""
        with self.owner.begin() as connection:
            found: int = connection.execute(
                _ADD, {"parent": self.units.get(parent or ""), "kind": kind, "name": name}
            ).scalar_one()
        self.units[name] = found
        return found

    def scope(self, name: str) -> Scope:
        """Return what is seen from a unit."""
        with self.owner.connect() as connection:
            sight = connection.execute(
                text("SELECT * FROM sight_of(:unit, NULL, :now)"),
                {"unit": self.units[name], "now": self.services.clock()},
            ).one()
        return Scope(
            units=tuple(sight.units),
            above=tuple(sight.above),
            crews=tuple(sight.crews),
            home=sight.unit_id,
            everything=sight.everything,
        )

    @contextmanager
    def at(self, name: str) -> Iterator[Scope]:
        """Do something as somebody of a unit."""
        scope = self.scope(name)
        with within(scope):
            yield scope

    def sign_up(self, unit: str, username: str, *roles: Role, crew_id: int | None = None) -> Actor:
        """Add an account of a unit, and return it as it signs in."""
        with self.at(unit):
            self.people.sign_up(username, *roles, crew_id=crew_id)
            account = self.services.accounts
            token = account.open_session(Actor(self._id_of(username), username, "", frozenset()))
        found = account.actor_for_session(token)
        assert found is not None
        return found

    def _id_of(self, username: str) -> int:
        with self.owner.connect() as connection:
            found: int = connection.execute(
                text("SELECT id FROM account WHERE username = :name"), {"name": username}
            ).scalar_one()
        return found


@pytest.fixture
def group(services: Services, people: People, owner_engine: Engine) -> Group:
    """Return the group: ``group`` above ``north`` and ``south``, ``north`` with two stations."""
    made = Group(services, people, owner_engine)
    with owner_engine.begin() as connection:
        made.units["north"] = connection.execute(
            text("SELECT id FROM organisation_unit WHERE parent_id IS NULL")
        ).scalar_one()
    made.add("group", "group", "north")
    with owner_engine.begin() as connection:
        # The company that was the root hangs below the group from now on.
        for parent, unit in (("group", "north"), (None, "group")):
            connection.execute(
                text("UPDATE organisation_unit SET parent_id = :parent WHERE id = :unit"),
                {"parent": made.units.get(parent or ""), "unit": made.units[unit]},
            )
    made.add("south", "company", "group")
    for name in ("east", "west"):
        made.add(name, "station", "north")
    return made
