"""Help that a crew asks for: open until somebody else is sent, or the desk says that it comes."""

import pytest

from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.safety.states import HelpKind
from dispatch.safety.types import AskHelp
from dispatch.safety.types import EndSafetyCall
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.dispatch.safety.conftest import Cellar

pytestmark = pytest.mark.postgis


def test_help_is_open_until_another_crew_is_sent(cellar: Cellar, yard: CrewYard) -> None:
    """Sending is the answer: nobody has to say so as well."""
    berta = yard.put("Berta", 2, 2)
    cellar.arrive()
    wanted = AskHelp(what=HelpKind.SECOND_CREW, words="two flats", client_id="help")
    asked = cellar.services.help_requests.ask(cellar.crew, cellar.crew_id, wanted)
    shown = cellar.safety()
    incident_id = cellar.incident["id"]
    cellar.services.sending.send(cellar.dispatcher, incident_id, SendCrew(crew_id=berta))

    assert shown is not None
    assert shown["help"] == asked
    assert (asked["what"], asked["words"]) == ("second_crew", "two flats")
    after = cellar.safety()
    assert after is not None
    assert after["help"] is None
    (ended,) = cellar.events("help.ended")
    assert ended["actor"] == "dora"


def test_asked_again_the_newer_wish_stands(cellar: Cellar) -> None:
    """One line at the desk, not two."""
    cellar.arrive()
    for what in (HelpKind.SECOND_CREW, HelpKind.FIRE_BRIGADE):
        cellar.services.help_requests.ask(cellar.crew, cellar.crew_id, AskHelp(what=what))

    (asked,) = cellar.services.safety.of_crew(cellar.crew, cellar.crew_id)["help"]
    assert asked["what"] == "fire_brigade"


def test_the_desk_or_the_crew_may_end_it(cellar: Cellar) -> None:
    """The police come by themselves; said twice it is one event."""
    cellar.arrive()
    wanted = AskHelp(what=HelpKind.POLICE)
    asked = cellar.services.help_requests.ask(cellar.crew, cellar.crew_id, wanted)
    for actor in (cellar.dispatcher, cellar.crew):
        done = EndSafetyCall(reason="on the way")
        cellar.services.help_requests.end(actor, asked["id"], done)

    (ended,) = cellar.events("help.ended")
    assert ended["data"]["reason"] == "on the way"


def test_help_needs_an_order_of_the_crew_s_own(cellar: Cellar, yard: CrewYard) -> None:
    """SOS is what needs none."""
    idle = yard.put("Berta", 2, 2)
    ask = cellar.services.help_requests.ask
    with pytest.raises(Conflict) as refused:
        ask(cellar.dispatcher, idle, AskHelp(what=HelpKind.POLICE))
    assert refused.value.code == "no_order"
    foreign = AskHelp(what=HelpKind.POLICE, assignment_id=cellar.order["id"])
    with pytest.raises(InvalidInput):
        ask(cellar.dispatcher, idle, foreign)
