"""What was filled into a form: read by the form's own version, and judged by its limits. Pure."""

import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.limits import LONGEST_TEXT
from dispatch.forms.numbers import LARGEST_NUMBER
from dispatch.forms.numbers import read_number
from dispatch.forms.states import FieldType
from dispatch.forms.states import LimitVerdict
from dispatch.forms.states import worst
from dispatch.forms.types import FormField

Value = float | bool | str
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_A_NUMBER = N_("must be a number, such as 12.5 or 12,5")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form was filled in with.

    Attributes
    ----------
    values
        By the field's code, without texts.
    words
        Texts that the crew wrote, which may name people and are erased with the incident's.
    verdicts
        Of the numbers.
    """

    values: dict[str, Value]
    words: dict[str, str]
    verdicts: dict[str, LimitVerdict]

    @property
    def verdict(self) -> LimitVerdict:
        """The worst of all."""
        return worst(list(self.verdicts.values()))


def read_values(fields: Sequence[FormField], given: Mapping[str, object]) -> Filled:
    """Return what was filled in, checked by the fields of the version that was on the screen.

    A blank field is one that was not filled in.

    Raises
    ------
    InvalidInput
        For each field that is wrong, as ``values.<code>``; on ``values`` if nothing was filled in.
    """
    known = {each.code for each in fields}
    errors = [
        FieldError(f"values.{code}", N_("is no field of this form"))
        for code in given
        if code not in known
    ]
    filled = Filled({}, {}, {})
    for field in fields:
        value = given.get(field.code)
        if value is None or (isinstance(value, str) and not value.strip()):
            if field.required:
                errors.append(FieldError(f"values.{field.code}", N_("is required")))
            continue
        try:
            _take(filled, field, value)
        except InvalidInput as error:
            errors += error.fields
    if errors:
        raise InvalidInput(errors)
    if not filled.values and not filled.words:
        raise InvalidInput.one("values", N_("nothing was filled in"))
    return filled


def judge(field: FormField, number: float) -> LimitVerdict:
    """Return whether a number is within its limits; on the limit itself it is beyond it."""
    if _beyond(number, field.alarm_low, field.alarm_high):
        return LimitVerdict.ALARM
    return (
        LimitVerdict.WARN if _beyond(number, field.warn_low, field.warn_high) else LimitVerdict.OK
    )


def _beyond(number: float, low: float | None, high: float | None) -> bool:
    return (low is not None and number <= low) or (high is not None and number >= high)


def _take(filled: Filled, field: FormField, value: object) -> None:
    read = _READERS[field.type](field, value)
    if field.type is FieldType.TEXT:
        filled.words[field.code] = str(read)
        return
    filled.values[field.code] = read
    if isinstance(read, float):
        filled.verdicts[field.code] = judge(field, read)


def _wrong(field: FormField, sentence: str, **params: object) -> InvalidInput:
    return InvalidInput([FieldError(f"values.{field.code}", sentence, params)])


def _number(field: FormField, value: object) -> float:
    number = read_number(value)
    if number is None:
        raise _wrong(field, _A_NUMBER)
    least = -LARGEST_NUMBER if field.least is None else field.least
    most = LARGEST_NUMBER if field.most is None else field.most
    if not least <= number <= most:
        message = N_("must be between %(least)s and %(most)s")
        raise _wrong(field, message, least=f"{least:g}", most=f"{most:g}")
    return number


def _choice(field: FormField, value: object) -> str:
    codes = [each.code for each in field.choices]
    if value not in codes:
        message = N_("must be one of: %(choices)s")
        raise _wrong(field, message, choices=", ".join(codes))
    return str(value)


def _yes_no(field: FormField, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(field, N_("must be yes or no"))
    return value


def _time(field: FormField, value: object) -> str:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise _wrong(field, N_("must be a time of day such as 14:05"))
    return value


def _text(field: FormField, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(field, N_("must be a text"))
    words = value.strip()
    if len(words) > LONGEST_TEXT:
        message = N_("may have at most %(limit)s characters")
        raise _wrong(field, message, limit=LONGEST_TEXT)
    if "\x00" in words or any("\ud800" <= letter <= "\udfff" for letter in words):
        raise _wrong(field, N_("has characters that no text can hold"))
    return words


_READERS: Mapping[FieldType, Callable[[FormField, object], Value]] = {
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.YES_NO: _yes_no,
    FieldType.TEXT: _text,
    FieldType.TIME: _time,
}
