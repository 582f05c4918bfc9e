"""Reads request bodies and query strings into pydantic models, naming every field that is wrong.

Pydantic checks the shape here: types, finite numbers, ranges of coordinates, lengths, unknown
names. What the values *mean* (is the point on our ground, does the kind exist, may this state
follow that one) is the domain's to say, in the same words.
"""

from collections.abc import Mapping
from typing import Any
from typing import Never

from apiflask import APIBlueprint
from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from flask import request
from pydantic import BaseModel
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import override
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from webconsole.platform.errors import ProblemError
from webconsole.platform.requests import Shape

_ANY_NUMBER = N_("must be a finite number")
_WHOLE_NUMBER = N_("must be a whole number")
_TRUTH = N_("must be true or false")
_OBJECT = N_("must be an object")
_UNSTORABLE = N_("has characters that no text can hold")
_TIME = N_("must be a time such as 2026-01-31T08:15:00Z")
_SENTENCES: dict[str, str] = {
    "missing": N_("is required"),
    "extra_forbidden": N_("is not a known field"),
    "string_type": N_("must be a text"),
    "string_too_long": N_("may have at most %(limit)s characters"),
    "string_unicode": _UNSTORABLE,
    "unstorable_text": _UNSTORABLE,
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
    "list_type": N_("must be a list"),
    "too_short": N_("must have at least %(min_length)s entries"),
    "too_long": N_("may have at most %(limit)s entries"),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "timezone_aware": N_("must say its time zone, such as Z or +08:00"),
}
_RANGES = {
    "lon": N_("must be between -180 and 180 degrees; did you swap longitude and latitude?"),
    "lat": N_("must be between -90 and 90 degrees; did you swap longitude and latitude?"),
}
_KEY_HEADER = "Idempotency-Key"
_LONGEST_KEY = 200
_RANGE_ERRORS = {"greater_than_equal", "less_than_equal"}


class NamedFields(PydanticAdapter):
    """Validates straight from the bytes, strictly, and refuses in our own words.

    APIFlask's own adapter parses the JSON first and answers with pydantic's English.
    """

    @override
    def validate_input(self, request: Request, location: str, **kwargs: object) -> BaseModel:
        try:
            if issubclass(self.model_class, Shape):
                return self.model_class.read(json_body(request))
            return self.model_class.model_validate(request.args.to_dict())
        except ValidationError as error:
            refuse(error)

    @override
    def get_openapi_schema(self, **kwargs: object) -> dict[str, Any]:
        return self.model_class.model_json_schema(
            ref_template=f"#/components/schemas/{self.get_schema_name()}.{{model}}"
        )


def json_body(request: Request) -> bytes:
    """Return the body of a request that should carry JSON; an absent body reads as ``{}``.

    Raises
    ------
    ProblemError
        415 when the body is declared to be something else.
    RequestEntityTooLarge
        When it is longer than we take.
    """
    body = request.get_data(cache=True)
    # A body sent in pieces declares no length; Werkzeug stops reading at the limit, and does not
    # say whether there was more.
    if len(body) == request.max_content_length and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge
    if not body:
        return b"{}"
    if not request.is_json:
        raise ProblemError(
            415,
            "unsupported_media_type",
            N_("Send JSON with the header Content-Type: application/json."),
        )
    return body


def refuse(error: ValidationError) -> Never:
    """Refuse a request for what pydantic found.

    Raises
    ------
    ProblemError
        400 when it was not JSON at all, else 422 naming the fields.
    """
    details = error.errors(include_url=False, include_input=False)
    if details[0]["type"] == "json_invalid":
        reason = str(details[0].get("ctx", {}).get("error", ""))
        raise ProblemError(
            400, "malformed_json", N_("The body is not valid JSON: %(reason)s."), {"reason": reason}
        ) from None
    fields = [field_error(each) for each in details]
    raise ProblemError(422, "invalid_input", N_("The input has errors."), fields=fields) from None


def field_error(detail: ErrorDetails) -> FieldError:
    """Return one of pydantic's findings as a named field with a sentence of ours."""
    location = detail["loc"]
    name = ".".join(str(part) for part in location) or "body"
    kind = detail["type"]
    last = str(location[-1]) if location else ""
    if kind in _RANGE_ERRORS and last in _RANGES:
        return FieldError(name, _RANGES[last])
    if kind.startswith(("datetime", "date_")):
        return FieldError(name, _TIME)
    sentence = _SENTENCES.get(kind, N_("cannot be understood"))
    return FieldError(name, sentence, _plain(detail.get("ctx", {})))


def lonlat(name: str, text: str) -> tuple[float, float]:
    """Read ``lon,lat`` out of a query string.

    Raises
    ------
    InvalidInput
        Naming the parameter.
    """
    parts = text.split(",")
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError:
        raise InvalidInput.one(name, N_("must be two numbers: lon,lat")) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004 — degrees of the globe
        raise InvalidInput.one(
            name, N_("must be lon,lat in degrees; did you swap longitude and latitude?")
        )
    return lon, lat


def idempotency_key() -> str | None:
    """Return the name that a repeatable request goes by; None when it has none.

    Raises
    ------
    InvalidInput
        If it is too long or cannot be printed.
    """
    key = request.headers.get(_KEY_HEADER)
    if key is not None and not (0 < len(key) <= _LONGEST_KEY and key.isprintable()):
        raise InvalidInput.one(_KEY_HEADER, N_("must have 1 to 200 printable characters"))
    return key


_OUR_NAMES = {"max_length": "limit", "expected": "choices"}


def _plain(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        _OUR_NAMES.get(name, name): f"{value:g}" if isinstance(value, float) else value
        for name, value in context.items()
        if not isinstance(value, Exception)
    }


class Area(APIBlueprint):
    """A part of the API whose inputs are read as above.

    APIFlask looks the reader up when a view is decorated, so it must be known before the first
    one is; hence not in the application factory.
    """

    registry.register("pydantic", NamedFields)
