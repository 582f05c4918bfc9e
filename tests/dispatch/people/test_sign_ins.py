"""Everybody sees where they are signed in and can end it; administrators for others."""

import pytest

from dispatch.access.permissions import Actor
from dispatch.accounts.origins import Origin
from dispatch.accounts.types import SignIn
from dispatch.bootstrap import Services
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.people.agents import device_name
from tests.conftest import PASSWORD

pytestmark = pytest.mark.postgis
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


def test_sign_ins_are_listed_and_ended_one_by_one(
    services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """Of the address only the network is kept; the others go on."""
    sign_in = SignIn(username="dora", password=PASSWORD)
    at_desk = Origin("192.0.2.77", agent=FIREFOX)
    here = services.accounts.open_session_for(sign_in, at_desk)[1]
    there = services.accounts.open_session_for(sign_in, Origin("2001:db8:1:2::3"))[1]
    token = services.accounts.issue_token_for(sign_in, Origin("192.0.2.77"))["token"]

    mine = services.sign_ins.own(dispatcher, here)["sign_ins"]

    assert [(each["device"], each["address"], each["current"]) for each in mine] == [
        ("Firefox, Linux", "192.0.2.0/24", True),
        ("", "2001:db8:1::/48", False),
        ("", "192.0.2.0/24", False),
    ]
    assert services.sign_ins.of(administrator, "dora")["sign_ins"] == [
        {**each, "current": False} for each in mine
    ]
    services.sign_ins.end_own(dispatcher, mine[1]["id"])
    assert services.accounts.actor_for_session(there) is None
    services.sign_ins.end(administrator, "dora", mine[2]["id"])
    assert services.accounts.actor_for_token(token) is None
    assert services.accounts.actor_for_session(here) is not None
    assert services.sign_ins.end_others(dispatcher, here) == 0


def test_nobody_sees_or_ends_another_persons(
    services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """Not by number either."""
    services.accounts.open_session(administrator)
    services.accounts.open_session(dispatcher)
    (theirs,) = services.sign_ins.of(administrator, "ada")["sign_ins"]

    with pytest.raises(NotFound, match="no sign-in"):
        services.sign_ins.end_own(dispatcher, theirs["id"])
    with pytest.raises(NotFound, match="no sign-in"):
        services.sign_ins.end(administrator, "dora", theirs["id"])
    with pytest.raises(NotAllowed):
        services.sign_ins.of(dispatcher, "ada")
    assert len(services.sign_ins.of(administrator, "ada")["sign_ins"]) == 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0",
            "WeChat, Android",
        ),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        (None, ""),
    ],
)
def test_a_browser_is_known_by_its_name(agent: str | None, name: str) -> None:
    """Almost all of them claim to be others, too."""
    assert device_name(agent) == name
