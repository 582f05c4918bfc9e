"""Offers raced for with real transactions: one crew has the order, or nobody has, never two."""

from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.offers.types import AnswerOffer
from dispatch.offers.types import MakeOffer
from dispatch.offers.types import WithdrawOffer
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
CREWS, PRESSES, AT_ONCE = 20, 5, 20
_STORED = text(
    "SELECT o.state, o.taken_by_id, count(a.id) AS orders, min(a.crew_id) AS crew_id,"
    " (SELECT count(*) FROM deadline WHERE done_at IS NULL AND kind = 'offer_ends') AS undone"
    " FROM offer o"
    " LEFT JOIN assignment a ON a.incident_id = o.incident_id WHERE o.id = :id"
    " GROUP BY o.id"
)


@pytest.fixture
def phones(yard: CrewYard) -> list[Actor]:
    """Return crews around the incident, each as it acts on its phone."""
    return [
        Actor(
            None, f"c{number}", f"c{number}", frozenset({Role.CREW}), yard.put(f"C{number}", 4, 5)
        )
        for number in range(CREWS)
    ]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Return threads that act at once."""
    with ThreadPoolExecutor(AT_ONCE) as made:
        yield made


def _at_once(pool: ThreadPoolExecutor, acts: list[Callable[[], Any]]) -> list[Any]:
    """Run all, the first of them in one instant; return what each answers or is refused with."""
    start = Barrier(min(len(acts), AT_ONCE))

    def run(numbered: tuple[int, Callable[[], Any]]) -> Any:  # noqa: ANN401  (any answer)
        number, act = numbered
        if number < start.parties:
            start.wait()
        try:
            return act()
        except Conflict as refused:
            return refused

    return list(pool.map(run, enumerate(acts)))


def _stored(engine: Engine, offer_id: int) -> Any:  # noqa: ANN401  (a result row)
    with engine.connect() as connection:
        return connection.execute(_STORED, {"id": offer_id}).one()


@pytest.mark.parametrize("rounds", [10, pytest.param(50, marks=pytest.mark.long)])
def test_of_a_hundred_accepts_in_one_instant_one_crew_wins(  # noqa: PLR0917  (fixtures)
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    phones: list[Actor],
    pool: ThreadPoolExecutor,
    owner_engine: Engine,
    rounds: int,
) -> None:
    """Twenty crews press five times each; all others hear who was faster, the winner its order."""
    wanted = MakeOffer(crew_ids=[each.crew_id or 0 for each in phones], accept_within_s=60)
    for _ in range(rounds):
        incident_id = pin(5, 5)["id"]
        offer, _ = services.offers.make(dispatcher, incident_id, wanted)

        answers = _at_once(
            pool,
            [
                lambda phone=phone, id_=offer["id"]: services.offer_answers.accept(  # type: ignore[misc]  # bound now
                    phone, id_, AnswerOffer()
                )[0]
                for _ in range(PRESSES)
                for phone in phones
            ],
        )

        stored = _stored(owner_engine, offer["id"])
        won = [each for each in answers if not isinstance(each, Conflict)]
        lost = [each for each in answers if isinstance(each, Conflict)]
        assert (stored.state, stored.orders, stored.undone) == ("taken", 1, 0)
        assert {each["crew_id"] for each in won} == {stored.crew_id} == {stored.taken_by_id}
        assert len(won) == PRESSES
        assert len(won) + len(lost) == CREWS * PRESSES
        assert {(each.code, each.extra["crew_id"]) for each in lost} == {
            ("offer_taken", stored.crew_id)
        }
        services.decisions.cancel(dispatcher, incident_id, Step(reason="next round"))


@pytest.mark.parametrize(
    ("rival", "rounds"),
    [
        ("deadline", 10),
        pytest.param("deadline", 50, marks=pytest.mark.long),
        ("withdraw", 10),
        ("send", 10),
        ("cancel", 10),
    ],
)
def test_an_accept_and_what_ends_the_offer_never_both_happen(  # noqa: PLR0917  (fixtures)
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    phones: list[Actor],
    pool: ThreadPoolExecutor,
    owner_engine: Engine,
    clock: SettableClock,
    rival: str,
    rounds: int,
) -> None:
    """Whichever is first; the other is refused, or finds nothing to do."""
    phone, other = phones[:2]
    outcomes = set()
    for _ in range(rounds):
        incident_id = pin(5, 5)["id"]
        wanted = MakeOffer(crew_ids=[phone.crew_id or 0], accept_within_s=60)
        offer_id = services.offers.make(dispatcher, incident_id, wanted)[0]["id"]
        clock.forward(60)
        rivals: dict[str, Callable[[], Any]] = {
            "deadline": services.deadlines.run_due,
            "withdraw": lambda id_=offer_id: services.offers.withdraw(  # type: ignore[misc]  # bound now
                dispatcher, id_, WithdrawOffer()
            ),
            "send": lambda id_=incident_id: services.sending.send(  # type: ignore[misc]  # bound now
                dispatcher, id_, SendCrew(crew_id=other.crew_id or 0)
            ),
            "cancel": lambda id_=incident_id: services.decisions.cancel(  # type: ignore[misc]  # bound now
                dispatcher, id_, Step()
            ),
        }

        def accept(id_: int = offer_id) -> Any:  # noqa: ANN401  (an order)
            return services.offer_answers.accept(phone, id_, AnswerOffer())[0]

        accepted, _ = _at_once(pool, [accept, rivals[rival]])

        stored = _stored(owner_engine, offer_id)
        outcomes.add(stored.state)
        won = not isinstance(accepted, Conflict)
        assert won == (stored.state == "taken") == (stored.taken_by_id is not None)
        assert stored.orders == won + (rival == "send")
        assert stored.undone == 0
        if rival != "cancel":
            services.decisions.cancel(dispatcher, incident_id, Step(reason="next round"))
    assert outcomes <= {"taken", "expired", "withdrawn", "ended"}
