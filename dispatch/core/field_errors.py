"""What pydantic finds wrong with an input, as named fields with sentences of ours."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_core import PydanticCustomError

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput

_ANY_NUMBER = N_("must be a finite number")
_WHOLE_NUMBER = N_("must be a whole number")
_TRUTH = N_("must be true or false")
_OBJECT = N_("must be an object")
_REQUIRED = N_("is required")
_UNSTORABLE = N_("has characters that no text can hold")
_TIME = N_("must be a time such as 2026-01-31T08:15:00Z")
_SENTENCES: dict[str, str] = {
    "missing": _REQUIRED,
    "string_too_short": _REQUIRED,
    "bytes_too_short": _REQUIRED,
    "extra_forbidden": N_("is not a known field"),
    "string_type": N_("must be a text"),
    "string_too_long": N_("may have at most %(limit)s characters"),
    "string_unicode": _UNSTORABLE,
    "unstorable_text": _UNSTORABLE,
    "unusable_key": N_("must have 1 to %(most)s printable characters"),
    "float_type": _ANY_NUMBER,
    "float_parsing": _ANY_NUMBER,
    "finite_number": _ANY_NUMBER,
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "greater_than_equal": N_("must be at least %(ge)s"),
    "less_than_equal": N_("must be at most %(le)s"),
    "literal_error": N_("must be one of: %(choices)s"),
    "enum": N_("must be one of: %(choices)s"),
    "list_type": N_("must be a list"),
    "too_short": N_("must have at least %(min_length)s entries"),
    "too_long": N_("may have at most %(limit)s entries"),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "implausible_time": _TIME,
    "password_length": N_("must have %(least)s to %(most)s characters"),
    "timezone_aware": N_("must say its time zone, such as Z or +08:00"),
}
_RANGES = {
    "lon": N_("must be between -180 and 180 degrees; did you swap longitude and latitude?"),
    "lat": N_("must be between -90 and 90 degrees; did you swap longitude and latitude?"),
}
_RANGE_ERRORS = {"greater_than_equal", "less_than_equal"}
_OUR_NAMES = {"max_length": "limit", "expected": "choices"}


_OWN_WORDS = "own_words"


def in_own_words(sentence: str) -> PydanticCustomError:
    """Return what a validator raises to refuse a value with a sentence of its own."""
    return PydanticCustomError(_OWN_WORDS, sentence)


def field_errors(error: ValidationError, whole: str = "body") -> list[FieldError]:
    """Return every finding as a field with a sentence; ``whole`` names what is no object at all."""
    details = error.errors(include_url=False, include_input=False)
    return [field_error(each, whole) for each in details]


def field_error(detail: ErrorDetails, whole: str = "body") -> FieldError:
    """Return one finding as a named field with a sentence."""
    location = detail["loc"]
    name = ".".join(str(part) for part in location) or whole
    kind = detail["type"]
    last = str(location[-1]) if location else ""
    if kind in _RANGE_ERRORS and last in _RANGES:
        return FieldError(name, _RANGES[last])
    if kind.startswith(("datetime", "date_")):
        return FieldError(name, _TIME)
    if kind == _OWN_WORDS:
        return FieldError(name, detail["msg"])
    sentence = _SENTENCES.get(kind, N_("cannot be understood"))
    return FieldError(name, sentence, _plain(detail.get("ctx", {})))


def refused(error: ValidationError) -> InvalidInput:
    """Return the refusal of an input for everything that is wrong with it."""
    return InvalidInput(field_errors(error))


def _plain(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        _OUR_NAMES.get(name, name): _value(name, value)
        for name, value in context.items()
        if not isinstance(value, Exception)
    }


def _value(name: str, value: object) -> object:
    if name == "expected":  # pydantic lists choices in English: 'a', 'b' or 'c'
        return str(value).replace(" or ", ", ").replace("'", "")
    return f"{value:g}" if isinstance(value, float) else value
