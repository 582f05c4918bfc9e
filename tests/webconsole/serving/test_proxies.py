"""Behind reverse proxies: whose word counts for where a request came from."""

from dataclasses import replace

import httpx
import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.settings import Settings
from tests.conftest import PASSWORD
from tests.webconsole.served_console import ANSWER_S
from tests.webconsole.served_console import serving
from webconsole import create_app

PROXY = "10.0.0.1"
ONE, OTHER = "203.0.113.7", "203.0.113.8"


def behind(services: Services, proxies: int) -> FlaskClient:
    """Return a client of a console that trusts this many proxies."""
    settings = services.settings.model_copy(update={"trusted_proxies": proxies})
    return create_app(services=replace(services, settings=settings)).test_client()


def sign_in(client: FlaskClient, forwarded_for: str, password: str, *, address: str = PROXY) -> int:
    """Try to sign in as the dispatcher, through the proxy unless another address is named."""
    return client.post(
        "/api/v1/login",
        json={"username": "dora", "password": password},
        headers={"X-Forwarded-For": forwarded_for},
        environ_overrides={"REMOTE_ADDR": address},
    ).status_code


def guess(client: FlaskClient, forwarded_for: str) -> None:
    """Try wrong passwords until it is too soon for another."""
    while sign_in(client, forwarded_for, "wrong") == 401:
        pass


def test_people_behind_a_trusted_proxy_have_addresses_of_their_own(
    services: Services, dispatcher: Actor
) -> None:
    """Where an account signed in before, others' wrong passwords do not matter."""
    del dispatcher
    client = behind(services, 1)
    assert sign_in(client, ONE, PASSWORD) == 200

    guess(client, OTHER)

    assert sign_in(client, OTHER, PASSWORD) == 429
    assert sign_in(client, ONE, PASSWORD) == 200


def test_what_was_before_the_trusted_proxies_is_hearsay(
    services: Services, dispatcher: Actor
) -> None:
    """A guesser may put any address in front, that of the dispatcher's desk too."""
    del dispatcher
    client = behind(services, 1)
    assert sign_in(client, ONE, PASSWORD) == 200

    guess(client, f"{ONE}, {OTHER}")

    assert sign_in(client, f"{ONE}, {OTHER}", PASSWORD) == 429


def test_without_trusted_proxies_nobody_chooses_an_address(
    services: Services, dispatcher: Actor
) -> None:
    """The header is anybody's to send."""
    del dispatcher
    client = behind(services, 0)
    assert sign_in(client, ONE, PASSWORD, address=ONE) == 200

    guess(client, ONE)

    assert sign_in(client, ONE, PASSWORD) == 429
    assert sign_in(client, OTHER, PASSWORD, address=ONE) == 200


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
