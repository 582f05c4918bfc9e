"""People choose their password by a link that expires, counts once and ends with any change."""

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.people.types import ChoosePassword
from dispatch.people.types import InviteAccount
from dispatch.people.types import LinkAnswer
from tests.conftest import PASSWORD
from tests.conftest import SettableClock
from tests.dispatch.accounts.conftest import Try
from tests.dispatch.people.test_account_changes import CHANGES
from tests.dispatch.people.test_account_changes import signed_in_twice
from tests.looking import looking

pytestmark = pytest.mark.postgis
CHOSEN = ChoosePassword(password="chosen by its owner")  # noqa: S106
DAY_S = 86_400.0


def invite(services: Services, actor: Actor, username: str = "dora") -> LinkAnswer:
    """Invite a dispatcher."""
    return services.invitations.invite(
        actor, InviteAccount(username=username, roles=(Role.DISPATCHER,), display_name="Dora")
    )


def secret(link: LinkAnswer) -> str:
    """Return the secret of a link that is shown."""
    assert link["secret"] is not None
    return link["secret"]


def test_whoever_is_invited_chooses_the_password_once(
    services: Services, sign_in: Try, administrator: Actor
) -> None:
    """Until then nobody signs in, whatever they try; the secret is stored nowhere."""
    link = invite(services, administrator)

    before = [sign_in("dora", each) for each in ("", PASSWORD)]
    seen = services.invitations.look(secret(link))
    services.invitations.choose(secret(link), CHOSEN)

    assert before == ["wrong", "wrong"]
    assert seen == {"username": "dora", "display_name": "Dora", "purpose": "invite"}
    assert sign_in("dora", CHOSEN.password) == "in"
    with pytest.raises(NotFound, match="expired, or it was used"):
        services.invitations.choose(secret(link), CHOSEN)
    with looking(services.engine) as connection:
        kinds = connection.scalars(
            text("SELECT kind FROM event WHERE data ->> 'username' = 'dora' ORDER BY id")
        )
        assert list(kinds) == ["account.added", "account.invited", "account.joined"]
        stored = connection.scalar(text("SELECT string_agg(data::text, '') FROM event"))
        assert secret(link) not in str(stored)


def test_a_link_expires_and_a_new_one_ends_the_one_before(
    services: Services, administrator: Actor, clock: SettableClock
) -> None:
    """A week for an invitation."""
    first = invite(services, administrator)
    second = services.invitations.again(administrator, "dora")

    with pytest.raises(NotFound):
        services.invitations.look(secret(first))
    clock.forward(7 * DAY_S - 1)
    assert services.invitations.look(secret(second))["username"] == "dora"
    clock.forward(1)
    with pytest.raises(NotFound):
        services.invitations.choose(secret(second), CHOSEN)


def test_a_reset_password_is_void_at_once(
    services: Services, sign_in: Try, administrator: Actor, dispatcher: Actor
) -> None:
    """And so is whatever was signed in with it."""
    good = signed_in_twice(services, dispatcher)

    link = services.invitations.reset(administrator, "dora")

    assert good() == [False, False]
    assert sign_in("dora") == "wrong"
    with pytest.raises(Conflict, match="ada is the last administrator"):
        services.invitations.reset(administrator, "ada")
    services.invitations.choose(secret(link), CHOSEN)
    assert sign_in("dora", CHOSEN.password) == "in"
    with pytest.raises(Conflict, match="has a password"):
        services.invitations.again(administrator, "dora")


@pytest.mark.parametrize("change", ["disable", "password"])
def test_a_link_ends_with_what_it_was_made_for(
    services: Services, administrator: Actor, change: str
) -> None:
    """An account that was disabled must not come back by an old mail."""
    link = invite(services, administrator)

    CHANGES[change](services, administrator)

    with pytest.raises(NotFound):
        services.invitations.choose(secret(link), CHOSEN)


def test_only_who_may_change_accounts_makes_links(services: Services, dispatcher: Actor) -> None:
    """A link is as good as a password."""
    with pytest.raises(NotAllowed):
        invite(services, dispatcher, "eve")
    with pytest.raises(NotAllowed):
        services.invitations.reset(dispatcher, "dora")
    with pytest.raises(Conflict, match="already an account named dora"):
        invite(services, Actor(None, "ada", "ada", frozenset({Role.ADMINISTRATOR})))
