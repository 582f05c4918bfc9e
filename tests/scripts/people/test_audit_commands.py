"""`nearcrew audit …` as it is typed."""

import pytest
from sqlalchemy import text

from geodata.db import make_engine
from scripts.environment import look_around
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


def test_verify_names_the_newest_hashes_and_the_first_row_that_is_wrong(
    nearcrew: Nearcrew,
) -> None:
    """Exit code 1, for whatever looks at it every night."""
    nearcrew("user", "add", "pat", "--role", "dispatcher", "--generate")

    right = nearcrew("audit", "verify")
    owner = make_engine(look_around().admin_url)
    with owner.begin() as connection:
        row = connection.scalar(text("UPDATE event SET actor = 'nobody' RETURNING id"))
    owner.dispose()
    wrong = nearcrew("audit", "verify")

    assert right.code == 0
    assert [line.partition(":")[0] for line in right.out.splitlines()] == [
        *("event", "audit", "reading"),
    ]
    assert "event: 1 rows hold; newest " in right.out
    assert wrong.code == 1
    assert f"event {row}: changed" in wrong.err


def test_nobody_is_blocked_who_is_not(nearcrew: Nearcrew) -> None:
    """A wrong name is a usage error."""
    assert nearcrew("audit", "blocked").out == "Nobody is blocked.\n"
    assert nearcrew("audit", "lift", "nobody", "--reason", "asked to").code == 2
