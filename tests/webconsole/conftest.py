"""A console on the test city, and people who come to it with a browser or a token."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from tests.conftest import PASSWORD
from tests.webconsole.described_answers import DescribedClient
from webconsole import create_app

TOKEN_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="session")
def only_app(only_services: Services) -> APIFlask:
    """Build the console once: a hundred routes are compiled, and every script is read.

    Its answers are held to its own description.
    """
    made = create_app(services=only_services)
    made.test_client_class = DescribedClient
    return made


@pytest.fixture
def app(only_app: APIFlask, services: Services) -> APIFlask:  # noqa: ARG001  (the same, made ready)
    """Return the console, to which nobody has sent a photo yet."""
    for limiter in only_app.extensions["limiter"]:
        limiter.reset()
    return only_app


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """Return somebody who is not signed in."""
    return app.test_client()


@dataclass(frozen=True, slots=True)
class Program:
    """A program with a bearer token."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, path: str, **options: Any) -> TestResponse:  # noqa: ANN401
        """Ask for something."""
        return self._open("GET", path, options)

    def post(self, path: str, body: object = None, **options: Any) -> TestResponse:  # noqa: ANN401
        """Post JSON, unless `data` says otherwise."""
        return self._open("POST", path, _with_body(body, options))

    def put(self, path: str, body: object) -> TestResponse:
        """Put JSON."""
        return self._open("PUT", path, {"json": body})

    def patch(self, path: str, body: object) -> TestResponse:
        """Patch with JSON."""
        return self._open("PATCH", path, {"json": body})

    def delete(self, path: str) -> TestResponse:
        """Delete something."""
        return self._open("DELETE", path, {})

    def _open(self, method: str, path: str, options: dict[str, Any]) -> TestResponse:
        headers = self.headers | options.pop("headers", {})
        return self.client.open(path, method=method, headers=headers, **options)


def _with_body(body: object, options: dict[str, Any]) -> dict[str, Any]:
    if body is not None:
        return {**options, "json": body}
    return {"content_type": "application/json", **options} if "data" in options else options


@pytest.fixture
def program(app: APIFlask, services: Services) -> Callable[[Actor], Program]:
    """Return a function that gives an actor's program a token."""

    def with_token(actor: Actor) -> Program:
        token = services.accounts.issue_token(actor)["token"]
        return Program(app.test_client(), {"Authorization": f"Bearer {token}"})

    return with_token


@pytest.fixture
def desk(program: Callable[[Actor], Program], dispatcher: Actor) -> Program:
    """Return the dispatcher's program."""
    return program(dispatcher)


@pytest.fixture
def browser(app: APIFlask) -> Callable[[str], FlaskClient]:
    """Return a function that signs somebody in as a person does, through the form."""

    def signed_in(username: str) -> FlaskClient:
        client = app.test_client()
        form = {"csrf_token": csrf_token(client), "username": username, "password": PASSWORD}
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 303
        return client

    return signed_in


def csrf_token(client: FlaskClient, path: str = "/sign-in") -> str:
    """Return the token in a page's first form."""
    found = TOKEN_FIELD.search(client.get(path).text)
    assert found is not None
    return found.group(1)


def told(answer: TestResponse) -> Any:  # noqa: ANN401
    """Return an answer's JSON."""
    return answer.json


def refused_fields(answer: TestResponse) -> dict[str, str]:
    """Return the messages of a refusal by field."""
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    return {each["field"]: each["message"] for each in told(answer)["errors"]}
