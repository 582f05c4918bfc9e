"""Calling back who reported an incident: who is left, ticks with a note, a table."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.caller_numbers import may_see_numbers
from dispatch.access.caller_numbers import numbers_hidden
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.csv_lines import MARK
from dispatch.core.csv_lines import harmless
from dispatch.core.csv_lines import lines
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import callers
from dispatch.incidents import merged_rows
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.reports import report_view
from dispatch.incidents.types import Channel
from dispatch.incidents.types import ReportAnswer
from dispatch.merging.models import ReportCallBack
from dispatch.merging.types import MarkCalledBack
from dispatch.merging.types import PeopleAnswer
from dispatch.merging.types import PersonAnswer
from dispatch.writes.idempotency import Once

_COLUMNS = (
    *("name", "telephone", "channel", "words", "first_told_at", "last_told_at"),
    *("reports", "called_at", "called_by", "note"),
)


class CallBackService:
    """Keeps who was called back."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, zone: ZoneInfo) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._zone = zone

    def call_back(
        self, actor: Actor, incident_id: int, report_id: int, wanted: MarkCalledBack
    ) -> ReportAnswer:
        """Tick that the caller of a report was called back, or take the tick away.

        Like a message it leaves the incident's version as it is: nobody who is about to send has to
        look again because somebody was called.

        Raises
        ------
        NotFound
            If the incident has no such report.
        InvalidInput
            On ``called_at``, if that is still to come.
        Conflict
            ``idempotency_mismatch``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        target = {"incident_id": incident_id, "report_id": report_id}
        once = Once.of(actor, wanted.client_id, wanted, **target)

        def work(session: Session) -> ReportAnswer:
            now = self._clock()
            known = once.begin(session, now)
            if known is not None:
                return cast("ReportAnswer", known)
            if wanted.called_at is not None and wanted.called_at > now:
                raise InvalidInput.one("called_at", N_("must not be in the future"))
            incident = merged_rows.locked_for(session, actor, incident_id)
            report = session.get(IncidentReport, min(report_id, LARGEST_ID))
            family = merged_rows.with_merged(session, incident.id)
            if report is None or report.incident_id not in family:
                raise NotFound.thing("report", report_id)
            at = max(wanted.called_at or now, report.told_at) if wanted.called else None
            call = _write(session, report, at, actor.display_name, wanted.note or "")
            answer = report_view(report, call)
            left = callers.count_to_call_back(session, family)
            once.finish(session, answer)
            events.append(
                session,
                EventKind.REPORT_CALLED_BACK,
                actor,
                at=now,
                occurred_at=wanted.called_at,
                incident_id=incident.id,
                data={
                    "entry_id": report.id,
                    "called": wanted.called,
                    "left": left,
                    "caller_name": report.caller_name,
                    **({"text": wanted.note} if wanted.note else {}),
                },
            )
            return answer

        return self._work.run(work)

    def people(self, actor: Actor, incident_id: int) -> PeopleAnswer:
        """Return who left a telephone number, by number, in the order in which they called."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            merged_rows.leads_to(session, incident_id)
            family = merged_rows.with_merged(session, incident_id)
            query = (
                select(IncidentReport, ReportCallBack, callers.NUMBER.label("number"))
                .outerjoin(ReportCallBack, ReportCallBack.report_id == IncidentReport.id)
                .where(IncidentReport.incident_id.in_(family), callers.NUMBER != "")
                .order_by(IncidentReport.told_at, IncidentReport.id)
            )
            by_number: dict[str, list[Row[tuple[IncidentReport, ReportCallBack, str]]]] = {}
            for row in session.execute(query):
                by_number.setdefault(row.number, []).append(row)
        people = [_person(rows) for rows in by_number.values()]
        left = sum(each["call_back"] is None for each in people)
        return {"people": people, "total": len(people), "to_call_back": left}

    def table(self, actor: Actor, incident_id: int) -> Iterable[bytes]:
        """Return the same as CSV; times are ISO 8601 in the desk's zone."""
        actor.require(Permission.EXPORT)
        people = self.people(actor, incident_id)["people"]
        if not may_see_numbers(actor):
            people = numbers_hidden(people)
        cells = [self._cells(each) for each in people]
        return [(MARK + lines([_COLUMNS])).encode(), lines(cells).encode()]

    def _cells(self, person: PersonAnswer) -> list[str]:
        call = person["call_back"]
        return [
            harmless(person["name"]),
            harmless(person["phone"]),
            person["channel"],
            harmless(person["words"]),
            self._local(person["first_told_at"]),
            self._local(person["last_told_at"]),
            str(len(person["report_ids"])),
            self._local(call["called_at"]) if call else "",
            harmless(call["called_by"]) if call else "",
            harmless(call["note"]) if call else "",
        ]

    def _local(self, at: str) -> str:
        return datetime.fromisoformat(at).astimezone(self._zone).isoformat(timespec="seconds")


def _write(
    session: Session, report: IncidentReport, at: datetime | None, by: str, note: str
) -> ReportCallBack:
    said = {"called_at": at, "called_by": by, "note": note}
    statement = insert(ReportCallBack).values(
        report_id=report.id, incident_id=report.incident_id, **said
    )
    session.execute(statement.on_conflict_do_update(index_elements=["report_id"], set_=said))
    return session.get_one(ReportCallBack, report.id, populate_existing=True)


def _person(rows: list[Row[tuple[IncidentReport, ReportCallBack, str]]]) -> PersonAnswer:
    """Return a person: called back if that was after the last call."""
    reports = [row.IncidentReport for row in rows]
    named = [each for each in reports if each.caller_name] or reports
    calls = [row.ReportCallBack for row in rows if row.ReportCallBack]
    made = [each for each in calls if each.called_at is not None]
    newest = max(made, key=lambda each: each.called_at, default=None)
    answered = newest if newest and newest.called_at >= reports[-1].told_at else None
    return {
        "name": named[-1].caller_name,
        "phone": reports[-1].caller_phone,
        "channel": cast("Channel", reports[-1].channel),
        "words": " · ".join(dict.fromkeys(each.words for each in reports if each.words)),
        "first_told_at": instant(reports[0].told_at),
        "last_told_at": instant(reports[-1].told_at),
        "report_ids": [each.id for each in reports],
        "call_back": callers.call_back_view(answered),
    }
