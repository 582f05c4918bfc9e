"""Single values from outside, the strangest ones included."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatch.core.fields import MAX_ID
from dispatch.core.fields import FieldReader

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(ANYTHING)
def test_no_value_breaks_a_reader(value: Any) -> None:  # noqa: ANN401  (anything at all)
    """Each is read, or refused by name; nothing else happens."""
    reader = FieldReader({"address": value, "lon": value, "lat": value, "at": value, "n": value})

    reader.lonlat(required=True)
    reader.text("address")
    reader.instant("at")
    whole = reader.whole("n", 0, MAX_ID)

    assert whole is None or whole == value
    assert {each.field for each in reader.errors} <= {"address", "lon", "lat", "at", "n"}


def test_whole_numbers_are_read_exactly() -> None:
    """2⁵³ + 1 has no double of its own."""
    reader = FieldReader({"n": 2**53 + 1, "most": MAX_ID, "beyond": 10**400})

    assert reader.whole("n", 0, MAX_ID) == 2**53 + 1
    assert reader.whole("most", 0, MAX_ID) == MAX_ID
    assert reader.whole("beyond", 0, MAX_ID) is None
    assert [each.field for each in reader.errors] == ["beyond"]


def test_times_near_the_end_of_the_calendar_are_refused() -> None:
    """A day more or less must still be a date."""
    reader = FieldReader({"from": "0001-01-01T00:00:00Z", "to": "9999-12-31T23:59:59Z"})

    assert reader.instant("from") is None
    assert reader.instant("to") is None
    assert len(reader.errors) == 2
