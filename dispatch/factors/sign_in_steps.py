"""From a right password to a session: the second factor, setting one up, a new password.

Each step ends the attempt and opens what comes next (another attempt, or the session) in one
transaction, so that an attempt, a code or a key's answer that is sent twice counts once. Nothing
but the attempt's secret says who is asking, and it can do nothing else.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.accounts.attempts import ATTEMPT
from dispatch.accounts.attempts import PROVEN
from dispatch.accounts.attempts import SignInIncomplete
from dispatch.accounts.digests import digest
from dispatch.accounts.models import Account
from dispatch.accounts.models import Credential
from dispatch.accounts.models import KnownOrigin
from dispatch.accounts.origins import Origin
from dispatch.accounts.service import SESSION
from dispatch.accounts.service import TOKEN
from dispatch.accounts.service import AccountService
from dispatch.accounts.sign_in_limits import Counted
from dispatch.accounts.sign_in_limits import SignInLimits
from dispatch.accounts.states import SignInStep
from dispatch.accounts.types import SignIn
from dispatch.accounts.types import TokenAnswer
from dispatch.core.errors import N_
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.factors import factor_rows
from dispatch.factors import security_keys
from dispatch.factors.attempt_types import Advance
from dispatch.factors.attempt_types import AttemptOver
from dispatch.factors.attempt_types import Waiting
from dispatch.factors.attempt_types import WrongCode
from dispatch.factors.enrolment import Enrolment
from dispatch.factors.sealing import Sealing
from dispatch.factors.security_keys import Site
from dispatch.factors.states import next_step
from dispatch.factors.typed_codes import TypedCodes
from dispatch.factors.types import AddSecurityKey

Proof = Callable[[Session, Actor, datetime], tuple[str, ...]]
"""Does what a step is about, in its transaction; returns fresh recovery codes, if there are any."""


class SignInSteps:
    """The steps between password and session."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        accounts: AccountService,
        sealing: Sealing,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._accounts = accounts
        self._limits = SignInLimits(unit_of_work, clock)
        self._codes = TypedCodes(sealing)
        self._enrolment = Enrolment(sealing)

    def waiting(self, secret: str) -> Waiting:
        """Return what an attempt waits for.

        Raises
        ------
        AttemptOver
            If there is no such attempt any more.
        """
        actor, proven = self._attempt(secret)
        with within(actor.scope), self._work.reading() as session:
            standing = factor_rows.standing_of(session, actor, self._clock(), proven=proven)
            step = next_step(standing)
            if step is None:  # the administrator has changed what is demanded: begin again
                raise AttemptOver
            app, key = factor_rows.kinds_of_factors(session, actor)
            codes = factor_rows.unused_recovery_codes(session, actor.account_id)
        return Waiting(actor, step, app, key, codes > 0, standing.may_put_off)

    def token_for(self, sign_in: SignIn, origin: Origin) -> TokenAnswer:
        """Return a bearer token for a program that has a password and, if need be, a code.

        Raises
        ------
        SignInIncomplete
            If a code is needed and none is given, or something that only a page can do.
        WrongCode
            If the code does not hold; the password did.
        """
        try:
            return self._accounts.issue_token_for(sign_in, origin)
        except SignInIncomplete as incomplete:
            if incomplete.step is not SignInStep.VERIFY or sign_in.code is None:
                raise
            came = self.prove_by_code(incomplete.secret, sign_in.code, origin, kind=TOKEN)
        if came.step is not None:
            raise SignInIncomplete(came.actor, came.secret, came.step)
        return {"token": came.secret, "expires_at": instant(came.expires_at)}

    def prove_by_code(
        self, secret: str, code: str, origin: Origin, *, kind: str = SESSION
    ) -> Advance:
        """Go on with a code of the authenticator app, or a recovery code.

        Raises
        ------
        AttemptOver
            If there is no such attempt any more.
        WrongCode
            If the code is wrong, or was taken before.
        TryLater
            If it comes too soon after wrong ones.
        """
        actor = self._waits_for(secret, SignInStep.VERIFY)
        counted = self._count(actor, origin)

        def proof(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
            self._codes.take(session, actor, code, now)
            self._limits.take_back(session, counted)
            return ()

        return self._advance(secret, SignInStep.VERIFY, origin, proof, kind)

    def key_options(self, secret: str, site: Site) -> str | None:
        """Return what the browser has a security key sign; None if the account has no keys."""
        actor = self._waits_for(secret, SignInStep.VERIFY)
        with within(actor.scope), self._work.writing() as session:
            return security_keys.authentication_options(
                session, actor, site, self._clock(), bound_to=digest(secret)
            )

    def prove_by_key(self, secret: str, credential: str, site: Site, origin: Origin) -> Advance:
        """Go on with what a security key has signed, with the refusals of `prove_by_code`."""

        def proof(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
            signed = security_keys.is_signed(
                session, actor, site, now, bound_to=digest(secret), credential=credential
            )
            if not signed:
                raise WrongCode(N_("The security key's answer does not hold. Try again."))
            return ()

        return self._advance(secret, SignInStep.VERIFY, origin, proof)

    def app_to_set_up(self, secret: str) -> str:
        """Return the address that an authenticator app reads; it waits for its first code."""
        actor = self._waits_for(secret, SignInStep.ENROL)
        with within(actor.scope), self._work.writing() as session:
            factor_rows.hold_account(session, actor)
            return self._enrolment.begin(session, actor, self._clock())

    def confirm_app(self, secret: str, code: str, origin: Origin) -> Advance:
        """Take the first code of an app that is set up, and go on.

        Raises
        ------
        InvalidInput
            On ``code``, if it is wrong.
        """

        def proof(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
            return self._enrolment.confirm(session, actor, code, now)

        return self._advance(secret, SignInStep.ENROL, origin, proof)

    def key_to_set_up(self, secret: str, site: Site) -> str:
        """Return what the browser is told to set a security key up."""
        actor = self._waits_for(secret, SignInStep.ENROL)
        with within(actor.scope), self._work.writing() as session:
            return security_keys.registration_options(
                session, actor, site, self._clock(), bound_to=digest(secret)
            )

    def confirm_key(
        self, secret: str, wanted: AddSecurityKey, site: Site, origin: Origin
    ) -> Advance:
        """Store a new security key, and go on."""

        def proof(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
            return self._enrolment.add_key(
                session, actor, site, now, bound_to=digest(secret), wanted=wanted
            )

        return self._advance(secret, SignInStep.ENROL, origin, proof)

    def put_off(self, secret: str, origin: Origin) -> Advance:
        """Go on without a second factor, as long as that is allowed."""

        def proof(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
            if not factor_rows.standing_of(session, actor, now, proven=False).may_put_off:
                raise AttemptOver
            return ()

        return self._advance(secret, SignInStep.ENROL, origin, proof)

    def choose_password(self, secret: str, password_hash: str, origin: Origin) -> Advance:
        """Replace the password that an administrator knows, and go on."""

        def proof(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
            session.execute(
                update(Account)
                .where(Account.id == actor.account_id)
                .values(password_hash=password_hash, must_change_password=False)
            )
            data = {"account_id": actor.account_id, "username": actor.username, "own": True}
            events.append(session, EventKind.ACCOUNT_PASSWORD_CHANGED, actor, at=now, data=data)
            return ()

        return self._advance(secret, SignInStep.CHANGE_PASSWORD, origin, proof)

    def vouched_for(self, account_id: int, origin: Origin, *, proven: bool) -> Advance:
        """Sign in somebody without a password here: a provider vouches for them.

        Parameters
        ----------
        proven
            Whether the provider sees to second factors; otherwise ours are asked for.

        Raises
        ------
        AttemptOver
            If the account may not sign in.
        """
        with within(EVERYTHING), self._work.writing() as session:  # nobody is known yet
            secret, expires_at = self._accounts.open_within(session, account_id, ATTEMPT, None)
        actor, _ = self._attempt(secret)
        now = self._clock()
        with within(actor.scope), self._work.writing() as session:
            if not factor_rows.hold_account(session, actor):
                raise AttemptOver
            step = self._step(session, actor, now, proven=False)
            # A password that they do not use need not be changed.
            if not proven and step in {SignInStep.VERIFY, SignInStep.ENROL}:
                return Advance(actor, secret, step, expires_at)
            session.execute(delete(Credential).where(Credential.secret_hash == digest(secret)))
            opened, expires_at = self._accounts.open_within(session, account_id, SESSION, origin)
        return Advance(actor, opened, None, expires_at)

    def _attempt(self, secret: str) -> tuple[Actor, bool]:
        found = self._accounts.actor_for_attempt(secret)
        if found is None:
            raise AttemptOver
        return found

    def _waits_for(self, secret: str, step: SignInStep) -> Actor:
        """Return whose attempt it is, if this is its next step; it is looked at again later."""
        waiting = self.waiting(secret)
        if waiting.step is not step:
            raise AttemptOver
        return waiting.actor

    def _count(self, actor: Actor, origin: Origin) -> list[Counted]:
        query = select(KnownOrigin.origin).where(
            KnownOrigin.account_id == actor.account_id, KnownOrigin.origin.in_(origin.digests)
        )
        with within(actor.scope), self._work.reading() as session:
            known = session.scalars(query).all()
        return self._limits.count_code(actor.account_id or 0, origin, known)

    def _advance(
        self, secret: str, due: SignInStep, origin: Origin, proof: Proof, kind: str = SESSION
    ) -> Advance:
        """End an attempt, do what its step is about, and open what comes next."""
        actor, _ = self._attempt(secret)
        now = self._clock()
        with within(actor.scope), self._work.writing() as session:
            # Of two that are sent at once the second waits for the account's row and then finds
            # the attempt gone.
            ended = delete(Credential).where(Credential.secret_hash == digest(secret))
            if not factor_rows.hold_account(session, actor):
                raise AttemptOver
            proven = session.scalar(ended.returning(Credential.kind))
            if proven is None or self._step(session, actor, now, proven=proven == PROVEN) != due:
                raise AttemptOver
            fresh_codes = proof(session, actor, now)
            step = self._step(session, actor, now, proven=True)
            opened, expires_at = self._accounts.open_within(
                session,
                int(actor.account_id or 0),
                PROVEN if step else kind,
                None if step else origin,
            )
        return Advance(actor, opened, step, expires_at, fresh_codes)

    @staticmethod
    def _step(session: Session, actor: Actor, now: datetime, *, proven: bool) -> SignInStep | None:
        return next_step(factor_rows.standing_of(session, actor, now, proven=proven))
