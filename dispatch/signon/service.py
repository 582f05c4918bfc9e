"""From a provider's verified claims to an account that is signed in."""

import logging
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.accounts.account_adding import add_account
from dispatch.accounts.account_adding import refusing_doubles
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.origins import Origin
from dispatch.accounts.types import NewAccount
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.factors.attempt_types import Advance
from dispatch.factors.attempt_types import AttemptOver
from dispatch.factors.sign_in_steps import SignInSteps
from dispatch.people.account_changes import AccountChanges
from dispatch.people.types import ChangeRoles
from dispatch.roles.administrators import NO_PASSWORD
from dispatch.signon.claim_rules import Person
from dispatch.signon.claim_rules import SignOnRefused
from dispatch.signon.claim_rules import person_of
from dispatch.signon.models import SignOnIdentity
from dispatch.signon.models import SignOnInvitation
from dispatch.signon.providers import VARIABLE
from dispatch.signon.providers import Provider
from dispatch.units.models import OrganisationUnit

LOG = logging.getLogger(__name__)
_UNKNOWN = N_(
    "%(provider)s knows you as %(name)s, but no account here is yours. An administrator can invite"
    " you."
)
_TAKEN = N_(
    "There is an account named %(name)s already. An administrator can link it to %(provider)s."
)
_CLOSED = N_("Your account may not sign in here. Ask an administrator.")


class SignOnService:
    """Signs in whom a provider vouches for, and says who may.

    Parameters
    ----------
    providers
        Those of the settings.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        changes: AccountChanges,
        steps: SignInSteps,
        providers: Sequence[Provider],
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._changes = changes
        self._steps = steps
        self.providers = tuple(providers)

    def provider(self, provider_id: str) -> Provider:
        """Return a provider by its id.

        Raises
        ------
        NotFound
            If the settings name none.
        """
        for each in self.providers:
            if each.id == provider_id:
                return each
        raise NotFound.thing("provider", provider_id)

    def sign_in(self, provider_id: str, claims: Mapping[str, object], origin: Origin) -> Advance:
        """Sign in the person whom verified claims are about.

        Raises
        ------
        SignOnRefused
            If nobody here belongs to them, or the account is disabled.
        """
        provider = self.provider(provider_id)
        person = person_of(provider, claims)
        # Nobody is known yet; one account is looked for, by what only the provider could say.
        with within(EVERYTHING):
            account_id = self._account_of(provider, person)
            if account_id is None and provider.create:
                account_id = self._create(provider, person)
            if account_id is None:
                raise SignOnRefused(_UNKNOWN, {"provider": provider.name, "name": person.username})
            if provider.follow_roles:
                self._follow_roles(account_id, person)
        try:
            return self._steps.vouched_for(
                account_id, origin, proven=provider.second_factor == "provider"
            )
        except AttemptOver:
            raise SignOnRefused(_CLOSED) from None

    def _account_of(self, provider: Provider, person: Person) -> int | None:
        """Return the account that is linked, or was waiting for this person and is linked now."""
        now = self._clock()
        with self._work.writing() as session:
            identity = session.get(SignOnIdentity, (provider.issuer, person.subject))
            if identity is not None:
                identity.seen_at = now
                return identity.account_id
            # A user name may be given to somebody else one day: it counts once, the subject then.
            taken_up = delete(SignOnInvitation).where(
                SignOnInvitation.issuer == provider.issuer,
                SignOnInvitation.claimed_name == person.username,
            )
            account_id = session.scalar(taken_up.returning(SignOnInvitation.account_id))
            if account_id is not None:
                _link(session, provider, person, account_id, now)
            return account_id

    def _create(self, provider: Provider, person: Person) -> int | None:
        """Add an account without a password, linked to the person; None if no role is theirs."""
        if not person.roles:
            return None
        wanted = NewAccount(
            username=person.username,
            display_name=person.display_name,
            roles=tuple(sorted(person.roles)),
            unit_id=self._unit(person.unit_code),
        )
        now = self._clock()
        try:
            with refusing_doubles(wanted), self._work.writing() as session:
                account_id = add_account(session, now, SYSTEM, wanted, NO_PASSWORD)
                _link(session, provider, person, account_id, now)
        except Conflict:  # made by a click at the same moment, or somebody else's
            made = self._account_of(provider, person)
            if made is None:
                params = {"name": person.username, "provider": provider.name}
                raise SignOnRefused(_TAKEN, params) from None
            return made
        except InvalidInput as refused:
            LOG.warning("%s gives what there is not: %s", VARIABLE, refused)
            raise SignOnRefused(_CLOSED) from None
        return account_id

    def _unit(self, code: str | None) -> int | None:
        """Return the unit of a new account; None for the company that there is."""
        if code is None:
            return None
        query = select(OrganisationUnit.id).where(OrganisationUnit.code == code)
        with self._work.reading() as session:
            found = session.scalar(query)
        if found is None:
            LOG.warning("the file of %s names the unit %s, which there is not", VARIABLE, code)
            raise SignOnRefused(_CLOSED)
        return found

    def _follow_roles(self, account_id: int, person: Person) -> None:
        """Give the account the roles of the claim; without any, it may not sign in."""
        if not person.roles:
            raise SignOnRefused(_CLOSED)
        roles = select(AccountRole.role).where(AccountRole.account_id == account_id)
        with self._work.reading() as session:
            before = set(session.scalars(roles))
        if before == person.roles:
            return
        wanted = ChangeRoles(roles=tuple(sorted(person.roles)))
        try:
            self._changes.change_roles(SYSTEM, account_id, wanted)
        except Conflict:  # the last administrator stays one, whatever the provider says
            return


def _link(
    session: Session, provider: Provider, person: Person, account_id: int, now: datetime
) -> None:
    """Link an account to a person, once."""
    account = session.get_one(Account, account_id)
    values = {
        "issuer": provider.issuer,
        "subject": person.subject,
        "account_id": account_id,
        "linked_at": now,
        "seen_at": now,
    }
    linked = insert(SignOnIdentity).values(values).on_conflict_do_nothing()
    if session.scalar(linked.returning(SignOnIdentity.account_id)) is None:
        raise SignOnRefused(_CLOSED)  # it is another person's already
    data = {"account_id": account_id, "username": account.username, "provider": provider.id}
    events.append(session, EventKind.ACCOUNT_LINKED, SYSTEM, at=now, data=data)
