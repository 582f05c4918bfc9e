"""The crews' safety: signs of life, SOS, help, all crews report, and how often crews report."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.core.errors import NotFound
from dispatch.safety.states import WorkPlace
from dispatch.safety.types import AskAllCrews
from dispatch.safety.types import AskHelp
from dispatch.safety.types import CheckInRuleAnswer
from dispatch.safety.types import CheckInRulesAnswer
from dispatch.safety.types import CrewSafetyAnswer
from dispatch.safety.types import EndSafetyCall
from dispatch.safety.types import HelpAnswer
from dispatch.safety.types import RaiseSos
from dispatch.safety.types import RollCallAnswerView
from dispatch.safety.types import SafetyBoardAnswer
from dispatch.safety.types import SayWell
from dispatch.safety.types import SetCheckInRule
from dispatch.safety.types import SosAnswer
from dispatch.safety.types import TakeSos
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

safety = Area("safety", __name__, url_prefix="/api/v1", tag="Safety")
SPEAKS_FOR_CREW = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)
DESK = (Permission.ASSIGNMENT_SEND,)


@safety.get("/safety", needs=(Permission.INCIDENT_READ,))
@safety.output(described(SafetyBoardAnswer))
def safety_board() -> Response:
    """Return crews in distress and who was asked to report: what every desk has to see."""
    return answer(services().safety.board(actor()))


@safety.get("/crews/<int:crew_id>/safety", needs=ORDERS_SEEN)
@safety.output(described(CrewSafetyAnswer))
def crew_safety(crew_id: int) -> Response:
    """Return what is open of one crew: check-ins, questions to all crews, SOS, help."""
    return answer(services().safety.of_crew(actor(), crew_id))


@safety.post("/crews/<int:crew_id>/check-in", needs=SPEAKS_FOR_CREW)
@safety.input(SayWell, arg_name="body")
@safety.output(described(CrewSafetyAnswer))
def say_well(crew_id: int, body: SayWell) -> Response:
    """Say that a crew is all right, or was when its own clock said so."""
    return answer(services().safety.say_well(actor(), crew_id, body))


@safety.post("/crews/<int:crew_id>/sos", needs=SPEAKS_FOR_CREW)
@safety.input(RaiseSos, arg_name="body")
@safety.output(described(SosAnswer), 201)
def raise_sos(crew_id: int, body: RaiseSos) -> Response:
    """Raise an SOS: loud at every desk until somebody takes it."""
    return answer(services().sos.raise_sos(actor(), crew_id, body), 201)


@safety.post("/crews/<int:crew_id>/need-help", needs=SPEAKS_FOR_CREW)
@safety.input(AskHelp, arg_name="body")
@safety.output(described(HelpAnswer), 201)
@safety.doc(responses={409: "no_order"})
def need_help(crew_id: int, body: AskHelp) -> Response:
    """Ask for help with an order: the incident is loud until another crew is sent."""
    return answer(services().help_requests.ask(actor(), crew_id, body), 201)


@safety.post("/need-help/<int:help_id>/end", needs=SPEAKS_FOR_CREW)
@safety.input(EndSafetyCall, arg_name="body")
@safety.output(described(HelpAnswer))
def end_help(help_id: int, body: EndSafetyCall) -> Response:
    """Say that help comes otherwise, or is not needed any more."""
    return answer(services().help_requests.end(actor(), help_id, body))


@safety.post("/sos/<int:sos_id>/take", needs=DESK)
@safety.input(TakeSos, arg_name="body")
@safety.output(described(SosAnswer))
@safety.doc(responses={409: "sos_taken or sos_ended"})
def take_sos(sos_id: int, body: TakeSos) -> Response:
    """See to an SOS: silent from now on, and the crew is told who has seen it."""
    return answer(services().sos.take(actor(), sos_id, body))


@safety.post("/sos/<int:sos_id>/end", needs=DESK)
@safety.input(EndSafetyCall, arg_name="body")
@safety.output(described(SosAnswer))
@safety.doc(responses={409: "sos_not_taken or sos_ended"})
def end_sos(sos_id: int, body: EndSafetyCall) -> Response:
    """End an SOS that was taken."""
    return answer(services().sos.end(actor(), sos_id, body))


@safety.post("/par", needs=DESK)
@safety.input(AskAllCrews, arg_name="body")
@safety.output(described(RollCallAnswerView), 201)
@safety.doc(responses={409: "nobody_to_ask"})
def ask_all_crews(body: AskAllCrews) -> Response:
    """Ask all crews to report, of an incident or on duty."""
    asked, replayed = services().roll_calls.ask(actor(), body)
    return answer(asked, 201, replayed=replayed)


@safety.get("/par/<int:roll_call_id>", needs=(Permission.INCIDENT_READ,))
@safety.output(described(RollCallAnswerView))
def roll_call(roll_call_id: int) -> Response:
    """Return which crews have reported, and which have not."""
    return answer(services().roll_calls.get(actor(), roll_call_id))


@safety.post("/par/<int:roll_call_id>/end", needs=DESK)
@safety.input(EndSafetyCall, arg_name="body")
@safety.output(described(RollCallAnswerView))
def end_roll_call(roll_call_id: int, body: EndSafetyCall) -> Response:
    """Ask no longer: the desk sees to whoever is missing."""
    return answer(services().roll_calls.end(actor(), roll_call_id, body))


@safety.get("/check-in-rules", needs=(Permission.INCIDENT_READ,))
@safety.output(described(CheckInRulesAnswer))
def check_in_rules() -> Response:
    """List how often crews report at each kind of incident."""
    return answer(services().check_in_rules.all(actor()))


@safety.put("/check-in-rules/<kind>/<place>", needs=(Permission.RULES_WRITE,))
@safety.input(SetCheckInRule, arg_name="body")
@safety.output(described(CheckInRuleAnswer))
def set_check_in_rule(kind: str, place: str, body: SetCheckInRule) -> Response:
    """Set how often crews report there, for those that arrive from now on."""
    return answer(services().check_in_rules.set(actor(), kind, _place(place), body))


@safety.delete("/check-in-rules/<kind>/<place>", needs=(Permission.RULES_WRITE,))
@safety.output(described(CheckInRuleAnswer))
def retire_check_in_rule(kind: str, place: str) -> Response:
    """Have crews report no longer there."""
    return answer(services().check_in_rules.retire(actor(), kind, _place(place)))


def _place(code: str) -> WorkPlace:
    if code not in list(WorkPlace):
        kind = "rule"
        raise NotFound.thing(kind, code)
    return WorkPlace(code)
