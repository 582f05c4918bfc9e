"""What may be filled into a form, and from where on a number is bad."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dispatch.core.errors import InvalidInput
from dispatch.forms.form_values import judge
from dispatch.forms.form_values import read_values
from dispatch.forms.numbers import LARGEST_NUMBER
from dispatch.forms.numbers import read_number
from dispatch.forms.states import FieldType
from dispatch.forms.states import LimitVerdict
from dispatch.forms.states import worst
from dispatch.forms.types import FieldChoice
from dispatch.forms.types import FormField
from dispatch.forms.types import UsedPart
from tests.shared_vectors import vectors

ORDER = ("least", "alarm_low", "warn_low", "warn_high", "alarm_high", "most")
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


def field(code: str = "lel", type_: FieldType = FieldType.NUMBER, /, **more: Any) -> FormField:  # noqa: ANN401  (fields of a command)
    """Return a field of a form."""
    said = {"code": code, "name_en": code, "name_zh": code, "type": type_, **more}
    return FormField.model_validate(said)


WHERE = (
    FieldChoice(code="indoors", name_en="Indoors", name_zh="室内"),
    FieldChoice(code="outdoors", name_en="Outdoors", name_zh="室外"),
)
GAS = [
    field(least=0, most=100, warn_high=10, alarm_high=20, required=True),
    field("where", FieldType.CHOICE, choices=WHERE),
    field("tight", FieldType.YES_NO),
    field("at", FieldType.TIME),
    field("remark", FieldType.TEXT),
]


def refused(given: dict[str, object]) -> set[str]:
    """Return the fields for which a filled form is refused."""
    with pytest.raises(InvalidInput) as error:
        read_values(GAS, given)
    return {each.field for each in error.value.fields}


@given(NUMBERS, st.sampled_from([".", ",", "，", "．"]))  # noqa: RUF001  (Chinese keyboards)
def test_a_comma_and_a_point_are_the_same(number: float, sign: str) -> None:
    """With whatever keyboard it was typed."""
    typed = f" {number:.3f} ".replace(".", sign)

    assert read_number(typed) == pytest.approx(round(number, 3), abs=1e-9)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_what_is_read_is_finite_and_of_use_or_nothing(value: object) -> None:
    """NaN, infinity, a billion billions and words are no numbers, in any spelling."""
    number = read_number(value)

    assert number is None or abs(number) <= LARGEST_NUMBER


@pytest.mark.parametrize(
    "typed", ["NaN", "inf", "-Infinity", "1e3", "1.234,5", "1,2,3", "", ",", "0x10", "1_000", True]
)
def test_what_could_mean_two_things_or_none_is_no_number(typed: object) -> None:
    """1.234,5 is one thousand to one reader and one to another."""
    assert read_number(typed) is None


def test_digits_of_full_width_and_a_long_minus_count() -> None:
    """As Chinese keyboards and copied texts have them."""
    typed = ["１２．５", "−3,5", "+7", ".5"]  # noqa: RUF001  (as typed)

    assert [read_number(each) for each in typed] == [12.5, -3.5, 7.0, 0.5]


@given(st.lists(NUMBERS, min_size=6, max_size=6, unique=True), NUMBERS)
def test_a_worse_number_is_never_judged_better(limits: list[float], number: float) -> None:
    """From the middle outwards: ok, warning, alarm; on a limit it is beyond it."""
    given_limits: dict[str, Any] = dict(zip(ORDER, sorted(limits), strict=True))
    made = field(**given_limits)
    _, alarm_low, warn_low, warn_high, alarm_high, _ = sorted(limits)

    expected = LimitVerdict.OK
    if number <= warn_low or number >= warn_high:
        expected = LimitVerdict.WARN
    if number <= alarm_low or number >= alarm_high:
        expected = LimitVerdict.ALARM

    assert judge(made, number) is expected


@given(st.permutations(range(6)))
def test_limits_that_do_not_rise_are_refused(places: list[int]) -> None:
    """Naming the one that is wrong."""
    limits: dict[str, Any] = dict(zip(ORDER, (float(each) for each in places), strict=True))
    if places == sorted(places):
        assert field(**limits).most == 5
        return

    with pytest.raises(ValidationError) as error:
        field(**limits)

    assert str(error.value.errors()[0]["loc"][0]) in ORDER


def test_a_gap_between_the_two_sides_is_needed() -> None:
    """Else no number would be good."""
    with pytest.raises(ValidationError, match="warn_high"):
        field(warn_low=5, warn_high=5)


def test_each_value_is_read_by_its_type() -> None:
    """Texts stand apart: they can name people."""
    filled = read_values(
        GAS,
        {"lel": "12,5", "where": "indoors", "tight": False, "at": "14:05", "remark": " by Ms Wu "},
    )

    assert filled.values == {"lel": 12.5, "where": "indoors", "tight": False, "at": "14:05"}
    assert filled.words == {"remark": "by Ms Wu"}
    assert filled.verdict is LimitVerdict.WARN


@pytest.mark.parametrize(
    ("given", "field_name"),
    [
        ({}, "values.lel"),
        ({"lel": " "}, "values.lel"),
        ({"lel": float("nan")}, "values.lel"),
        ({"lel": 10**400}, "values.lel"),
        ({"lel": 100.5}, "values.lel"),
        ({"lel": True}, "values.lel"),
        ({"lel": [1]}, "values.lel"),
        ({"lel": 1, "where": "moon"}, "values.where"),
        ({"lel": 1, "where": ["indoors"]}, "values.where"),
        ({"lel": 1, "tight": "yes"}, "values.tight"),
        ({"lel": 1, "at": "25:00"}, "values.at"),
        ({"lel": 1, "remark": "a\x00b"}, "values.remark"),
        ({"lel": 1, "remark": "x" * 4_001}, "values.remark"),
        ({"lel": 1, "colour": "red"}, "values.colour"),
    ],
)
def test_what_is_wrong_is_refused_by_the_fields_name(
    given: dict[str, object], field_name: str
) -> None:
    """And nothing else is."""
    assert refused(given) == {field_name}


def test_an_empty_form_is_no_measurement() -> None:
    """Even where nothing is required."""
    with pytest.raises(InvalidInput, match="values: nothing was filled in"):
        read_values([field()], {"lel": None})


@given(st.lists(st.sampled_from(LimitVerdict)))
def test_the_worst_verdict_stands_for_all(verdicts: list[LimitVerdict]) -> None:
    """In whichever order they come."""
    found = worst(verdicts)

    assert found is worst(verdicts[::-1])
    assert (found is LimitVerdict.ALARM) == (LimitVerdict.ALARM in verdicts)
    assert (found is LimitVerdict.OK) == (set(verdicts) <= {LimitVerdict.OK})


@pytest.mark.parametrize("quantity", [0, -1, "many", float("inf"), 1e7])
def test_a_quantity_is_more_than_nothing_and_less_than_a_mine(quantity: object) -> None:
    """With a comma as well as with a point."""
    assert UsedPart.model_validate({"code": "hose", "quantity": "2,5"}).quantity == 2.5
    with pytest.raises(ValidationError):
        UsedPart.model_validate({"code": "hose", "quantity": quantity})


def test_the_server_and_the_phone_read_and_judge_alike() -> None:
    """By the values that the script's own test reads."""
    held = vectors("measured_numbers")

    assert [read_number(typed) for typed, _ in held["numbers"]] == [
        number for _, number in held["numbers"]
    ]
    judged = [judge(field(**limits), number) for limits, number, _ in held["verdicts"]]
    assert judged == [verdict for _, _, verdict in held["verdicts"]]
