"""Codes by SMS, for browsers that cannot calculate: they prove that the number is real."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final

from procrastinate import Blueprint
from procrastinate import RetryStrategy
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.callers.types import Language
from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import TryLater
from dispatch.core.instants import Clock
from dispatch.core.scope import current
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deliveries.gateway_posts import GatewayPost
from dispatch.deliveries.gateway_posts import post_of_words
from dispatch.deliveries.message_texts import Message
from dispatch.gateways.models import Gateway
from dispatch.gateways.sms import sms_gateway
from dispatch.jobs.queue import JobQueue
from dispatch.public_reports.models import PublicReportCode
from dispatch.public_reports.rules import ReportRules
from dispatch.units.models import OrganisationUnit

REPORTS: Final = "public_reports"
SEND_CODE: Final = f"{REPORTS}:send_code"
HOLDS_FOR: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)
_MOST_PER_NUMBER, _MOST_PER_HOUR = 3, 120
_MOST_TRIES: Final = 5
_TRIES = RetryStrategy(max_attempts=2, wait=10)
_WORDS: Final = {
    "en": ("Code", "%(code)s is your code to send the report. Nobody will ask you for it."),
    "zh": ("验证码", "验证码 %(code)s，用于提交报修。请勿告诉他人。"),
}


class CodeNotSentError(DispatchError):
    """The gateway did not take a code."""

    code = "code_not_sent"


class ReportCodes:
    """Sends codes and checks them."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, jobs: JobQueue, rules: ReportRules
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._jobs = jobs
        self.rules = rules

    def can_send(self) -> bool:
        """Return whether there is a gateway for SMS."""
        with self._work.reading() as session:
            scope = current()
            return _gateway(session, scope.home if scope else None) is not None

    def ask(self, phone: str, language: Language) -> str:
        """Have a code sent to a number; return the token with which it is to be told.

        Raises
        ------
        TryLater
            If the number, or all numbers together, have had enough codes.
        """
        token = secrets.token_urlsafe(24)

        def work(session: Session) -> str:
            now = self._clock()
            session.execute(delete(PublicReportCode).where(PublicReportCode.asked_at < now - _HOUR))
            counts = select(
                func.count(),
                func.count().filter(PublicReportCode.phone == phone),
            ).select_from(PublicReportCode)
            asked, of_number = session.execute(counts).one()
            if asked >= _MOST_PER_HOUR or of_number >= _MOST_PER_NUMBER:
                raise TryLater(N_("Too many codes were sent. Please call instead."), 3_600)
            row = PublicReportCode(token_digest=_digest(token), phone=phone, tries=0, asked_at=now)
            session.add(row)
            session.flush()
            self._jobs.defer(session, SEND_CODE, code_id=row.id, language=language)
            return token

        return self._work.run(work)

    def check(self, token: str, phone: str, code: str) -> str:
        """Hold that a code is the one that was sent to a number, and return the report's key.

        The same code sends the same report once: `receive` knows the key again.

        Raises
        ------
        InvalidInput
            On ``code``, if it is not, or was tried too often, or is too old.
        """

        def work(session: Session) -> bool:
            query = (
                select(PublicReportCode)
                .where(PublicReportCode.token_digest == _digest(token))
                .with_for_update()
            )
            row = session.scalar(query)
            if row is None or row.phone != phone or row.code_digest is None:
                return False
            if row.tries >= _MOST_TRIES or row.asked_at < self._clock() - HOLDS_FOR:
                return False
            row.tries += 1  # kept, whatever comes of it
            given = "".join(code.split())
            return hmac.compare_digest(row.code_digest, self._sealed(row.id, given))

        if not self._work.run(work):
            raise InvalidInput.one("code", N_("is not the code that was sent, or is too old"))
        return hashlib.sha256(f"code:{token}".encode("utf-8", "surrogatepass")).hexdigest()

    async def send(self, code_id: int, language: Language) -> None:
        """Make a code and send it.

        Raises
        ------
        CodeNotSentError
            If the gateway did not take it.
        """
        with self._work.writing() as session:
            prepared = self._prepared(session, code_id, language)
        if prepared is None:
            return
        outcome = await prepared.post()
        if outcome.failure is not None:
            raise CodeNotSentError(N_("The gateway did not take the code."))

    def _prepared(self, session: Session, code_id: int, language: Language) -> GatewayPost | None:
        row = session.get(PublicReportCode, code_id, with_for_update=True)
        if row is None or row.asked_at < self._clock() - HOLDS_FOR:
            return None
        gateway = _gateway(session, row.unit_id)
        if gateway is None:
            return None
        code = f"{secrets.randbelow(1_000_000):06d}"
        row.code_digest = self._sealed(row.id, code)
        title, words = _WORDS[language]
        told = Message(title, words % {"code": code})
        more = {"purpose": "code", "language": language}
        return post_of_words(session, gateway.id, row.phone, told, more, self._clock())

    def _sealed(self, code_id: int, code: str) -> str:
        """Return what is stored of a code: a million of them are soon tried without the key."""
        what = f"code:{code_id}:{code}".encode("utf-8", "surrogatepass")
        return hmac.new(self.rules.key, what, hashlib.sha256).hexdigest()


def code_tasks(codes: ReportCodes) -> Blueprint:
    """Return the job, to be added to one app under `REPORTS`."""
    tasks = Blueprint()

    @tasks.task(name="send_code", retry=_TRIES)
    async def send_code(code_id: int, language: Language) -> None:
        await codes.send(code_id, language)

    return tasks


def _gateway(session: Session, unit_id: int | None) -> Gateway | None:
    """Return what sends SMS for a unit: one of its own, or of those above it."""
    above = select(func.unnest(OrganisationUnit.above)).where(OrganisationUnit.id == unit_id)
    belongs = or_(Gateway.unit_id == unit_id, Gateway.unit_id.in_(above))
    return sms_gateway(session, belongs)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
