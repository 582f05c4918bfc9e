"""Reads request bodies and query strings into pydantic models, naming every field that is wrong.

Pydantic checks the shape here: types, finite numbers, ranges of coordinates, lengths, unknown
names. What the values *mean* (is the point on our ground, does the kind exist, may this state
follow that one) is the domain's to say, in the same words.
"""

from typing import Any
from typing import Never

from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from pydantic import BaseModel
from pydantic import RootModel
from pydantic import TypeAdapter
from pydantic import ValidationError
from typing_extensions import override
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.core.errors import N_
from dispatch.core.field_errors import refused
from dispatch.writes.command import Command
from webconsole.platform.answers import shown_name
from webconsole.platform.errors import ProblemError
from webconsole.platform.route_rights import RightsFirst

_CSRF_FIELD = "csrf_token"


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
            if location == "headers":
                return self.model_class.model_validate(_headers(request, self.model_class))
            return self.model_class.model_validate(request.args.to_dict())
        except ValidationError as error:
            refuse(error)

    @override
    def get_openapi_schema(self, **kwargs: object) -> dict[str, Any]:
        template = f"#/components/schemas/{self.get_schema_name()}.{{model}}"
        if issubclass(self.model_class, RootModel):
            root: Any = self.model_class.model_fields["root"].annotation
            named: dict[str, Any] = _with_shown_names(
                TypeAdapter(root).json_schema(ref_template=template)
            )
            return named
        return self.model_class.model_json_schema(ref_template=template)


def _with_shown_names(node: Any) -> Any:  # noqa: ANN401  (any part of a schema)
    """Return an answer's schema with the answers inside it named as they are on their own."""
    if isinstance(node, list):
        return [_with_shown_names(each) for each in node]
    if not isinstance(node, dict):
        return node
    shown = {name: _with_shown_names(each) for name, each in node.items()}
    if isinstance(shown.get("$ref"), str):
        shown["$ref"] = shown_name(shown["$ref"])
    if "$defs" in shown:
        shown["$defs"] = {shown_name(name): each for name, each in shown["$defs"].items()}
    return shown


def _headers(request: Request, model: type[BaseModel]) -> dict[str, str]:
    """Return those headers that a model reads, by their names there."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    return {name: request.headers[name] for name in names if name in request.headers}


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


class Area(RightsFirst):
    """A part of the API whose routes say what they need, and whose inputs are read as above.

    APIFlask looks the reader up when a view is decorated, so it must be known before the first
    one is; hence not in the application factory.
    """

    registry.register("pydantic", NamedFields)
