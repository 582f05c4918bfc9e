"""`nearcrew init`, `station add`, `crew add`, `user add`."""

import pytest

from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis
PASSWORD = "correct horse battery"  # noqa: S105 - of an account that lives for one test


def test_the_first_administrator_is_made_once(nearcrew: Nearcrew) -> None:
    """A second `init` must not hand the house to somebody else."""
    first = nearcrew("init", NEARCREW_PASSWORD=PASSWORD)
    second = nearcrew("init", "--username", "mallory", NEARCREW_PASSWORD=PASSWORD)

    assert first.code == 0
    assert "admin is the administrator" in first.out
    assert "import-osm" in first.out
    assert second.code == 1
    assert "already an administrator" in second.err


def test_without_anybody_to_ask_the_password_must_be_given_or_made(nearcrew: Nearcrew) -> None:
    """A script gets a sentence instead of a prompt that nobody answers."""
    answer = nearcrew("init")

    assert answer.code == 2
    assert "NEARCREW_PASSWORD" in answer.err


def test_a_password_that_is_too_short_is_refused_by_name(nearcrew: Nearcrew) -> None:
    """The rule is the domain's; the command line only repeats it."""
    answer = nearcrew("init", NEARCREW_PASSWORD=PASSWORD[:9])

    assert answer.code == 1
    assert "password: must have 10 to 200 characters" in answer.err


def test_a_made_password_is_printed_once_and_long(nearcrew: Nearcrew) -> None:
    """It must pass the domain's own rule."""
    answer = nearcrew("init", "--generate")

    made = answer.out.splitlines()[0].rsplit(" ", 1)[-1]
    assert answer.code == 0
    assert len(made) >= 16


def test_a_house_is_furnished_from_the_command_line(nearcrew: Nearcrew) -> None:
    """Station, crew and the crew's account refer to each other by name."""
    answers = [
        nearcrew("station", "add", "北站", "--lon", "7.42", "--lat", "43.73"),
        nearcrew("crew", "add", "燃气一班", "--station", "北站", "--skill", "gas"),
        nearcrew("crew", "change", "燃气一班", "--emergency-drive"),
        nearcrew("user", "add", "gas1", "--role", "crew", "--crew", "燃气一班", "--generate"),
    ]

    assert [each.code for each in answers] == [0, 0, 0, 0]
    assert "燃气一班: may drive with blue lights." in answers[2].out
    assert "gas1 may sign in as crew." in answers[-1].out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["crew", "add", "A", "--station", "Nowhere"], 1, "There is no station Nowhere"),
        (["user", "add", "a", "--role", "crew", "--crew", "B", "--generate"], 2, "no crew named B"),
        (["user", "add", "a", "--role", "boss"], 2, "no role boss"),
        (["station", "add", "A", "--lon", "200", "--lat", "43"], 1, "lon:"),
        (["station", "add", "A", "--lon", "nan", "--lat", "43"], 1, "lon:"),
    ],
)
def test_what_cannot_be_taken_is_named(
    nearcrew: Nearcrew, words: list[str], code: int, said: str
) -> None:
    """One sentence and an exit code, never a traceback."""
    answer = nearcrew(*words)

    assert answer.code == code
    assert said in " ".join(answer.err.split())
    assert "Traceback" not in answer.err


def test_before_the_tables_are_made_adding_says_what_to_type(nearcrew: Nearcrew) -> None:
    """The demo's database has not been migrated here."""
    answer = nearcrew("crew", "add", "A", NEARCREW_DEMO="1")

    assert answer.code == 1
    assert "nearcrew db migrate" in answer.err
