"""Holds every JSON answer that a test receives against the API's own description, in depth."""

import re
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from typing_extensions import override
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from webconsole.platform.problems import MIMETYPE

_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_OURS = 500
"""From here on it is our fault, which no operation promises."""


class DescribedClient(FlaskClient):
    """A client that believes no answer which the description does not foresee."""

    @override
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        if (answer.mimetype or "").endswith("json"):  # an answer of 304 has no type
            _check(self.application, answer)
        return answer


def _check(app: Flask, answer: TestResponse) -> None:
    schema = _schema_of(app, answer)
    if schema is None:
        return
    wrong = [
        f"{error.json_path}: {error.message}"
        for error in _validator(_Schema(schema)).iter_errors(answer.json)
    ]
    assert wrong == [], f"{_asked(answer)} is not as described: {'; '.join(wrong[:5])}"


def _schema_of(app: Flask, answer: TestResponse) -> dict[str, Any] | None:
    """Return the schema of an answer; None for what is no part of the API, such as catalogues."""
    operation = _operation(app, answer)
    if operation is None or answer.status_code >= _OURS:
        return _PROBLEM if answer.mimetype == MIMETYPE else None
    responses = operation["responses"]
    status = str(answer.status_code)
    assert status in responses, f"{_asked(answer)} may not answer {status}: {answer.text[:300]}"
    content = responses[status].get("content", {})
    assert answer.mimetype in content, f"{_asked(answer)}: {answer.mimetype} is not in {content}"
    schema: dict[str, Any] = content[answer.mimetype]["schema"]
    return schema


def _operation(app: Flask, answer: TestResponse) -> dict[str, Any] | None:
    request = answer.request
    try:
        rule, _ = app.url_map.bind("localhost").match(
            request.path, method=request.method, return_rule=True
        )
    except HTTPException:
        return None
    path = _ARGUMENT.sub(r"{\1}", rule.rule)
    operations = _description(app)["paths"].get(path, {})
    found: dict[str, Any] | None = operations.get(request.method.lower())
    return found


def _asked(answer: TestResponse) -> str:
    return f"{answer.request.method} {answer.request.path}"


_kept: list[dict[str, Any]] = []


def _description(app: Flask) -> dict[str, Any]:
    """Return the description; it is the same for every application that the tests make."""
    if not _kept:
        _kept.append(FlaskClient(app, TestResponse).get("/api/v1/openapi.json").get_json())
    return _kept[0]


class _Schema(dict[str, Any]):
    """A schema as the key of a cache: those of the description are never changed."""

    @override
    def __hash__(self) -> int:  # type: ignore[override]  # a dictionary is unhashable only because it may change
        return hash(str(self))


@cache
def _validator(schema: _Schema) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": _kept[0]["components"]})
