"""Programs carry tokens that can do less than their account, and never more."""

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.people.types import ChangeRoles
from dispatch.people.types import IssueToken
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
READS = IssueToken(name="Map portal", scopes=(Permission.CREW_READ,), valid_days=30)
DAY_S = 86_400.0


def may(services: Services, token: str) -> set[str] | None:
    """Return what whoever carries a token may do; None if it counts no more."""
    actor = services.accounts.actor_for_token(token)
    return None if actor is None else set(actor.permissions)


@pytest.mark.usefixtures("integration")
def test_a_token_may_do_what_its_scopes_and_its_account_allow_now(
    services: Services, administrator: Actor, clock: SettableClock
) -> None:
    """Shown once, listed without its secret, dead when it expires or the account is disabled."""
    narrow = services.tokens.issue(administrator, "tracker", READS)
    wide = services.tokens.issue(administrator, "tracker", IssueToken(name="Tracking"))
    clock.forward(120)

    assert may(services, narrow["token"]) == {"crew.read"}
    assert may(services, wide["token"]) == {"crew.read", "closure.read", "position.write_any"}
    listed = services.tokens.list(administrator)["tokens"]
    assert [(each["name"], each["scopes"], each["made_by"]) for each in listed] == [
        ("Map portal", ["crew.read"], "ada"),
        ("Tracking", None, "ada"),
    ]
    assert [each["used_at"] for each in listed] == [instant(clock())] * 2
    assert not [each for each in listed if narrow["token"] in str(each)]
    services.tokens.revoke(administrator, wide["id"])
    assert may(services, wide["token"]) is None
    clock.forward(30 * DAY_S)
    assert may(services, narrow["token"]) is None
    with pytest.raises(NotFound, match="no token"):
        services.tokens.revoke(administrator, wide["id"])


@pytest.mark.usefixtures("integration")
def test_scopes_cannot_name_what_the_account_may_not_do(
    services: Services, administrator: Actor
) -> None:
    """And what its roles lose, its tokens lose with them."""
    wanted = IssueToken(name="x", scopes=(Permission.INCIDENT_WRITE,))
    with pytest.raises(InvalidInput, match=r"scopes: .*incident\.write"):
        services.tokens.issue(administrator, "tracker", wanted)
    services.account_changes.change_roles(
        administrator, "tracker", ChangeRoles(roles=(Role.INTEGRATION, Role.PLANNER))
    )
    replays = IssueToken(name="x", scopes=(Permission.REPLAY_READ, Permission.CREW_READ))
    token = services.tokens.issue(administrator, "tracker", replays)["token"]

    assert may(services, token) == {"replay.read", "crew.read"}
    services.account_changes.disable(administrator, "tracker")
    assert may(services, token) is None


@pytest.mark.usefixtures("integration")
def test_a_token_makes_no_token_that_may_do_more_than_it(
    services: Services, administrator: Actor
) -> None:
    """Whoever finds an administrator's narrow token must not be able to widen it."""
    scopes = (Permission.TOKEN_WRITE, Permission.ACCOUNT_WRITE, Permission.CREW_READ)
    found = services.tokens.issue(administrator, "ada", IssueToken(name="x", scopes=scopes))
    carrier = services.accounts.actor_for_token(found["token"])
    assert carrier is not None

    for account, wanted in (
        ("ada", IssueToken(name="all")),
        ("tracker", IssueToken(name="more", scopes=(Permission.POSITION_WRITE_ANY,))),
    ):
        with pytest.raises(NotAllowed):
            services.tokens.issue(carrier, account, wanted)
    with pytest.raises(NotAllowed, match="may do more than yours"):
        services.invitations.reset(carrier, "ada")


def test_nobody_gets_a_token_that_acts_in_another_persons_name(
    services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """Only programs' accounts get theirs from others."""
    with pytest.raises(NotAllowed, match="program's account, or for one's own"):
        services.tokens.issue(administrator, "dora", READS)
    with pytest.raises(NotAllowed, match=r"token\.write"):
        services.tokens.issue(dispatcher, "dora", READS)
    assert services.tokens.issue(administrator, "ada", READS)["token"]
