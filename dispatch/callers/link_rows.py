"""A caller's page as a row: made once for a report, and its message asked for."""

from datetime import datetime
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.callers.models import CallerPage
from dispatch.callers.states import SmsState
from dispatch.callers.types import Language
from dispatch.incidents.models import Incident
from dispatch.incidents.states import IncidentState
from dispatch.jobs.queue import JobQueue

CALLERS: Final = "callers"
SEND_LINK: Final = f"{CALLERS}:send_link"


def make_page(
    session: Session,
    *,
    report_id: int,
    incident_id: int,
    language: Language,
    made_by: str,
    now: datetime,
) -> None:
    """Have a page for a report; one that is there is told in the language that is asked for."""
    statement = insert(CallerPage).values(
        report_id=report_id,
        incident_id=incident_id,
        language=language,
        made_at=now,
        made_by=made_by,
        sms_state=SmsState.NONE.value,
    )
    session.execute(
        statement.on_conflict_do_update(index_elements=["report_id"], set_={"language": language})
    )


def ask_for_sms(session: Session, jobs: JobQueue, report_id: int, now: datetime) -> None:
    """Have the link sent once this is committed; not twice while the first waits."""
    session.execute(
        update(CallerPage)
        .where(CallerPage.report_id == report_id)
        .values(sms_state=SmsState.QUEUED.value, sms_failure=None, sms_at=now)
    )
    jobs.defer(session, SEND_LINK, once=f"link of report {report_id}", report_id=report_id)


def family(session: Session, incident_id: int) -> list[int]:
    """Return an incident and all that were merged into it."""
    query = select(Incident.id).where(
        (Incident.id == incident_id) | (Incident.merged_into == incident_id)
    )
    return list(session.scalars(query.order_by(Incident.id)))


def ends_at(session: Session, incident_id: int, kept: timedelta) -> datetime | None:
    """Return when a link that is made now ends; None while the case goes on."""
    own = session.get_one(Incident, incident_id)
    there = own if own.merged_into is None else session.get_one(Incident, own.merged_into)
    over = there.state in {IncidentState.CLOSED, IncidentState.CANCELLED}
    return there.closed_at + kept if over and there.closed_at is not None else None
