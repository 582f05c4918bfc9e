"""Merges against all else, with real transactions: nothing lost, nothing twice, no circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.incidents.types import AddReport
from dispatch.merging import merge_rows
from dispatch.merging.models import IncidentMerge
from dispatch.merging.types import MergeIncident
from dispatch.merging.types import UnmergeIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
NEVER = {
    "a live order of an incident that is over": """
        SELECT one.id FROM live AS one JOIN incident ON incident.id = incident_id
        WHERE incident.state IN ('merged', 'cancelled', 'closed')""",
    "two live orders of a crew for one incident": """
        SELECT crew_id FROM live GROUP BY crew_id, incident_id HAVING count(*) > 1""",
    "a gap in a crew's queue": """
        SELECT crew_id FROM live GROUP BY crew_id HAVING max(rank) <> count(*) - 1""",
    "a merged incident that leads to a merged one": """
        SELECT one.id FROM incident AS one JOIN incident AS other ON other.id = one.merged_into
        WHERE other.merged_into IS NOT NULL""",
    "a merge without its step, or a step without its merge": """
        SELECT incident.id FROM incident LEFT JOIN incident_merge AS step
            ON step.incident_id = incident.id AND step.unmerged_at IS NULL
        WHERE (merged_into IS NULL) <> (step.id IS NULL)""",
    "an incident whose state its orders do not give": """
        SELECT incident.id FROM incident WHERE merged_into IS NULL AND state <> 'cancelled'
            AND (state = 'assigned') <> EXISTS (SELECT FROM live WHERE incident_id = incident.id)
    """,
}
LIVE = """
    WITH live AS (SELECT * FROM assignment
        WHERE state IN ('offered', 'accepted', 'en_route', 'on_scene'))
"""


def check(engine: Engine) -> None:
    """Look for what may never be."""
    with engine.connect() as connection:
        for what, query in NEVER.items():
            assert connection.execute(text(LIVE + query)).all() == [], what


def attempt(call: Callable[[], object]) -> str:
    """Do it, and return the code of what refused it."""
    try:
        call()
    except Conflict as conflict:
        return conflict.code
    return "done"


@pytest.mark.parametrize("rounds", [10, pytest.param(50, marks=pytest.mark.long)])
def test_a_send_and_a_merge_at_one_instant(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    owner_engine: Engine,
    rounds: int,
) -> None:
    """The order is first, and moves over; or the merge is, and the send is told where to."""
    crew_id = yard.put("A", 1, 1)
    seen = set()
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            one, two = pin(3, 3)["id"], pin(3, 3.1)["id"]
            start = Barrier(2)

            def send(incident_id: int = one, start: Barrier = start) -> object:
                start.wait()
                return services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew_id))

            def merge(incident_id: int = one, into: int = two, start: Barrier = start) -> object:
                start.wait()
                wanted = MergeIncident(into=into, orders="move")
                return services.merging.merge(dispatcher, incident_id, wanted)

            sent, merged = pool.map(attempt, (send, merge))

            check(owner_engine)
            assert (sent, merged) in {("done", "done"), ("incident_ended", "done")}
            orders = services.incidents.get(dispatcher, two)["assignments"]
            assert len(orders) == (sent == "done")
            seen.add(sent)
            services.decisions.cancel(dispatcher, two, Step(reason="next round"))
    assert seen <= {"done", "incident_ended"}


def test_what_was_taken_out_and_merged_again_meanwhile_is_taken_out_of_the_newer_merge(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    owner_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever is slower had read the step of the merge that is over."""
    one, two = pin(3, 3)["id"], pin(3, 3.1)["id"]
    merging = services.merging
    merging.merge(dispatcher, one, MergeIncident(into=two))
    read = merge_rows.standing

    def overtaken(session: Session, incident_id: int) -> IncidentMerge | None:
        step = read(session, incident_id)
        monkeypatch.setattr(merge_rows, "standing", read)
        merging.unmerge(dispatcher, one, UnmergeIncident())
        merging.merge(dispatcher, one, MergeIncident(into=two))
        return step

    monkeypatch.setattr(merge_rows, "standing", overtaken)
    merging.unmerge(dispatcher, one, UnmergeIncident())

    check(owner_engine)
    with owner_engine.connect() as connection:
        steps = connection.scalars(text("SELECT unmerged_at IS NULL FROM incident_merge")).all()
    assert steps == [False, False]


def test_merges_in_all_directions_leave_a_forest_and_lose_no_caller(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, owner_engine: Engine
) -> None:
    """Crossing merges, partings, sends, steps and calls: each is done or refused by name."""
    random = Random(32)  # noqa: S311  (a repeatable shuffle, no secret)
    crews = [yard.put(f"Crew {number}", 1, 1) for number in range(3)]
    codes: set[str] = set()
    calls = 0
    with ThreadPoolExecutor(6) as pool:
        for _ in range(5):
            places = [pin(3, 3 + number / 10)["id"] for number in range(4)]
            actions: list[Callable[[], object]] = []
            for _ in range(5):
                one, two = random.choice(places), random.choice(places)
                crew_id = random.choice(crews)
                step = MergeIncident(into=two, orders=random.choice(["move", "withdraw"]))
                told = AddReport(channel="call", caller_phone=str(calls))
                send = SendCrew(crew_id=crew_id, queue=True)
                calls += 1
                actions += [
                    lambda one=one, step=step: services.merging.merge(dispatcher, one, step),  # type: ignore[misc]  # bound now
                    lambda two=two: services.merging.unmerge(dispatcher, two, UnmergeIncident()),  # type: ignore[misc]  # bound now
                    lambda one=one, send=send: services.sending.send(dispatcher, one, send),  # type: ignore[misc]  # bound now
                    lambda two=two, told=told: services.reports.add(dispatcher, two, told),  # type: ignore[misc]  # bound now
                ]
            random.shuffle(actions)
            codes |= set(pool.map(attempt, actions))
            check(owner_engine)
            ends = {
                services.incidents.get(dispatcher, each)["merged_into"] or each for each in places
            }
            told_in_all = sum(services.reports.list(dispatcher, each)["total"] for each in ends)
            assert told_in_all == len(places) + 5
            for each in ends:
                services.decisions.cancel(dispatcher, each, Step(reason="next round"))

    assert codes <= {
        "done",
        "incident_ended",
        "into_ended",
        "merge_into_itself",
        "not_merged",
        "already_assigned",
    }
    assert "done" in codes
