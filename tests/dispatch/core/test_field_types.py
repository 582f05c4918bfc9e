"""The types of fields: the strangest values included, each is read or refused in our own words."""

import math
from datetime import UTC
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pydantic import ValidationError

from dispatch.core import field_types
from dispatch.core import limits
from dispatch.core.field_errors import field_errors

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
TYPES = ("Id", "Version", "Lon", "RadiusM", "Name", "RequiredName", "Priority", "Key", "Instant")
READERS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(getattr(field_types, name))
    for name in (*TYPES, "Lat", "Finite", "Skill", "Phone", "Address", "Reason", "LongText")
}


def read(name: str, value: object) -> object:
    """Return a Python value as a field of that type, read as strictly as commands are."""
    return READERS[name].validate_python(value, strict=True)


def refusal(name: str, value: object) -> str:
    """Return why a value is refused; nothing else may happen to it."""
    with pytest.raises(ValidationError) as error:
        read(name, value)
    (only,) = field_errors(error.value)
    return only.message()


@given(ANYTHING, st.sampled_from(TYPES))
def test_no_value_breaks_a_field(value: object, name: str) -> None:
    """Each is read, or refused in words that we chose."""
    try:
        read(name, value)
    except ValidationError as error:
        said = [each.message() for each in field_errors(error)]
        assert said
        assert "cannot be understood" not in said


@pytest.mark.parametrize("text", ["0.5", "12", "-5", ".5", "1767168900", "20260131T081500Z"])
def test_a_number_is_no_time_however_it_is_written(text: str) -> None:
    """Half a second after 1970 began is what a query string `?to=0.5` would otherwise mean."""
    for strict in (True, False):
        with pytest.raises(ValidationError) as error:
            READERS["Instant"].validate_json(f'"{text}"', strict=strict)
        (only,) = field_errors(error.value)
        assert only.message() == "must be a time such as 2026-01-31T08:15:00Z"


def test_whole_numbers_are_read_exactly() -> None:
    """2⁵³ + 1 has no double of its own."""
    assert read("Id", 2**53 + 1) == 2**53 + 1
    assert read("Id", limits.LARGEST_ID) == 2**63 - 1
    assert refusal("Id", 2**63) == f"must be at most {2**63 - 1}"
    assert refusal("Id", 10**400) == f"must be at most {2**63 - 1}"


@pytest.mark.parametrize("value", [True, 2.5, "7", None])
def test_only_whole_numbers_are_whole_numbers(value: object) -> None:
    """Types are not guessed."""
    assert refusal("Priority", value) == "must be a whole number"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "7.4", True, None])
def test_only_finite_numbers_are_numbers(value: object) -> None:
    """NaN is not between any two bounds."""
    assert refusal("Lon", value) == "must be a finite number"


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("Lon", -180, 180),
        ("Lat", -90, 90),
        ("RadiusM", 100, 100_000),
        ("Priority", 1, 4),
        ("Version", 0, 2**31 - 1),
    ],
)
def test_a_range_includes_its_ends(name: str, least: int, most: int) -> None:
    """And nothing beyond them."""
    assert (read(name, least), read(name, most)) == (least, most)
    assert refusal(name, least - 1) == f"must be at least {least}"
    assert refusal(name, most + 1) == f"must be at most {most}"


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("Name", 100),
        ("RequiredName", 100),
        ("Skill", 40),
        ("Phone", 40),
        ("Address", 300),
        ("Reason", 1000),
        ("LongText", 4000),
    ],
)
def test_a_text_has_a_limit_in_characters_and_only_what_can_be_stored(
    name: str, limit: int
) -> None:
    """PostgreSQL holds neither NUL nor half a surrogate pair."""
    assert read(name, "界" * limit) == "界" * limit
    assert refusal(name, "界" * (limit + 1)) == f"may have at most {limit} characters"
    assert refusal(name, "a\x00b") == "has characters that no text can hold"
    assert refusal(name, "a\ud800b") == "has characters that no text can hold"
    assert refusal(name, 7) == "must be a text"


def test_texts_lose_the_blanks_around_them_and_a_required_one_needs_more_than_blanks() -> None:
    """A name of three blanks is none."""
    assert read("Name", "  East 1 ") == "East 1"
    assert read("Name", "   ") == ""
    assert refusal("RequiredName", "   ") == "is required"


def test_a_time_is_read_with_its_zone_and_kept_in_utc() -> None:
    """08:15 in Beijing is 00:15 in UTC."""
    actual = READERS["Instant"].validate_json('"2026-01-31T08:15:00+08:00"', strict=True)

    assert (actual, actual.tzinfo) == (datetime(2026, 1, 31, 0, 15, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("2026-01-31T08:15:00", "must say its time zone, such as Z or +08:00"),
        ("yesterday", "must be a time such as 2026-01-31T08:15:00Z"),
        ("0001-01-01T00:00:00Z", "must be a time such as 2026-01-31T08:15:00Z"),
        ("9999-12-31T23:59:59Z", "must be a time such as 2026-01-31T08:15:00Z"),
    ],
)
def test_a_time_without_a_zone_or_at_the_end_of_the_calendar_is_refused(
    said: str, why: str
) -> None:
    """A day more or less must still be a date."""
    with pytest.raises(ValidationError) as error:
        READERS["Instant"].validate_json(f'"{said}"', strict=True)

    assert [each.message() for each in field_errors(error.value)] == [why]
