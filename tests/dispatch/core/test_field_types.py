"""Single values from outside, the strangest ones included."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pydantic import ValidationError

from dispatch.commands.command import Step
from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import LARGEST_ID
from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.settings import Settings

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(ANYTHING)
def test_no_value_breaks_a_command(value: Any) -> None:  # noqa: ANN401  (anything at all)
    """Each is read, or refused by name; nothing else happens."""
    names = ("lon", "lat", "reason", "occurred_at", "client_id")

    wrong: set[str] = set()
    try:
        Step.read(dict.fromkeys(names, value))
    except InvalidInput as refused:
        wrong = {each.field for each in refused.fields}

    assert wrong <= set(names)


def test_whole_numbers_are_read_exactly() -> None:
    """2⁵³ + 1 has no double of its own."""
    whole = TypeAdapter(Id)

    assert whole.validate_json(str(2**53 + 1)) == 2**53 + 1
    assert whole.validate_json(str(LARGEST_ID)) == LARGEST_ID
    with pytest.raises(ValidationError):
        whole.validate_json(str(10**400))


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_times_near_the_end_of_the_calendar_are_refused(text: str) -> None:
    """A day more or less must still be a date."""
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_json(f'"{text}"')


@pytest.mark.parametrize(("text", "fits"), [("", 0), ("x" * 200, 1), ("x" * 201, 0), ("a	b", 0)])
def test_a_key_is_short_and_printable(text: str, fits: int) -> None:
    """It is stored, and shows up in logs."""
    if fits:
        assert Step(client_id=text).client_id == text
        return
    with pytest.raises(InvalidInput, match="printable characters"):
        Step.read({"client_id": text})


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "DATABASE_URL"),
        ({"NEARCREW_TIME_ZONE": "Nowhere/Foo"}, "NEARCREW_TIME_ZONE"),
        ({"NEARCREW_PORT": "http"}, "NEARCREW_PORT"),
        ({"NEARCREW_PORT": "70000"}, "NEARCREW_PORT"),
        ({"NEARCREW_DEMO": "perhaps"}, "NEARCREW_DEMO"),
        ({"NEARCREW_TLS_CERT": "cert.pem"}, "NEARCREW_TLS_KEY"),
    ],
)
def test_a_wrong_setting_is_named(variables: dict[str, str], named: str, tmp_path: Any) -> None:  # noqa: ANN401  (a path)
    """Before anything starts."""
    url = {"DATABASE_URL": "postgresql:///x"} if variables else {}

    with pytest.raises(InvalidInput) as error:
        Settings.from_environment({**url, "NEARCREW_VAR": str(tmp_path), **variables})

    assert error.value.fields[0].field == named
