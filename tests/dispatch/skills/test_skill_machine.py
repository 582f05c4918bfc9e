"""Whatever is done to people and tickets, a crew can do what a plain look at all of them says."""

from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from dispatch.crews.types import AddMember
from dispatch.skills.types import AddTicket
from dispatch.skills.types import WithdrawTicket
from tests.depot import Depot

_NUMBERS = count()
_DAY = timedelta(days=1)


@dataclass
class Model:
    """Who is where from when, and which days each ticket is good for, as one would note it."""

    depot: Depot
    crews: list[int]
    people: list[int] = field(default_factory=list)
    stays: list[tuple[int, int, date, date | None]] = field(default_factory=list)
    tickets: dict[int, tuple[int, str, date, date]] = field(default_factory=dict)

    def move(self, person: int, crew: int, day: date) -> None:
        """Put somebody into a crew from a day on, out of whichever before."""
        wanted = AddMember(person_id=self.people[person], from_on=day)
        services = self.depot.services
        services.members.add(self.depot.administrator, self.crews[crew], wanted)
        self.stays = [
            (who, where, first, day - _DAY if who == person and _covers(first, last, day) else last)
            for who, where, first, last in self.stays
        ]
        self.stays = [each for each in self.stays if each[3] is None or each[2] <= each[3]]
        self.stays.append((person, crew, day, None))

    def can_do(self, crew: int, day: date) -> set[str]:
        """Return what a crew can do on a day."""
        return {
            skill
            for who, where, first, last in self.stays
            if where == crew and _covers(first, last, day)
            for holder, skill, begins, ends in self.tickets.values()
            if holder == who and begins <= day <= ends
        }


def _covers(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


_PEOPLE, _CREWS = st.integers(0, 1), st.integers(0, 1)
_STEPS = st.one_of(
    st.tuples(st.just("move"), _PEOPLE, _CREWS),
    st.tuples(st.just("ticket"), _PEOPLE, st.sampled_from(["gas", "heat"]), st.integers(-1, 3)),
    st.tuples(st.just("withdraw"), st.integers(0, 5)),
    st.tuples(st.just("night")),
)


def _take(model: Model, step: tuple[object, ...], today: date) -> None:
    """Do one thing to the depot and to the model of it."""
    depot = model.depot
    match step:
        case "move", int(person), int(crew):
            model.move(person, crew, today)
        case "ticket", int(person), str(skill), int(left):
            first, last = today - _DAY, today + left * _DAY
            wanted = AddTicket(skill=skill, valid_from=first, valid_until=last)
            services = depot.services
            made = services.tickets.add(depot.administrator, model.people[person], wanted)
            model.tickets[made["id"]] = (person, skill, first, last)
        case "withdraw", int(number) if model.tickets:
            ticket_id = sorted(model.tickets)[number % len(model.tickets)]
            why = WithdrawTicket(reason="lost")
            depot.services.tickets.withdraw(depot.administrator, ticket_id, why)
            del model.tickets[ticket_id]
        case ("night",):
            depot.pass_days(1)
        case _:
            assert not model.tickets, step


@settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(_STEPS, min_size=4, max_size=14))
def test_skills_follow_people_and_tickets_through_days_and_changes(
    depot: Depot, steps: list[tuple[object, ...]]
) -> None:
    """After each step; at midnight the deadlines alone see to it."""
    number = next(_NUMBERS)
    crews = [depot.crew(f"Crew {number}.{each}") for each in range(2)]
    model = Model(depot, crews)
    for each in range(2):
        model.people.append(depot.member(crews[each], f"Person {each}"))
        model.stays.append((each, each, depot.today, None))

    for step in steps:
        _take(model, step, depot.today)

        for place, crew_id in enumerate(crews):
            found = depot.of(crew_id)
            assert set(found["skills"]) == model.can_do(place, depot.today), step
            assert not {each["skill"] for each in found["lapsed"]} & set(found["skills"])
