"""Codes typed at a sign-in: of an authenticator app, or recovery codes; each counts once."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.accounts.digests import digest
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.factors import code_rules
from dispatch.factors import factor_rows
from dispatch.factors.attempt_types import WRONG_CODE
from dispatch.factors.attempt_types import WrongCode
from dispatch.factors.models import RecoveryCode
from dispatch.factors.sealing import Sealing


class TypedCodes:
    """Takes codes within a transaction of the caller's."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    def take(self, session: Session, actor: Actor, typed: str, now: datetime) -> None:
        """Take a code, and never again.

        Raises
        ------
        WrongCode
            If it is wrong, or was taken before.
        """
        recovery_code = code_rules.read_recovery_code(typed)
        if recovery_code is not None:
            _take_recovery_code(session, actor, recovery_code, now)
        else:
            self._take_app_code(session, actor, typed, now)

    def _take_app_code(self, session: Session, actor: Actor, code: str, now: datetime) -> None:
        app = factor_rows.app_in_use(session, actor)
        secret = None if app is None else self._sealing.open(app.sealed_secret, app.account_id)
        if app is None or secret is None:
            raise WrongCode(WRONG_CODE)
        step = code_rules.step_of_code(secret, code, now, after=app.last_step)
        if step is None:
            raise WrongCode(WRONG_CODE)
        app.last_step = step
        session.flush()


def _take_recovery_code(session: Session, actor: Actor, code: str, now: datetime) -> None:
    taken = (
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == actor.account_id,
            RecoveryCode.code_hash == digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    if session.execute(taken.returning(RecoveryCode.used_at)).one_or_none() is None:
        raise WrongCode(WRONG_CODE)
    data = {"account_id": actor.account_id, "username": actor.username}
    events.append(session, EventKind.ACCOUNT_RECOVERY_CODE_USED, actor, at=now, data=data)
