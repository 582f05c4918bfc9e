"""What a crew's own page shows of its safety, read inside a transaction."""

from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.board.safety_view import help_view
from dispatch.board.safety_view import roll_call_view
from dispatch.board.safety_view import sos_view
from dispatch.board.safety_view import watch_view
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.crews.models import Crew
from dispatch.safety import watch_rows
from dispatch.safety.models import HelpRequest
from dispatch.safety.models import RollCall
from dispatch.safety.models import RollCallAnswer
from dispatch.safety.models import SosCall
from dispatch.safety.types import CrewSafetyAnswer


def sos_calls() -> Select[SosCall, str, float, float]:
    """Return the query of SOS calls as `sos_view` reads them; the caller adds the conditions."""
    return select(
        SosCall,
        Crew.name,
        longitude(SosCall.point).label("lon"),
        latitude(SosCall.point).label("lat"),
    ).join(Crew, Crew.id == SosCall.crew_id)


def open_roll_calls(crew_id: int) -> Select[RollCall]:
    """Return the query of roll calls that a crew has not answered, oldest first."""
    return (
        select(RollCall)
        .join(RollCallAnswer, RollCallAnswer.roll_call_id == RollCall.id)
        .where(
            RollCallAnswer.crew_id == crew_id,
            RollCallAnswer.answered_at.is_(None),
            RollCall.ended_at.is_(None),
        )
        .order_by(RollCall.id)
    )


def crew_safety(session: Session, crew_id: int) -> CrewSafetyAnswer:
    """Return what is open of one crew."""
    sos = session.execute(
        sos_calls().where(SosCall.crew_id == crew_id, SosCall.ended_at.is_(None))
    ).one_or_none()
    wanted = session.scalars(
        select(HelpRequest)
        .where(HelpRequest.crew_id == crew_id, HelpRequest.ended_at.is_(None))
        .order_by(HelpRequest.id)
    )
    return {
        "crew_id": crew_id,
        "check_ins": [watch_view(each) for each in watch_rows.live_of_crew(session, crew_id)],
        "roll_calls": [roll_call_view(each) for each in session.scalars(open_roll_calls(crew_id))],
        "sos": None if sos is None else sos_view(sos),
        "help": [help_view(each) for each in wanted],
    }
