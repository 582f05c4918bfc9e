"""Setting up second factors: the same at the sign-in and on one's own page."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.factors import code_rules
from dispatch.factors import factor_rows
from dispatch.factors import security_keys
from dispatch.factors.models import TimeCode
from dispatch.factors.sealing import Sealing
from dispatch.factors.security_keys import Site
from dispatch.factors.types import AddSecurityKey


class Enrolment:
    """Sets factors up within a transaction of the caller's, for an account whose row it holds."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    def begin(self, session: Session, actor: Actor, now: datetime) -> str:
        """Return the address of an app to be set up; the same again until its code was shown.

        Whoever reloads the page keeps the picture that the phone has read already.
        """
        pending = factor_rows.app_being_set_up(session, actor)
        kept = None if pending is None else self._open(pending)
        if kept is not None:
            return code_rules.app_address(kept, actor.username)
        secret = code_rules.new_secret()
        if pending is not None:  # sealed with a key that is lost
            session.execute(delete(TimeCode).where(TimeCode.id == pending.id))
        session.execute(
            insert(TimeCode).values(
                account_id=actor.account_id,
                sealed_secret=self._sealing.seal(secret, actor.account_id or 0),
                created_at=now,
            )
        )
        return code_rules.app_address(secret, actor.username)

    def confirm(self, session: Session, actor: Actor, code: str, now: datetime) -> tuple[str, ...]:
        """Take the first code of an app; it replaces the one before. Return fresh recovery codes.

        Raises
        ------
        InvalidInput
            On ``code``, if it is wrong.
        """
        pending = factor_rows.app_being_set_up(session, actor)
        secret = None if pending is None else self._open(pending)
        step = None if secret is None else code_rules.step_of_code(secret, code, now, after=0)
        if pending is None or step is None:
            raise InvalidInput.one("code", N_("is wrong; is the clock of the phone right?"))
        before = factor_rows.app_in_use(session, actor)
        if before is not None:
            session.delete(before)
            session.flush()
        pending.confirmed_at, pending.last_step = now, step
        session.flush()
        return self._added(session, actor, "app", now)

    def add_key(
        self,
        session: Session,
        actor: Actor,
        site: Site,
        now: datetime,
        *,
        bound_to: str,
        wanted: AddSecurityKey,
    ) -> tuple[str, ...]:
        """Store a security key. Return fresh recovery codes.

        Raises
        ------
        InvalidInput
            On ``credential``, if the browser's answer does not hold.
        """
        security_keys.add_key(session, actor, site, now, bound_to=bound_to, wanted=wanted)
        return self._added(session, actor, "security_key", now)

    def _open(self, app: TimeCode) -> str | None:
        return self._sealing.open(app.sealed_secret, app.account_id)

    @staticmethod
    def _added(session: Session, actor: Actor, factor: str, now: datetime) -> tuple[str, ...]:
        """Log a new factor; the first one brings recovery codes."""
        codes: tuple[str, ...] = ()
        if factor_rows.unused_recovery_codes(session, actor.account_id) == 0:
            codes = tuple(factor_rows.replace_recovery_codes(session, actor, now))
        data = {"account_id": actor.account_id, "username": actor.username, "factor": factor}
        events.append(session, EventKind.ACCOUNT_FACTOR_ADDED, actor, at=now, data=data)
        return codes
