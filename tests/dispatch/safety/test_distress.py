"""SOS: loud until somebody takes it, and never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from dispatch.access.permissions import Role
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.instants import instant
from dispatch.safety.states import SOS_TAKE_S
from dispatch.safety.types import EndSafetyCall
from dispatch.safety.types import RaiseSos
from dispatch.safety.types import SosAnswer
from dispatch.safety.types import TakeSos
from tests.conftest import CrewYard
from tests.conftest import People
from tests.dispatch.safety.conftest import Cellar

pytestmark = pytest.mark.postgis


def raised(cellar: Cellar, **fields: object) -> SosAnswer:
    """Raise an SOS as the crew."""
    wanted = RaiseSos.read(fields)
    return cellar.services.sos.raise_sos(cellar.crew, cellar.crew_id, wanted)


def test_a_crew_s_call_carries_its_place_and_its_own_time(cellar: Cellar) -> None:
    """Raised without signal at a place, sent three minutes later."""
    cellar.arrive()
    raised_at = cellar.clock()
    cellar.clock.forward(180)
    sos = raised(cellar, lon=7.42, lat=43.73, occurred_at=raised_at, client_id="sos")

    assert (sos["raised_at"], sos["received_at"]) == (instant(raised_at), instant(cellar.clock()))
    assert (sos["lon"], sos["lat"], sos["fixed_at"]) == (7.42, 43.73, instant(raised_at))
    assert (sos["incident_id"], sos["assignment_id"]) == (cellar.incident["id"], cellar.order["id"])
    (event,) = cellar.events("sos")
    assert event["data"]["late_s"] == 180


def test_a_call_without_a_place_has_the_last_known_one(cellar: Cellar) -> None:
    """With its age: better than nothing, and honest."""
    known_at = cellar.clock()
    cellar.clock.forward(600)
    sos = raised(cellar)

    assert sos["lon"] is not None
    assert sos["fixed_at"] == instant(known_at)


def test_pressed_again_it_is_the_same_call_with_a_newer_place(cellar: Cellar) -> None:
    """Fear presses more than once; one thing to take."""
    first = raised(cellar, lon=7.42, lat=43.73)
    cellar.clock.forward(10)
    again = raised(cellar, lon=7.43, lat=43.73)

    assert again["id"] == first["id"]
    assert again["lon"] == 7.43
    assert len(cellar.services.safety.board(cellar.dispatcher)["sos"]) == 1


def test_the_crew_sees_who_has_taken_it_and_only_a_desk_ends_it(cellar: Cellar) -> None:
    """Not ended unlooked at, and not by the crew's own phone in whoever's hands."""
    sos, services = raised(cellar), cellar.services
    with pytest.raises(Conflict) as refused:
        services.sos.end(cellar.dispatcher, sos["id"], EndSafetyCall())
    assert refused.value.code == "sos_not_taken"
    services.sos.take(cellar.dispatcher, sos["id"], TakeSos())
    shown = services.safety.of_crew(cellar.crew, cellar.crew_id)["sos"]
    with pytest.raises(NotAllowed):
        services.sos.end(cellar.crew, sos["id"], EndSafetyCall())
    services.sos.end(cellar.dispatcher, sos["id"], EndSafetyCall(reason="all well"))

    assert shown is not None
    assert shown["taken_by"] == "dora"
    assert services.safety.of_crew(cellar.crew, cellar.crew_id)["sos"] is None
    assert services.safety.board(cellar.dispatcher)["sos"] == []


def test_the_supervisor_is_told_of_a_call_that_nobody_takes(cellar: Cellar) -> None:
    """After a minute, once; not of one that was taken."""
    raised(cellar)
    assert cellar.pass_time(SOS_TAKE_S - 1) == 0
    assert cellar.pass_time(1) == 1
    (sos,) = cellar.services.safety.board(cellar.dispatcher)["sos"]
    assert sos["escalated_at"] == instant(cellar.clock())

    cellar.services.sos.take(cellar.dispatcher, sos["id"], TakeSos())
    cellar.services.sos.end(cellar.dispatcher, sos["id"], EndSafetyCall())
    second = raised(cellar)
    cellar.services.sos.take(cellar.dispatcher, second["id"], TakeSos())
    assert cellar.pass_time(3600) == 0


def test_of_ten_desks_that_take_one_call_at_once_one_does(cellar: Cellar, people: People) -> None:
    """The others hear who."""
    sos = raised(cellar)
    desks = [people.sign_up(f"desk{number}", Role.DISPATCHER) for number in range(10)]
    together = Barrier(10)

    def take(number: int) -> str:
        together.wait()
        try:
            taken = cellar.services.sos.take(desks[number], sos["id"], TakeSos())
        except Conflict as refused:
            return str(refused.extra["by"])
        return str(taken["taken_by"])

    with ThreadPoolExecutor(10) as pool:
        said = set(pool.map(take, range(10)))

    assert len(said) == 1
    assert len(cellar.events("sos.taken")) == 1
    (board,) = cellar.services.safety.board(cellar.dispatcher)["sos"]
    assert said == {board["taken_by"]}


def test_two_phones_of_one_crew_make_one_call(cellar: Cellar, yard: CrewYard) -> None:
    """At the same instant, too; another crew's is another."""
    other = yard.put("Berta", 2, 2)
    together = Barrier(8)

    def press(_: int) -> int:
        together.wait()
        return raised(cellar)["id"]

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(press, range(8)))
    theirs = cellar.services.sos.raise_sos(cellar.dispatcher, other, RaiseSos())

    assert len(ids) == 1
    assert theirs["id"] not in ids


def test_a_time_from_the_future_is_now(cellar: Cellar) -> None:
    """A phone with a wrong clock is no later than the server."""
    sos = raised(cellar, occurred_at=cellar.clock() + timedelta(hours=1))

    assert sos["raised_at"] == sos["received_at"]
