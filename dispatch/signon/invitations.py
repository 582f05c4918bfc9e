"""Who may sign in through a provider, and whose account is linked to whom."""

from collections import Counter

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.people.changing import AccountKey
from dispatch.people.changing import changing
from dispatch.signon.models import SignOnIdentity
from dispatch.signon.models import SignOnInvitation
from dispatch.signon.service import SignOnService
from dispatch.signon.types import InviteToSignOn
from dispatch.signon.types import ProvidersAnswer
from dispatch.signon.types import SignOnsAnswer


class SignOnInvitations:
    """Invites, unlinks and lists, on behalf of an administrator."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, sign_on: SignOnService) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._sign_on = sign_on

    def invite(self, actor: Actor, key: AccountKey, wanted: InviteToSignOn) -> None:
        """Let an account be that of the person whom a provider knows by a user name.

        Raises
        ------
        NotFound
            If there is no such account or provider.
        NotAllowed
            If the account may do more than the actor.
        Conflict
            ``name_taken``, if another account waits for that person.
        """
        provider = self._sign_on.provider(wanted.provider)
        try:
            with changing(self._work, self._clock, actor, key) as change:
                session, account = change.session, change.account
                mine = (
                    SignOnInvitation.issuer == provider.issuer,
                    SignOnInvitation.account_id == account.id,
                )
                session.execute(delete(SignOnInvitation).where(*mine))
                session.add(
                    SignOnInvitation(
                        issuer=provider.issuer,
                        claimed_name=wanted.claimed_name,
                        account_id=account.id,
                        invited_at=change.now,
                        invited_by=actor.display_name,
                    )
                )
                kind = EventKind.ACCOUNT_INVITED_BY_PROVIDER
                change.append(kind, actor, {"provider": provider.id})
        except IntegrityError as error:
            message = N_("Another account waits for %(name)s.")
            raise Conflict("name_taken", message, {"name": wanted.claimed_name}) from error

    def unlink(self, actor: Actor, key: AccountKey, provider_id: str) -> None:
        """Forget that an account belongs to a person at a provider, and any invitation.

        What was begun by it ends with it.
        """
        provider = self._sign_on.provider(provider_id)
        with changing(self._work, self._clock, actor, key) as change:
            for table in (SignOnIdentity, SignOnInvitation):
                change.session.execute(
                    delete(table).where(
                        table.issuer == provider.issuer, table.account_id == change.account.id
                    )
                )
            change.end_sign_ins()
            change.append(EventKind.ACCOUNT_UNLINKED, actor, {"provider": provider.id})

    def list(self, actor: Actor) -> SignOnsAnswer:
        """Return which accounts are linked, and which wait for their first sign-on."""
        actor.require(Permission.ACCOUNT_READ)
        names = {each.issuer: each.id for each in self._sign_on.providers}
        linked = select(SignOnIdentity, Account).join(
            Account, Account.id == SignOnIdentity.account_id
        )
        waiting = select(SignOnInvitation, Account).join(
            Account, Account.id == SignOnInvitation.account_id
        )
        answer: SignOnsAnswer = {"sign_ons": []}
        with self._work.reading() as session:
            for identity, account in session.execute(linked):
                answer["sign_ons"].append(
                    {
                        "account_id": account.id,
                        "username": account.username,
                        "display_name": account.display_name,
                        "provider": names.get(identity.issuer, identity.issuer),
                        "claimed_name": None,
                        "linked_at": instant(identity.linked_at),
                        "seen_at": instant(identity.seen_at),
                    }
                )
            for invitation, account in session.execute(waiting):
                answer["sign_ons"].append(
                    {
                        "account_id": account.id,
                        "username": account.username,
                        "display_name": account.display_name,
                        "provider": names.get(invitation.issuer, invitation.issuer),
                        "claimed_name": invitation.claimed_name,
                        "linked_at": None,
                        "seen_at": None,
                    }
                )
        answer["sign_ons"].sort(key=lambda each: (each["username"], each["provider"]))
        return answer

    def providers(self, actor: Actor) -> ProvidersAnswer:
        """Return the providers that are configured, and how many accounts each has."""
        sign_ons = self.list(actor)["sign_ons"]
        linked = Counter(each["provider"] for each in sign_ons if each["claimed_name"] is None)
        waiting = Counter(each["provider"] for each in sign_ons if each["claimed_name"] is not None)
        return {
            "providers": [
                {
                    "id": each.id,
                    "name": each.name,
                    "issuer": each.issuer,
                    "client_id": each.client_id,
                    "create": each.create,
                    "follow_roles": each.follow_roles,
                    "roles": dict(each.roles),
                    "second_factor": each.second_factor,
                    "linked": linked[each.id],
                    "waiting": waiting[each.id],
                }
                for each in self._sign_on.providers
            ]
        }
