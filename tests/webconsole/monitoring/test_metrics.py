"""The metrics: for whoever brings their token, or for this machine."""

import dataclasses
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.settings import Settings
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import told
from webconsole import create_app

TOKEN = "a token of sixteen letters or more"  # noqa: S105  (of an application in a test)
HERE, ELSEWHERE = "127.0.0.1", "192.0.2.7"


@pytest.fixture
def console(services: Services, settings: Settings) -> Callable[..., FlaskClient]:
    """Return a function that gives a client of a console with other settings."""

    def with_settings(**variables: str) -> FlaskClient:
        changed = Settings.from_environment(
            {
                "DATABASE_URL": settings.database_url,
                "NEARCREW_VAR": str(settings.var_dir),
                **variables,
            }
        )
        return create_app(services=dataclasses.replace(services, settings=changed)).test_client()

    return with_settings


def asks(client: FlaskClient, address: str, **headers: str) -> int:
    """Ask for the metrics from an address, and return the status."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    from_there = {"REMOTE_ADDR": address}
    return client.get("/metrics", headers=given, environ_overrides=from_there).status_code


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.3.2.1", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("192.0.2.7", 403),
        ("::ffff:192.0.2.7", 403),
        ("2001:db8::1", 403),
        ("", 403),
    ],
)
def test_without_a_token_they_are_for_this_machine_only(
    client: FlaskClient, address: str, status: int
) -> None:
    """They say how much goes on, and where."""
    assert asks(client, address) == status


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_was_forwarded_by_a_proxy_that_nobody_trusts_comes_from_anywhere(
    client: FlaskClient, header: str
) -> None:
    """The proxy on this machine would open them to its whole network."""
    assert client.get("/metrics", headers={header: HERE}).status_code == 403


def test_behind_a_trusted_proxy_its_word_counts(console: Callable[..., FlaskClient]) -> None:
    """It appends whom it heard from: what stands before that is the sender's own invention."""
    client = console(NEARCREW_TRUSTED_PROXIES="1")

    assert asks(client, HERE) == 200
    assert asks(client, HERE, X_Forwarded_For=HERE) == 200
    assert asks(client, HERE, X_Forwarded_For=f"{HERE}, {ELSEWHERE}") == 403


def test_with_a_token_they_are_for_whoever_brings_it(console: Callable[..., FlaskClient]) -> None:
    """From anywhere; and from here not without it."""
    client = console(NEARCREW_METRICS_TOKEN=TOKEN)

    assert asks(client, ELSEWHERE, Authorization=f"Bearer {TOKEN}") == 200
    assert asks(client, ELSEWHERE, Authorization=f"bearer  {TOKEN}") == 200
    for wrong in (f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer ä"):
        assert asks(client, HERE, Authorization=wrong) == 401
    refused = client.get("/metrics")
    assert (refused.status_code, told(refused)["code"]) == (401, "not_signed_in")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_of_a_person_opens_no_metrics(
    console: Callable[..., FlaskClient], program: Callable[[Actor], Program], administrator: Actor
) -> None:
    """The token of the metrics is in a monitor's configuration; theirs should be nowhere."""
    client = console(NEARCREW_METRICS_TOKEN=TOKEN)
    own = program(administrator).headers["Authorization"]

    assert asks(client, HERE, Authorization=own) == 401
