"""Members of crews: who they are, who may call them, and what the crew can do with them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.crews.types import AddMember
from dispatch.crews.types import ChangeMember
from dispatch.crews.types import ChangePerson
from tests.conftest import People
from tests.depot import Depot
from tests.looking import looking

_PHONE = "+86 000 0000 0001"


def test_telephones_are_for_those_who_may_call(
    depot: Depot, dispatcher: Actor, integration: Actor, people: People
) -> None:
    """The desk and the crew itself; a program sees the names, another crew nothing."""
    crew_id = depot.crew("Anna")
    depot.member(crew_id, "Person A", phone=_PHONE, leads=True)
    phone = people.sign_up("anna", Role.CREW, crew_id=crew_id)
    other = people.sign_up("berta", Role.CREW, crew_id=depot.crew("Berta"))

    def seen(actor: Actor) -> str:
        [member] = depot.services.members.card(actor, crew_id)["members"]
        assert member["name"] == "Person A"
        return member["phone"]

    assert [seen(each) for each in (dispatcher, phone, integration)] == [_PHONE, _PHONE, ""]
    with pytest.raises(NotAllowed):
        depot.services.members.card(other, crew_id)


def test_no_event_and_no_kept_request_holds_a_name_or_a_telephone(depot: Depot) -> None:
    """Of adding and changing a person; what was changed is told by the names of the fields."""
    crew_id = depot.crew("Anna")
    person_id = depot.member(crew_id, "Person A", phone=_PHONE, client_id="once")
    change = ChangePerson(name="Person B", phone="+86 000 0000 0002")
    depot.services.members.change_person(depot.administrator, person_id, change)

    query = text("SELECT data::text FROM event UNION ALL SELECT answer::text FROM idempotency_key")
    with looking(depot.services.engine) as connection:
        stored = " ".join(str(row[0]) for row in connection.execute(query))

    assert "000 0000" not in stored
    assert "Person" not in stored.replace("person", "")


def test_a_person_who_comes_from_another_crew_leaves_it_and_takes_the_skill_along(
    depot: Depot,
) -> None:
    """In one step, on the same day; both crews can do what their members can from then on."""
    anna, berta = depot.crew("Anna"), depot.crew("Berta")
    earlier = depot.today - timedelta(days=10)
    person_id = depot.member(anna, "Person A", from_on=earlier)
    depot.ticket(person_id)

    depot.services.members.add(depot.administrator, berta, AddMember(person_id=person_id))

    assert (depot.of(anna)["skills"], depot.of(berta)["skills"]) == ([], ["gas"])
    card = depot.services.members.card(depot.administrator, anna)
    [past] = card["past_members"]
    yesterday = depot.today - timedelta(days=1)
    assert (card["members"], past["until_on"]) == ([], yesterday.isoformat())


def test_a_member_from_tomorrow_on_brings_the_skill_at_midnight(depot: Depot) -> None:
    """Not today; and takes it away the day after the last one."""
    crew_id = depot.crew("Anna")
    tomorrow = depot.today + timedelta(days=1)
    depot.ticket(depot.member(crew_id, "Person A", from_on=tomorrow, until_on=tomorrow))
    found = [depot.of(crew_id)["skills"]]

    for _ in range(2):
        depot.pass_days(1)
        found.append(depot.of(crew_id)["skills"])

    assert found == [[], ["gas"], []]


def test_of_two_leaders_the_later_named_leads(depot: Depot) -> None:
    """A crew has one leader at a time; the constraint would refuse two."""
    crew_id = depot.crew("Anna")
    depot.member(crew_id, "Person A", leads=True)
    depot.member(crew_id, "Person B", leads=True)
    card = depot.services.members.card(depot.administrator, crew_id)
    assert [(each["name"], each["leads"]) for each in card["members"]] == [
        ("Person B", True),
        ("Person A", False),
    ]

    wanted = ChangeMember(leads=True)
    last = card["members"][1]["id"]
    depot.services.members.change(depot.administrator, crew_id, last, wanted)

    card = depot.services.members.card(depot.administrator, crew_id)
    assert [each["leads"] for each in card["members"]] == [True, False]
    assert card["members"][0]["name"] == "Person A"


def test_a_personnel_number_and_an_account_are_one_persons(depot: Depot, people: People) -> None:
    """Refused on the field; nothing of the second person is kept."""
    crew_id = depot.crew("Anna")
    people.sign_up("anna", Role.CREW, crew_id=crew_id)
    depot.member(crew_id, "Person A", personnel_number="7", username="anna")

    for field, value in (("personnel_number", "7"), ("username", "anna")):
        with pytest.raises(InvalidInput) as refused:
            depot.member(crew_id, "Person B", **{field: value})
        assert refused.value.fields[0].field == field

    assert len(depot.services.members.card(depot.administrator, crew_id)["members"]) == 1
