"""Commands: read once, from JSON or Python alike, naming every field that is wrong."""

from datetime import UTC
from datetime import datetime

import pytest
from pydantic import ValidationError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.accounts.types import SignIn
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import field_errors
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddStation
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.positions.types import PositionFix
from dispatch.writes.command import Step

DESK = Actor(1, "dora", "dora", frozenset({Role.DISPATCHER}))


def wrong(error: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    """Return what is said of each wrong field."""
    return {each.field: each.message() for each in error.value.fields}


def test_json_and_python_say_the_same() -> None:
    """The phone's command is the command line's."""
    from_json = Step.read_json(b'{"reason": "flat tyre", "occurred_at": "2026-01-31T08:15:00Z"}')

    happened_at = datetime(2026, 1, 31, 8, 15, tzinfo=UTC)
    assert from_json == Step.read({"reason": "flat tyre", "occurred_at": happened_at})


def test_every_wrong_field_is_named_at_once() -> None:
    """A form shows all of them."""
    with pytest.raises(InvalidInput) as error:
        CreateIncident.read({"kind": 5, "lon": "7.4", "priority": 9, "colour": "red"})

    assert wrong(error) == {
        "kind": "must be a text",
        "lon": "must be a finite number",
        "lat": "is required",
        "priority": "must be at most 4",
        "colour": "is not a known field",
    }


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"text"'])
def test_a_command_is_an_object(body: bytes) -> None:
    """Lists, numbers and null are JSON too."""
    with pytest.raises(ValidationError) as error:
        Step.read_json(body)

    (only,) = field_errors(error.value)
    assert (only.field, only.message()) == ("body", "must be an object")


@pytest.mark.parametrize(("given", "missing"), [({"lon": 7.4}, "lat"), ({"lat": 43.7}, "lon")])
def test_half_a_place_is_none(given: dict[str, float], missing: str) -> None:
    """Of a step as of a change; both, or neither."""
    for command in (Step, ChangeIncident):
        with pytest.raises(InvalidInput) as error:
            command.read(given)
        assert wrong(error) == {missing: "is required"}

    assert Step(lon=7.4, lat=43.7).lonlat == (7.4, 43.7)
    assert Step().lonlat is None


def test_coordinates_beyond_the_globe_ask_whether_they_are_swapped() -> None:
    """Longitude 116 sent as latitude cannot be one."""
    with pytest.raises(InvalidInput) as error:
        AddStation.read({"name": "North", "lon": 39.9, "lat": 116.4})

    assert wrong(error) == {
        "lat": "must be between -90 and 90 degrees; did you swap longitude and latitude?"
    }


def test_absent_and_null_stay_different() -> None:
    """What was said is known, whatever its value."""
    assert ChangeIncident.read({"address": None}).given() == {"address": None}
    assert ChangeIncident.read({}).given() == {}


@pytest.mark.parametrize("blank", ["", "   "])
def test_names_say_something(blank: str) -> None:
    """Of crews, stations, accounts and kinds alike."""
    place = {"lon": 7.4, "lat": 43.7}
    account = {"password": "correct horse", "roles": (Role.DISPATCHER,)}

    for command, given, field in (
        (AddCrew, {}, "name"),
        (AddStation, place, "name"),
        (CreateAccount, account, "username"),
        (CreateIncident, place, "kind"),
    ):
        with pytest.raises(InvalidInput) as error:
            command.read({**given, field: blank})
        assert wrong(error) == {field: "is required"}


@pytest.mark.parametrize("length", [9, 201])
def test_a_password_has_10_to_200_characters(length: int) -> None:
    """And is not shown where a command is printed."""
    account = {"username": "dora", "roles": (Role.DISPATCHER,)}

    with pytest.raises(InvalidInput) as error:
        CreateAccount.read({**account, "password": "x" * length})

    assert wrong(error) == {"password": "must have 10 to 200 characters"}
    assert "secret horse" not in repr(SignIn(username="dora", password="secret horse"))  # noqa: S106


def test_an_account_has_a_role_and_a_crew_short_skills() -> None:
    """Lists are judged entry by entry."""
    with pytest.raises(InvalidInput) as of_account:
        CreateAccount.read({"username": "dora", "password": "a stone in the river", "roles": ()})
    with pytest.raises(InvalidInput) as of_crew:
        AddCrew.read({"name": "East 1", "skills": ("gas", "", "x" * 41)})

    assert wrong(of_account) == {"roles": "must have at least 1 entries"}
    assert wrong(of_crew) == {
        "skills.1": "is required",
        "skills.2": "may have at most 40 characters",
    }


def test_one_of_a_few_words_is_read_from_json_and_others_are_refused_with_the_list() -> None:
    """The sentence says what may be sent."""
    assert SetDuty.read_json(b'{"duty": "on_break"}').duty is Duty.ON_BREAK
    with pytest.raises(ValidationError) as error:
        SetDuty.read_json(b'{"duty": "asleep"}')

    (only,) = field_errors(error.value)
    assert only.message() == "must be one of: off_duty, on_duty, on_break"


def test_a_fix_ignores_what_it_does_not_know_and_reads_its_time_as_text_or_as_a_time() -> None:
    """Devices send many fields; their JSON was read before."""
    said = {"lon": 7.4, "lat": 43.7, "fixed_at": "2026-01-31T08:15:00+08:00", "satellites": 7}

    fix = PositionFix.model_validate(said)

    assert fix.fixed_at == datetime(2026, 1, 31, 0, 15, tzinfo=UTC)
    assert PositionFix.model_validate({**said, "fixed_at": fix.fixed_at}) == fix


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there"])
def test_a_key_is_short_and_printable(key: str) -> None:
    """It is stored, and shows up in logs."""
    with pytest.raises(InvalidInput) as error:
        Step.read({"client_id": key})

    assert wrong(error) == {"client_id": "must have 1 to 200 printable characters"}
