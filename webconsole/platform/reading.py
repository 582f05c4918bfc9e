"""Reads request bodies and query strings into pydantic models, naming every field that is wrong.

Pydantic checks the shape here: types, finite numbers, ranges of coordinates, lengths, unknown
names. What the values *mean* (is the point on our ground, does the kind exist, may this state
follow that one) is the domain's to say, in the same words.
"""

from typing import Any
from typing import Never

from apiflask import APIBlueprint
from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from flask import request
from pydantic import BaseModel
from pydantic import RootModel
from pydantic import TypeAdapter
from pydantic import ValidationError
from typing_extensions import override
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.commands.command import Command
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import refused
from webconsole.platform.errors import ProblemError
from webconsole.platform.requests import Shape

_CSRF_FIELD = "csrf_token"
_KEY_HEADER = "Idempotency-Key"
_LONGEST_KEY = 200


class NamedFields(PydanticAdapter):
    """Validates straight from the bytes, strictly, and refuses in our own words.

    APIFlask's own adapter parses the JSON first and answers with pydantic's English.
    """

    @override
    def validate_input(self, request: Request, location: str, **kwargs: object) -> BaseModel:
        try:
            if issubclass(self.model_class, Command):
                if location == "form_and_files":
                    return self.model_class.read_form(form_fields(request))
                return self.model_class.read_json(json_body(request))
            if issubclass(self.model_class, Shape):
                return self.model_class.read(json_body(request))
            return self.model_class.model_validate(request.args.to_dict())
        except ValidationError as error:
            refuse(error)

    @override
    def get_openapi_schema(self, **kwargs: object) -> dict[str, Any]:
        template = f"#/components/schemas/{self.get_schema_name()}.{{model}}"
        if issubclass(self.model_class, RootModel):
            root = self.model_class.model_fields["root"].annotation
            return TypeAdapter(root).json_schema(ref_template=template)  # type: ignore[arg-type]  # a root model has a root
        return self.model_class.model_json_schema(ref_template=template)


def form_fields(request: Request) -> dict[str, str | bytes]:
    """Return the texts and files of a form by name, but for the token that our pages add."""
    fields: dict[str, str | bytes] = dict(request.form)
    fields.pop(_CSRF_FIELD, None)
    return fields | {name: file.stream.read() for name, file in request.files.items()}


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
        400 when it was not JSON at all.
    InvalidInput
        Otherwise, naming the fields.
    """
    details = error.errors(include_url=False, include_input=False)
    if details[0]["type"] == "json_invalid":
        reason = str(details[0].get("ctx", {}).get("error", ""))
        raise ProblemError(
            400, "malformed_json", N_("The body is not valid JSON: %(reason)s."), {"reason": reason}
        ) from None
    raise refused(error) from None


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


class Area(APIBlueprint):
    """A part of the API whose inputs are read as above.

    APIFlask looks the reader up when a view is decorated, so it must be known before the first
    one is; hence not in the application factory.
    """

    registry.register("pydantic", NamedFields)
