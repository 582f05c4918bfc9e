"""Pledges, calendars, the declared weather, and the clocks of incidents."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.pledge_clocks.types import ClocksAnswer
from dispatch.pledge_clocks.types import GiveCause
from dispatch.pledge_clocks.types import PauseClock
from dispatch.pledge_clocks.types import ResumeClock
from dispatch.pledge_clocks.types import WholeClockAnswer
from dispatch.pledges.types import CalendarAnswer
from dispatch.pledges.types import CalendarsAnswer
from dispatch.pledges.types import DeclareWeather
from dispatch.pledges.types import PledgeAnswer
from dispatch.pledges.types import PledgesAnswer
from dispatch.pledges.types import SetCalendar
from dispatch.pledges.types import SetPledge
from dispatch.pledges.types import UsePreset
from dispatch.pledges.types import WeatherAnswer
from dispatch.pledges.types import WeathersAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.queries import RepeatHeaders
from webconsole.platform.reading import Area

pledges = Area("pledges", __name__, url_prefix="/api/v1", tag="Pledges")
READ = (Permission.INCIDENT_READ,)
RULES = (Permission.RULES_WRITE,)
CLOCKS = (Permission.CLOCK_WRITE,)
PLEDGE = described(PledgeAnswer)
CLOCK = described(WholeClockAnswer)
CLOCK_REFUSED = "wrong_state; idempotency_mismatch"


@pledges.get("/pledges", needs=READ)
@pledges.output(described(PledgesAnswer))
def list_pledges() -> Response:
    """List what is promised, and the shipped examples with their sources."""
    return answer(services().pledges.list(actor()))


@pledges.post("/pledges", needs=RULES)
@pledges.input(SetPledge, arg_name="body")
@pledges.input(RepeatHeaders, location="headers", arg_name="headers")
@pledges.output(PLEDGE, 201)
@pledges.doc(responses={409: "idempotency_mismatch"})
def add_pledge(body: SetPledge, headers: RepeatHeaders) -> Response:
    """Add a pledge; with the header Idempotency-Key a repeated request adds it once."""
    pledge, replayed = services().pledges.add(actor(), body, idempotency_key=headers.key)
    return answer(pledge, 201, replayed=replayed)


@pledges.put("/pledges/<int:pledge_id>", needs=RULES)
@pledges.input(SetPledge, arg_name="body")
@pledges.output(PLEDGE)
@pledges.doc(responses={409: "pledge_changed; the answer carries the pledge as it is"})
def set_pledge(pledge_id: int, body: SetPledge) -> Response:
    """Change a pledge as a whole. Clocks that run keep what they were started by."""
    return answer(services().pledges.change(actor(), pledge_id, body))


@pledges.delete("/pledges/<int:pledge_id>", needs=RULES)
@pledges.output(PLEDGE)
def retire_pledge(pledge_id: int) -> Response:
    """Promise it no longer; its clocks run on."""
    return answer(services().pledges.retire(actor(), pledge_id))


@pledges.put("/pledges/presets/<code>", needs=RULES)
@pledges.input(UsePreset, arg_name="body")
@pledges.output(described(PledgesAnswer))
def use_preset(code: str, body: UsePreset) -> Response:
    """Switch a shipped example on or off."""
    services().pledges.use_preset(actor(), code, body)
    return answer(services().pledges.list(actor()))


@pledges.get("/calendars", needs=READ)
@pledges.output(described(CalendarsAnswer))
def list_calendars() -> Response:
    """List the calendars: opening hours, holidays, weekends that are worked."""
    return answer(services().calendars.list(actor()))


@pledges.put("/calendars/<code>", needs=RULES)
@pledges.input(SetCalendar, arg_name="body")
@pledges.output(described(CalendarAnswer))
def set_calendar(code: str, body: SetCalendar) -> Response:
    """Add a calendar or change it as a whole. Clocks that run keep the hours of their start."""
    return answer(services().calendars.set(actor(), code, body))


@pledges.get("/weather", needs=READ)
@pledges.output(described(WeathersAnswer))
def list_weather() -> Response:
    """List the weather classes that were declared; where nothing was, it is normal."""
    return answer(services().weather.list(actor()))


@pledges.put("/weather", needs=(Permission.WEATHER_WRITE,))
@pledges.input(DeclareWeather, arg_name="body")
@pledges.output(described(WeatherAnswer))
@pledges.doc(responses={409: "idempotency_mismatch"})
def declare_weather(body: DeclareWeather) -> Response:
    """Declare the weather of a utility, everywhere or in a zone; for clocks that start from now."""
    return answer(services().weather.declare(actor(), body))


@pledges.get("/incidents/<int:incident_id>/clocks", needs=READ)
@pledges.output(described(ClocksAnswer))
def incident_clocks(incident_id: int) -> Response:
    """List the clocks of an incident with all that their verdicts follow from."""
    return answer(services().pledge_clocks.of_incident(actor(), incident_id))


@pledges.post("/incidents/<int:incident_id>/clocks/<int:clock_id>/pause", needs=CLOCKS)
@pledges.input(PauseClock, arg_name="body")
@pledges.output(CLOCK)
@pledges.doc(responses={409: CLOCK_REFUSED})
def pause_clock(incident_id: int, clock_id: int, body: PauseClock) -> Response:
    """Let a clock stand still, for a reason that its pledge allows."""
    return answer(services().pledge_clocks.pause(actor(), incident_id, clock_id, body))


@pledges.post("/incidents/<int:incident_id>/clocks/<int:clock_id>/resume", needs=CLOCKS)
@pledges.input(ResumeClock, arg_name="body")
@pledges.output(CLOCK)
@pledges.doc(responses={409: CLOCK_REFUSED})
def resume_clock(incident_id: int, clock_id: int, body: ResumeClock) -> Response:
    """Let a paused clock run again."""
    return answer(services().pledge_clocks.resume(actor(), incident_id, clock_id, body))


@pledges.post("/incidents/<int:incident_id>/clocks/<int:clock_id>/cause", needs=CLOCKS)
@pledges.input(GiveCause, arg_name="body")
@pledges.output(CLOCK)
@pledges.doc(responses={409: CLOCK_REFUSED})
def give_cause(incident_id: int, clock_id: int, body: GiveCause) -> Response:
    """Say why a pledge was missed."""
    return answer(services().pledge_clocks.give_cause(actor(), incident_id, clock_id, body))
