"""Behind reverse proxies: whose word counts for where a request came from."""

from dataclasses import replace

import httpx
import pytest
from flask.testing import FlaskClient

from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.settings import Settings
from tests.webconsole.serving import ANSWER_S
from tests.webconsole.serving import serving
from webconsole import create_app

PROXY = "10.0.0.1"
ONE, OTHER = "203.0.113.7", "203.0.113.8"


def behind(services: Services, proxies: int) -> FlaskClient:
    """Return a client of a console that trusts this many proxies."""
    settings = services.settings.model_copy(update={"trusted_proxies": proxies})
    return create_app(services=replace(services, settings=settings)).test_client()


def guess(client: FlaskClient, forwarded_for: str) -> int:
    """Try a wrong password through the proxy."""
    return client.post(
        "/api/v1/login",
        json={"username": "dora", "password": "wrong"},
        headers={"X-Forwarded-For": forwarded_for},
        environ_overrides={"REMOTE_ADDR": PROXY},
    ).status_code


def test_people_behind_a_trusted_proxy_have_addresses_of_their_own(services: Services) -> None:
    """One person's wrong passwords lock out nobody else."""
    client = behind(services, 1)

    assert [guess(client, ONE) for _ in range(11)] == [401] * 10 + [429]
    assert guess(client, OTHER) == 401


def test_what_was_before_the_trusted_proxies_is_hearsay(services: Services) -> None:
    """A guesser may put a new address in front for each try."""
    client = behind(services, 1)

    assert [guess(client, f"198.51.100.{n}, {ONE}") for n in range(11)][-1] == 429


def test_without_trusted_proxies_nobody_chooses_an_address(services: Services) -> None:
    """The header is anybody's to send."""
    client = behind(services, 0)

    assert [guess(client, f"198.51.100.{n}") for n in range(11)][-1] == 429


@pytest.mark.parametrize(("proxies", "secure"), [(0, False), (1, True)])
def test_a_proxy_that_ends_https_makes_the_cookie_secure_when_trusted(
    services: Services, *, proxies: int, secure: bool
) -> None:
    """The scheme is what the browser spoke."""
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "nearcrew.example"}

    answer = behind(services, proxies).get("/sign-in", headers=headers)

    assert ("Secure" in answer.headers["Set-Cookie"]) is secure


@pytest.mark.real_time
def test_the_server_itself_believes_nobody_either(services: Services) -> None:
    """Gunicorn would otherwise take the scheme from whoever connects from this machine."""
    with serving(services.settings) as server:
        headers = {"X-Forwarded-Proto": "https"}
        answer = httpx.get(f"{server.url}/sign-in", headers=headers, timeout=ANSWER_S)

    assert "Secure" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("raw", ["-1", "11", "one"])
def test_a_number_of_proxies_that_cannot_be_is_refused(raw: str) -> None:
    """By the name of its variable."""
    with pytest.raises(InvalidInput) as refused:
        Settings.from_environment(
            {
                "DATABASE_URL": "postgresql://x",
                "NEARCREW_SECRET_KEY": "x",
                "NEARCREW_TRUSTED_PROXIES": raw,
            }
        )

    assert [each.field for each in refused.value.fields] == ["NEARCREW_TRUSTED_PROXIES"]
