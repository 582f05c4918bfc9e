"""Shifts of crews: planned by rota and by hand, never two of one crew at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.field_errors import refused
from dispatch.crews.states import Duty
from dispatch.events.models import Event
from dispatch.incidents.types import IncidentAnswer
from dispatch.proposals.types import Propose
from dispatch.shifts.duty_facts import duty_hours
from dispatch.shifts.duty_hours import RestLimit
from dispatch.shifts.rota_types import SetRotation
from dispatch.shifts.states import RotaMark
from dispatch.shifts.types import AddShift
from dispatch.shifts.types import CancelShift
from dispatch.shifts.types import ChangeShift
from tests.dispatch.shifts.conftest import Rota

Verdicts = Callable[[], dict[str, tuple[str, list[str]]]]


def rotation(rota: Rota, cycle: list[list[int]], crews: dict[int, int]) -> SetRotation:
    """Return a rotation from tomorrow on; of each crew the day on which it begins."""
    rotating = [{"crew_id": each, "offset_days": offset} for each, offset in crews.items()]
    starts_on = (rota.services.shifts.today() + timedelta(days=1)).isoformat()
    wanted = {"name": "Four", "starts_on": starts_on, "cycle": cycle, "crews": rotating}
    return SetRotation.read(wanted)


def as_sent(fields: dict[str, object]) -> AddShift:
    """Return what the API makes of a body."""
    try:
        return AddShift.read_json(json.dumps(fields).encode())
    except ValidationError as error:
        raise refused(error) from None


def test_a_second_shift_at_the_same_time_is_refused_by_name(rota: Rota) -> None:
    """Shifts that only meet are two shifts."""
    alpha = rota.crew("Alpha")
    rota.shift(alpha, 2, 10)

    rota.shift(alpha, 10, 12)
    with pytest.raises(Conflict) as refusal:
        rota.shift(alpha, 9, 11, name="Late")

    assert refusal.value.code == "shift_overlaps"
    assert "Alpha has the shift Day" in refusal.value.message()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"begins_at": "2026-06-01T20:00Z", "ends_at": "2026-06-01T08:00Z"}, "ends_at"),
        ({"begins_at": "2026-06-01T20:00Z", "ends_at": "2026-06-09T08:00Z"}, "ends_at"),
        ({"begins_at": "2026-06-01T20:00Z"}, "ends_at"),
        ({"day": "2026-06-31", "from_time": "08:00", "to_time": "16:00"}, "day"),
        ({"day": "2026-06-01", "template_id": 99}, "template_id"),
        ({"day": "2026-06-01", "template_id": 1, "from_time": "08:00"}, "from_time"),
        ({"crew_id": 99, "day": "2026-06-01", "from_time": "08:00", "to_time": "9:00"}, "to_time"),
        ({"crew_id": 99, "day": "2026-06-01", "from_time": "08:00", "to_time": "09:00"}, "crew_id"),
    ],
)
def test_what_is_no_shift_is_refused_by_field(
    rota: Rota, fields: dict[str, object], field: str
) -> None:
    """An end before the beginning, a day that is none, an unknown crew: nothing is written."""
    alpha = rota.crew("Alpha")

    with pytest.raises(InvalidInput) as refusal:
        rota.services.shifts.add(rota.planner, as_sent({"crew_id": alpha.crew_id, **fields}))

    assert [each.field for each in refusal.value.fields] == [field]
    assert rota.services.shifts.list(rota.planner)["shifts"] == []


def test_two_planners_give_one_crew_one_shift(rota: Rota) -> None:
    """Of eight that plan it at the same moment one succeeds; the others are told."""
    alpha = rota.crew("Alpha")

    def plan(number: int) -> str:
        try:
            rota.shift(alpha, number / 10, 10)
        except Conflict as refusal:
            return refusal.code
        return "planned"

    with ThreadPoolExecutor(8) as planners:
        told = sorted(planners.map(plan, range(8)))

    assert told == ["planned"] + ["shift_overlaps"] * 7


def test_a_rotation_plans_weeks_ahead_and_leaves_alone_what_was_changed_by_hand(
    rota: Rota,
) -> None:
    """A cancelled shift does not come back; the others follow the rotation when it changes."""
    services, planner = rota.services, rota.planner
    alpha, bravo = (rota.crew(name).crew_id or 0 for name in ("Alpha", "Bravo"))
    day = rota.template("Day", "08:00", "20:00")
    night = rota.template("Night", "20:00", "08:00")
    four = rotation(rota, [[day], [night], [], []], {alpha: 0, bravo: 2})
    made = services.rota.set_rotation(planner, None, four)
    first = services.shifts.today() + timedelta(days=1)
    second = first + timedelta(days=1)
    ill = services.shifts.list(planner, second, second, alpha)["shifts"][-1]
    services.shifts.cancel(planner, ill["id"], CancelShift(reason="ill"))

    alone = rotation(rota, [[day], [night], [day], []], {alpha: 0})
    services.rota.set_rotation(planner, made["rotation"]["id"], alone)

    assert made["added"] == 42  # one each day, of the six weeks from tomorrow
    shifts = services.shifts.list(planner, first, first + timedelta(days=4))["shifts"]
    assert [(each["day"], each["name"], each["crew_id"]) for each in shifts] == [
        ((first + timedelta(days=ahead)).isoformat(), "Day", alpha) for ahead in (0, 2, 4)
    ]
    ended = services.rota.retire_rotation(planner, made["rotation"]["id"])
    assert (ended["added"], ended["removed"] > 0) == (0, True)
    assert services.shifts.list(planner, first, first + timedelta(days=42))["shifts"] == []


def test_a_rotation_that_would_overlap_is_refused_as_a_whole(rota: Rota) -> None:
    """Three days from now the crew has another shift: the crew, the shift and the day are told."""
    services, planner = rota.services, rota.planner
    alpha = rota.crew("Alpha")
    day = rota.template("Day", "08:00", "20:00")
    on = services.shifts.today() + timedelta(days=3)
    single = {"crew_id": alpha.crew_id, "day": on.isoformat(), "template_id": day}
    services.shifts.add(planner, AddShift.read({**single, "name": "Training"}))

    with pytest.raises(Conflict) as refusal:
        services.rota.set_rotation(planner, None, rotation(rota, [[day]], {alpha.crew_id or 0: 0}))

    assert refusal.value.extra["day"] == on.isoformat()
    assert "Training" in refusal.value.message()
    assert services.rota.rotations(planner)["rotations"] == []
    assert len(services.shifts.list(planner, on, on)["shifts"]) == 1


def test_the_worker_plans_on_day_by_day_and_leaves_out_what_overlaps(rota: Rota) -> None:
    """After ten days there are shifts for ten more, but for the day with another shift."""
    services, planner = rota.services, rota.planner
    alpha = rota.crew("Alpha")
    day = rota.template("Day", "08:00", "20:00")
    services.rota.set_rotation(planner, None, rotation(rota, [[day]], {alpha.crew_id or 0: 0}))
    last = services.shifts.today() + timedelta(days=42)
    taken = last + timedelta(days=5)
    single = {"crew_id": alpha.crew_id, "day": taken.isoformat(), "template_id": day}
    services.shifts.add(planner, AddShift.read({**single, "name": "Training"}))

    rota.clock.forward(10 * 86_400)
    services.deadlines.run_due()

    shifts = services.shifts.list(planner, last + timedelta(days=1), last + timedelta(days=30))
    found = [(date.fromisoformat(each["day"]), each["name"]) for each in shifts["shifts"]]
    expected = [last + timedelta(days=ahead) for ahead in range(1, 11)]
    assert found == [(each, "Training" if each == taken else "Day") for each in expected]


def test_a_change_that_somebody_else_was_faster_with_is_refused(rota: Rota) -> None:
    """And one that keeps the version moves the shift."""
    services, planner = rota.services, rota.planner
    shift = rota.shift(rota.crew("Alpha"), 2, 10)
    times = {"begins_at": rota.at(3), "ends_at": rota.at(11), "expected_version": 0}

    moved = services.shifts.change(planner, shift["id"], ChangeShift.read(times))
    with pytest.raises(Conflict) as refusal:
        services.shifts.change(planner, shift["id"], ChangeShift.read(times))

    assert moved["version"] == 1
    assert refusal.value.code == "shift_changed"


def test_only_who_plans_may_plan(rota: Rota, dispatcher: Actor) -> None:
    """A crew and a dispatcher read."""
    alpha = rota.crew("Alpha")
    rota.shift(alpha, 2, 10)
    wanted = AddShift.read(
        {"crew_id": alpha.crew_id, "begins_at": rota.at(20), "ends_at": rota.at(21)}
    )

    for actor in (alpha, dispatcher):
        days = (rota.services.shifts.today(), rota.services.shifts.today() + timedelta(days=2))
        assert len(rota.services.shifts.list(actor, *days)["shifts"]) == 1
        with pytest.raises(NotAllowed):
            rota.services.shifts.add(actor, wanted)


def test_the_end_of_its_shift_speaks_against_a_crew_that_would_arrive_after_it(
    rota: Rota, verdicts: Verdicts
) -> None:
    """Judged by the time of arrival: a minute is left; one hour is enough; no rota, no reason."""
    rota.shift(rota.crew("Leaving", 3), -8, 1 / 60)
    rota.shift(rota.crew("Staying", 3), -8, 1)
    rota.crew("Free", 3)

    judged = verdicts()

    assert judged["Leaving"] == ("excluded", ["shift_ends"])
    assert "shift_ends" not in judged["Staying"][1]
    assert judged["Free"][0] != "excluded"


def test_on_duty_outside_the_rota_is_marked_and_so_is_who_does_not_come(
    rota: Rota, verdicts: Verdicts, dispatcher: Actor
) -> None:
    """In the list of candidates, and for the board."""
    helping, absent = rota.crew("Helping"), rota.crew("Absent", duty=Duty.OFF_DUTY)
    rota.shift(helping, 20, 28)
    rota.shift(absent, -1, 7)

    judged = verdicts()

    assert judged["Helping"][1][-1] == "outside_rota"
    assert judged["Absent"] == ("excluded", ["off_duty", "rota_says_on_duty"])
    marks = {
        each["crew_id"]: each["mark"] for each in rota.services.shifts.now(dispatcher)["crews"]
    }
    assert marks == {helping.crew_id: RotaMark.OUTSIDE, absent.crew_id: RotaMark.MISSING}


def test_a_crew_is_told_that_its_shift_ends_and_the_desk_too(
    rota: Rota, services: Services
) -> None:
    """Half an hour before, once; not one whose next shift follows, nor one off duty."""
    ending, going_on, gone = rota.crew("Ending"), rota.crew("Going"), rota.crew("Gone")
    for crew in (ending, going_on, gone):
        rota.shift(crew, -6, 2)
    rota.shift(going_on, 2, 6)
    rota.set_duty(gone, Duty.OFF_DUTY)

    services.deadlines.run_due()
    rota.clock.forward(1.5 * 3600)
    services.deadlines.run_due()
    rota.clock.forward(60)
    services.deadlines.run_due()

    assert told(services, "shift.ending") == [ending.crew_id]


def test_hours_on_duty_are_counted_from_the_log_breaks_included(rota: Rota) -> None:
    """Twelve hours of the last 24, of which one was a break; then the night off."""
    alpha = rota.crew("Alpha", duty=Duty.OFF_DUTY)
    limit = RestLimit(after_s=12 * 3600, within_s=24 * 3600)

    def rests(after_hours: float, duty: Duty) -> bool:
        rota.clock.forward(after_hours * 3600)
        rota.set_duty(alpha, duty)
        with rota.services.work.reading() as session:
            known = duty_hours(session, [alpha.crew_id or 0], rota.clock(), limit)
        return any(each.rest_due for each in known.values())

    assert not rests(0, Duty.ON_DUTY)
    assert not rests(8, Duty.ON_BREAK)
    assert not rests(1, Duty.ON_DUTY)  # 9 hours
    assert rests(3, Duty.OFF_DUTY)  # 12 hours
    assert not rests(13, Duty.ON_DUTY)  # 11 of the last 24


def told(services: Services, kind: str) -> list[int | None]:
    """Return the crews that events of a kind are about."""
    with services.work.reading() as session:
        return list(session.scalars(select(Event.crew_id).where(Event.kind == kind)))


def test_many_incidents_are_judged_by_shifts_as_one_is(
    rota: Rota, pin: Callable[..., IncidentAnswer], dispatcher: Actor
) -> None:
    """A crew whose shift ends is proposed for nothing that it would come to afterwards."""
    rota.shift(rota.crew("Leaving", 1), -8, 1 / 60)
    staying = rota.crew("Staying", 6)
    rota.shift(staying, -8, 8)
    incident = pin(2, 3)["id"]

    answer, _ = rota.services.proposals.propose(dispatcher, Propose())

    (row,) = answer["rows"]
    assert (row["incident_id"], row["crew"] and row["crew"]["crew_id"]) == (
        incident,
        staying.crew_id,
    )
