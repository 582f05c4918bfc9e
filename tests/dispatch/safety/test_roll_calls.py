"""All crews report: who was asked, who has answered, who is missing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dispatch.core.errors import Conflict
from dispatch.crews.states import Duty
from dispatch.safety.types import AskAllCrews
from dispatch.safety.types import EndSafetyCall
from dispatch.safety.types import RollCallAnswerView
from dispatch.safety.types import SayWell
from tests.conftest import CrewYard
from tests.dispatch.safety.conftest import Cellar

pytestmark = pytest.mark.postgis


def missing(call: RollCallAnswerView) -> list[str]:
    """Return the names of those that have not answered."""
    return [each["crew_name"] for each in call["crews"] if each["answered_at"] is None]


def test_all_on_duty_are_asked_and_it_ends_when_the_last_has_answered(
    cellar: Cellar, yard: CrewYard
) -> None:
    """Not those at home; one on a break is asked too."""
    berta = yard.put("Berta", 2, 2, duty=Duty.ON_BREAK)
    yard.put("Carla", 2, 3, duty=Duty.OFF_DUTY)
    services = cellar.services
    call, _ = services.roll_calls.ask(cellar.dispatcher, AskAllCrews())
    asked = missing(call)
    cellar.say_well()
    between = services.roll_calls.get(cellar.dispatcher, call["id"])
    services.safety.say_well(cellar.dispatcher, berta, SayWell())
    after = services.roll_calls.get(cellar.dispatcher, call["id"])

    assert asked == ["Alba", "Berta"]
    assert missing(between) == ["Berta"]
    assert between["ended_at"] is None
    assert missing(after) == []
    assert after["ended_at"] is not None
    assert after["ended_by"] is None
    assert services.safety.board(cellar.dispatcher)["roll_calls"] == []
    assert cellar.pass_time(3600) == 1  # its deadline finds nothing left to do
    assert services.roll_calls.get(cellar.dispatcher, call["id"])["overdue_at"] is None


def test_of_an_incident_those_that_are_on_it_are_asked(cellar: Cellar, yard: CrewYard) -> None:
    """Not whoever has not even answered its order."""
    yard.put("Berta", 2, 2)
    wanted = AskAllCrews(incident_id=cellar.incident["id"])
    with pytest.raises(Conflict) as refused:
        cellar.services.roll_calls.ask(cellar.dispatcher, wanted)
    assert refused.value.code == "nobody_to_ask"
    cellar.arrive()
    call, _ = cellar.services.roll_calls.ask(cellar.dispatcher, wanted)

    assert missing(call) == ["Alba"]


def test_who_has_not_reported_in_time_is_named(cellar: Cellar) -> None:
    """With where it was last; an answer after that still counts."""
    wanted = AskAllCrews(answer_within_s=60, client_id="once")
    call, _ = cellar.services.roll_calls.ask(cellar.dispatcher, wanted)
    again, replayed = cellar.services.roll_calls.ask(cellar.dispatcher, wanted)
    assert (again["id"], replayed) == (call["id"], True)
    assert cellar.pass_time(60) == 1
    (overdue,) = cellar.services.safety.board(cellar.dispatcher)["roll_calls"]
    cellar.say_well()

    assert overdue["overdue_at"] is not None
    assert overdue["crews"][0]["fixed_at"] is not None
    assert cellar.services.safety.board(cellar.dispatcher)["roll_calls"] == []


def test_what_was_tapped_before_the_question_does_not_answer_it(cellar: Cellar) -> None:
    """Sent late from a cellar: it shows that the crew was well then, not now."""
    tapped_at = cellar.clock() - timedelta(minutes=5)
    call, _ = cellar.services.roll_calls.ask(cellar.dispatcher, AskAllCrews())
    cellar.say_well(occurred_at=tapped_at)

    assert missing(cellar.services.roll_calls.get(cellar.dispatcher, call["id"])) == ["Alba"]


def test_the_crew_s_page_shows_the_question_until_it_is_answered(cellar: Cellar) -> None:
    """Or until the desk asks no longer."""
    services = cellar.services
    call, _ = services.roll_calls.ask(cellar.dispatcher, AskAllCrews())
    asked = services.safety.of_crew(cellar.crew, cellar.crew_id)["roll_calls"]
    services.roll_calls.end(cellar.dispatcher, call["id"], EndSafetyCall())

    assert [each["id"] for each in asked] == [call["id"]]
    assert services.safety.of_crew(cellar.crew, cellar.crew_id)["roll_calls"] == []


def test_thirteen_crews_that_answer_at_once_end_it_once(cellar: Cellar, yard: CrewYard) -> None:
    """And none of them is lost."""
    crews = [yard.put(f"Crew {number}", 2, 2) for number in range(12)]
    call, _ = cellar.services.roll_calls.ask(cellar.dispatcher, AskAllCrews())

    def answer(crew_id: int) -> None:
        cellar.services.safety.say_well(cellar.dispatcher, crew_id, SayWell())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, [cellar.crew_id, *crews]))

    after = cellar.services.roll_calls.get(cellar.dispatcher, call["id"])
    assert missing(after) == []
    assert after["ended_at"] is not None
