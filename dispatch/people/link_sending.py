"""Links sent by a gateway of the utility's own: the job, which makes each link as it sends it.

A link that waits to be sent is known to nobody, not even to the queue. One that could not be sent
is made and sent again, twice; after that the account's page says why.
"""

import secrets
from typing import Final

from procrastinate import Blueprint
from procrastinate import RetryStrategy
from sqlalchemy.orm import Session

from dispatch.accounts.digests import digest
from dispatch.accounts.models import Account
from dispatch.accounts.models import Invitation
from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deliveries.gateway_posts import GatewayPost
from dispatch.deliveries.gateway_posts import post_of_words
from dispatch.deliveries.message_texts import Message
from dispatch.gateways.models import Gateway

PEOPLE: Final = "people"
SEND_LINK: Final = f"{PEOPLE}:send_link"
PATH: Final = "/invitation/"
_TRIES = RetryStrategy(max_attempts=2, wait=20)
_WORDS: Final = {
    "invite": {
        "en": ("Welcome to Nearcrew", "%(name)s, choose your password here: %(link)s"),
        "zh": ("欢迎使用 Nearcrew", "%(name)s，请在此设置密码：%(link)s"),
    },
    "reset": {
        "en": ("A new password", "%(name)s, choose a new password here: %(link)s"),
        "zh": ("重设密码", "%(name)s，请在此设置新密码：%(link)s"),
    },
}


class LinkNotSentError(DispatchError):
    """The gateway did not take a link."""

    code = "link_not_sent"


class LinkSending:
    """Sends links."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    async def send(self, invitation_id: int) -> None:
        """Make a link and send it, if it is still wanted.

        Raises
        ------
        LinkNotSentError
            If the gateway did not take it; why is noted.
        """
        with self._work.writing() as session:
            prepared = self._prepared(session, invitation_id)
        if prepared is None:
            return
        outcome = await prepared.post()
        with self._work.writing() as session:
            invitation = session.get(Invitation, invitation_id, with_for_update=True)
            if invitation is None:
                return
            if outcome.failure is None:
                invitation.sent_at, invitation.failure = self._clock(), None
                return
            invitation.failure = outcome.failure.value
        raise LinkNotSentError(N_("The gateway did not take the link."))

    def _prepared(self, session: Session, invitation_id: int) -> GatewayPost | None:
        now = self._clock()
        invitation = session.get(Invitation, invitation_id, with_for_update=True)
        if invitation is None or invitation.sent_at is not None or invitation.expires_at <= now:
            return None
        gateway_id, to = invitation.gateway_id, invitation.address
        gateway = None if gateway_id is None else session.get(Gateway, gateway_id)
        if gateway is None or to is None or not gateway.page_url:
            return None
        account = session.get_one(Account, invitation.account_id)
        secret = secrets.token_urlsafe(32)
        invitation.secret_hash = digest(secret)
        link = f"{gateway.page_url.rstrip('/')}{PATH}{secret}"
        language = account.language or "zh"
        title, text = _WORDS[invitation.purpose][language]
        words = Message(title, text % {"name": account.display_name, "link": link})
        more = {"purpose": "link", "language": language, "link": link}
        return post_of_words(session, gateway.id, to, words, more, now)


def link_tasks(sending: LinkSending) -> Blueprint:
    """Return the job, to be added to one app under `PEOPLE`."""
    tasks = Blueprint()

    @tasks.task(name="send_link", retry=_TRIES)
    async def send_link(invitation_id: int) -> None:
        await sending.send(invitation_id)

    return tasks
