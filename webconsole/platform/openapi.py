"""The API's own description, OpenAPI 3.1, finished where APIFlask leaves off."""

from collections.abc import Iterator
from typing import Any

from apiflask import APIFlask
from pydantic import TypeAdapter

from webconsole.platform.answers import Problem
from webconsole.platform.problems import MIMETYPE
from webconsole.platform.route_rights import EXTENSION

PATH = "/api/v1/openapi.json"
_PREFIX = "#/components/schemas/"
OPEN: list[str | dict[str, list[str]]] = [{}]
"""The security of an operation that anybody may call, for `Area.doc`."""
METRICS: list[str | dict[str, list[str]]] = [{"metrics": []}, {}]
"""The security of `/metrics`: a token of its own, or none on this machine."""
_SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"session": []}]
_METHODS = ("get", "post", "put", "patch", "delete")
_DESCRIPTION = """Emergency-repair dispatch. Positions are WGS 84, longitude first; times are
ISO 8601 with a zone; distances are metres, durations seconds. Programs sign in at `/api/v1/login`
and send `Authorization: Bearer <token>`; pages use the session cookie and the header
`X-CSRF-Token`. Every refusal is `application/problem+json` with a stable `code`; wrong input names
its fields in `errors`."""
_PROBLEMS = {
    "400": "Malformed request",
    "401": "Not signed in",
    "403": "Not allowed",
    "404": "Not found",
    "409": "In conflict with how things stand",
    "413": "Larger than 1 MB (a photo: 10 MB)",
    "415": "Not JSON",
    "422": "Input with errors; `errors` names the fields",
    "429": "Too many attempts",
}


def install(app: APIFlask) -> None:
    """Describe the application."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=_DESCRIPTION,
        LICENSE={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        SECURITY_SCHEMES={
            "bearer": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "nearcrew_session"},
            "metrics": {
                "type": "http",
                "scheme": "bearer",
                "description": "the setting NEARCREW_METRICS_TOKEN",
            },
        },
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_SERVERS=False,
        AUTO_200_RESPONSE=False,
        AUTO_OPERATION_ID=True,
    )
    app.spec_callback = finished


def finished(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    """Return the description with shared schemas, security and the problems of every operation."""
    if isinstance(spec, str):  # YAML, which nobody has asked for
        return spec
    _share(spec)
    schemas: dict[str, Any] = spec["components"]["schemas"]
    described = TypeAdapter(Problem).json_schema(ref_template=_PREFIX + "{model}")
    schemas.update(described.pop("$defs", {}))
    schemas["Problem"] = described
    for path, method, operation in _operations(spec):
        _finish(path, method, operation, schemas)
    return spec


def _share(spec: dict[str, Any]) -> None:
    """Name nested shapes once: APIFlask registers ``Incidents.Incident`` beside ``Incident``."""
    schemas: dict[str, Any] = spec["components"]["schemas"]
    spec["components"]["schemas"] = {}
    for name in sorted(schemas, key=lambda each: each.count(".")):
        spec["components"]["schemas"].setdefault(name.rpartition(".")[2], schemas[name])
    _rename(spec)


def _rename(node: object) -> None:
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(_PREFIX):
            node["$ref"] = _PREFIX + target.removeprefix(_PREFIX).rpartition(".")[2]
        for child in node.values():
            _rename(child)
    elif isinstance(node, list):
        for child in node:
            _rename(child)


def _operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in spec["paths"].items():
        for method in _METHODS:
            if method in operations:
                yield path, method, operations[method]


def _finish(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    operation.setdefault("security", _SIGNED_IN)
    if "requestBody" in operation:
        operation["requestBody"]["required"] = _needs_something(operation["requestBody"], schemas)
    responses: dict[str, Any] = operation["responses"]
    refusals = {status for status in responses if status.startswith("4")}
    for status in sorted(refusals.union(_statuses(path, method, operation))):
        told = responses.get(status, {}).get("description") or _PROBLEMS[status]
        if status == "403" and EXTENSION in operation:
            told += f"; needs the permission {' or '.join(operation[EXTENSION])}"
        responses[status] = {
            "description": told,
            "content": {MIMETYPE: {"schema": {"$ref": _PREFIX + "Problem"}}},
        }


def _needs_something(body: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Tell whether a body must be sent: one without a required field may be left out."""
    (media,) = body["content"].values()
    return bool(schemas[media["schema"]["$ref"].removeprefix(_PREFIX)].get("required"))


def _statuses(path: str, method: str, operation: dict[str, Any]) -> set[str]:
    """Return the refusals that follow from what an operation takes; others stand at its route."""
    if not path.startswith("/api/"):
        return set()
    found = set() if operation["security"] == OPEN else {"401", "403"}
    if "{" in path:
        found.add("404")
    if operation["parameters"] or "requestBody" in operation:
        found.add("422")
    if "requestBody" in operation:
        found |= {"400", "413", "415"}
    if method != "get":
        found.add("400")  # a page's token may be missing or too old
    return found
