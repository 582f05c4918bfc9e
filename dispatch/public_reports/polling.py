"""Fetching reports from a relay: asked from here, taken once, and only then forgotten there."""

import base64
import logging
from typing import Any
from typing import Final

import httpx
from procrastinate import Blueprint
from pydantic import ValidationError

from dispatch.core.instants import Clock
from dispatch.gateways import signatures
from dispatch.incidents.service import IncidentService
from dispatch.public_reports.receiving import ReportReceiving
from dispatch.public_reports.relay_messages import ANSWER
from dispatch.public_reports.relay_messages import PATH
from dispatch.public_reports.relay_messages import QUESTION
from dispatch.public_reports.relay_messages import RelayAnswer
from dispatch.public_reports.relay_messages import RelayQuestion
from dispatch.public_reports.types import RelayedReport

LOG = logging.getLogger(__name__)
RELAY: Final = "relay"
POLL: Final = f"{RELAY}:poll"
_WITHIN_S: Final = 20.0
_MOST_ROUNDS: Final = 50
_EVERY_10_S: Final = "* * * * * */10"


class RelayPolling:
    """Asks a relay for what came in there."""

    def __init__(
        self,
        receiving: ReportReceiving,
        incidents: IncidentService,
        clock: Clock,
        relay: tuple[str, str] | None,
    ) -> None:
        self._receiving = receiving
        self._incidents = incidents
        self._clock = clock
        self.relay = relay

    async def poll(self) -> int:
        """Take in everything that a relay keeps; return how many reports were new.

        What was taken is named in the next question, so that the relay forgets it only once it is
        stored here; asked again in between it comes twice and is known by its key. A report that
        cannot be read is said to be taken, too, or it would come for ever: it is in the log.
        """
        if self.relay is None:
            return 0
        url, secret = self.relay
        new, taken = 0, list[str]()
        async with httpx.AsyncClient(timeout=_WITHIN_S, trust_env=False) as client:
            for _ in range(_MOST_ROUNDS):
                reports = await self._ask(client, url, secret, taken)
                if reports is None:
                    return new
                if not reports:
                    break
                taken = [str(each.get("key", "")) for each in reports]
                new += sum(self._take(each) for each in reports)
        return new

    async def _ask(
        self, client: httpx.AsyncClient, url: str, secret: str, taken: list[str]
    ) -> list[dict[str, Any]] | None:
        """Return a few reports; None if there was no answer that is signed by the relay."""
        kinds = self._incidents.kinds()["kinds"]
        question = RelayQuestion(
            taken=taken,
            kinds=[(each["code"], each["name_en"], each["name_zh"]) for each in kinds],
            emergency_phone=self._receiving.rules.emergency_phone,
            bits=self._receiving.rules.bits,
        )
        body = question.model_dump_json().encode()
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            signatures.TIMESTAMP: timestamp,
            signatures.SIGNATURE: signatures.sign(secret, timestamp, QUESTION, body),
        }
        try:
            answer = await client.post(f"{url}{PATH}", content=body, headers=headers)
        except httpx.HTTPError as error:
            LOG.warning("The relay could not be asked (%s)", type(error).__name__)
            return None
        given = answer.headers.get(signatures.SIGNATURE, "")
        # Signed with the question's time: an old answer is none to this question.
        if answer.status_code != httpx.codes.OK or not signatures.is_signed(
            secret, timestamp, ANSWER, given, answer.content
        ):
            LOG.warning("The relay gave no answer of its own (%d)", answer.status_code)
            return None
        return RelayAnswer.model_validate_json(answer.content).reports

    def _take(self, kept: dict[str, Any]) -> bool:
        try:
            photo = kept.get("photo")
            if photo is not None:
                kept = {**kept, "photo": base64.b64decode(photo)}
            report = RelayedReport.model_validate(kept)
        except (ValidationError, ValueError, TypeError) as error:
            # Without its words: they would say who reported what.
            LOG.warning("A report that a relay kept cannot be read (%s)", type(error).__name__)
            return False
        return self._receiving.relayed(report)


def polling_tasks(polling: RelayPolling) -> Blueprint:
    """Return the job that asks the relay every few seconds; to be added under `RELAY`."""
    tasks = Blueprint()

    @tasks.periodic(cron=_EVERY_10_S)
    @tasks.task(name="poll", queueing_lock=POLL, lock=POLL)
    async def poll(timestamp: int) -> None:  # noqa: ARG001  (when it was due; it does not matter)
        await polling.poll()

    return tasks
