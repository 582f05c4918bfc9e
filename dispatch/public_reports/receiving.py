"""Taking reports in: from the public page, with a proof against floods, and from a relay."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.errors import TryLater
from dispatch.core.instants import Clock
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.ground.service import GroundService
from dispatch.incidents.models import IncidentKind
from dispatch.public_reports import proof_of_work
from dispatch.public_reports.models import PublicReport
from dispatch.public_reports.rules import ReportRules
from dispatch.public_reports.states import Proof
from dispatch.public_reports.states import PublicReportState
from dispatch.public_reports.types import RelayedReport
from dispatch.public_reports.types import SayPublicly
from dispatch.records.picture_headers import check_upload

_SIGHT: Final = text("SELECT * FROM sight_for_reports(:unit, :now)")
_RETRY_AFTER_S: Final = 600
_FLOODED: Final = 50
"""From so many waiting reports on, browsers have to calculate four times as long."""


class ReportReceiving:
    """Takes reports from people who are not signed in."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, ground: GroundService, rules: ReportRules
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._ground = ground
        self.rules = rules

    def require_on(self) -> None:
        """Hold that reports from the public are taken here.

        Raises
        ------
        NotFound
            If not: then there is no such page.
        """
        if not self.rules.on:
            raise NotFound.thing("link", "")

    def scope(self) -> Scope:
        """Return what is seen on behalf of whoever reports: the rows of the unit it goes to.

        Raises
        ------
        NotFound
            If the unit that the settings name does not exist.
        """
        rows = self._work.ask(_SIGHT, {"unit": self.rules.unit, "now": self._clock()})
        if not rows:
            raise NotFound.thing("unit", self.rules.unit or "")
        sight = rows[0]
        return Scope(
            units=tuple(sight.units),
            above=tuple(sight.above),
            crews=tuple(sight.crews),
            home=sight.unit_id,
            everything=sight.everything,
        )

    def challenge(self) -> str:
        """Return what a browser has to solve before its report is taken."""
        with within(self.scope()), self._work.reading() as session:
            waiting = _waiting(session)
        bits = self.rules.bits + (2 if waiting >= _FLOODED else 0)
        nonce = secrets.token_urlsafe(12)
        return proof_of_work.new_challenge(self.rules.key, self._clock(), bits, nonce)

    def is_solved(self, challenge: str, solution: str) -> bool:
        """Return whether a browser has done its work."""
        rules, now = self.rules, self._clock()
        return proof_of_work.is_solved(rules.key, challenge, solution, now, rules.bits)

    def check(self, said: SayPublicly) -> None:
        """Hold that a report can be taken, before anything is asked of its sender.

        Raises
        ------
        InvalidInput
            Naming what is wrong.
        """
        if said.lonlat is None and not said.address:
            raise InvalidInput.one("address", N_("say where it is, or use your position"))
        if said.lonlat is not None:
            self._ground.require_inside(*said.lonlat)
        if said.photo:
            check_upload(said.photo)

    def receive(self, said: SayPublicly, key: str, proof: Proof) -> bool:
        """Take a report in, to wait for the desk; the same key is one report.

        Returns
        -------
        is_new
            False if it had come before.

        Raises
        ------
        InvalidInput
            Naming what is wrong.
        TryLater
            If too many wait: then it is time to call.
        """
        self.check(said)
        with within(self.scope()):
            return self._take(said, key, proof, self._clock(), limited=True)

    def relayed(self, report: RelayedReport) -> bool:
        """Take in what a relay kept; it was checked there, and is taken however many wait.

        What cannot be taken (a kind that is gone, a place that lies elsewhere) is taken without it,
        in words: a report is never lost because of that.
        """
        with within(self.scope()):
            said = self._as_far_as_usable(report)
            return self._take(said, report.key, Proof.WORK, report.received_at, limited=False)

    def _as_far_as_usable(self, report: RelayedReport) -> SayPublicly:
        known = report.model_dump(exclude={"key", "received_at"})
        words = [report.words or ""]
        with self._work.reading() as session:
            if session.get(IncidentKind, report.kind) is None:
                words.append(report.kind)
                query = select(IncidentKind.code).order_by(IncidentKind.sort).limit(1)
                known["kind"] = session.scalars(query).one()
        if report.lonlat is not None:
            try:
                self._ground.require_inside(*report.lonlat)
            except InvalidInput:
                words.append(f"{report.lat}, {report.lon}")
                known["lon"] = known["lat"] = None
        if report.photo:
            try:
                check_upload(report.photo)
            except InvalidInput:
                known["photo"] = None
        known["words"] = " · ".join(each for each in words if each)[:1_000] or None
        return SayPublicly.model_validate(known)

    def _take(
        self, said: SayPublicly, key: str, proof: Proof, received_at: datetime, *, limited: bool
    ) -> bool:
        def work(session: Session) -> bool:
            now = self._clock()
            if session.get(IncidentKind, said.kind) is None:
                raise InvalidInput.one("kind", N_("is no kind"))
            if limited and _waiting(session) >= self.rules.most_waiting:
                message = N_("Too many reports wait. Please call instead.")
                raise TryLater(message, _RETRY_AFTER_S)
            session.execute(
                delete(PublicReport).where(PublicReport.settled_at < now - self.rules.kept)
            )
            report_id = session.scalar(
                insert(PublicReport)
                .values(
                    key=key,
                    proof=proof.value,
                    received_at=min(received_at, now),
                    language=said.language,
                    kind=said.kind,
                    lon=said.lon,
                    lat=said.lat,
                    address=said.address or "",
                    words=said.words or "",
                    phone=said.phone,
                    photo=said.photo or None,
                    state=PublicReportState.WAITING.value,
                )
                .on_conflict_do_nothing(index_elements=["key"])
                .returning(PublicReport.id)
            )
            if report_id is None:
                return False
            unit_id = session.scalar(
                select(PublicReport.unit_id).where(PublicReport.id == report_id)
            )
            data = {"report_id": report_id, "kind": said.kind}
            kind = EventKind.PUBLIC_REPORT_RECEIVED
            events.append(session, kind, SYSTEM, at=now, data=data, unit_id=unit_id)
            return True

        return self._work.run(work)


def _waiting(session: Session) -> int:
    query = select(func.count()).where(PublicReport.state == PublicReportState.WAITING.value)
    return session.scalar(query.select_from(PublicReport)) or 0
