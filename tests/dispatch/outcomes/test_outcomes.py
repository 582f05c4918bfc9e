"""The editable list of outcomes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.outcomes.states import Effect
from dispatch.outcomes.types import SetOutcome

pytestmark = [pytest.mark.postgis, pytest.mark.usefixtures("shipped_outcomes")]
KEY = SetOutcome(name_en="Key missing", name_zh="没有钥匙", effect=Effect.NOT_DONE)


def codes(services: Services, kind: str, effect: str | None = None) -> list[str]:
    """Return the codes that are offered for a kind, of one effect if named."""
    found = services.outcomes.of_kind(kind)["outcomes"]
    return [each["code"] for each in found if effect in {None, each["effect"]}]


def test_every_shipped_kind_can_be_ended_in_all_three_ways(services: Services) -> None:
    """And in the four that crew pages without the list offer."""
    for kind in services.incidents.kinds()["kinds"]:
        outcomes = services.outcomes.of_kind(kind["code"])["outcomes"]
        assert {each["effect"] for each in outcomes} == set(Effect)
        always = {"repaired", "nothing_found", "made_safe", "no_access"}
        assert always <= {each["code"] for each in outcomes}
        assert all(each["name_en"] and each["name_zh"] for each in outcomes)


def test_an_outcome_is_added_changed_retired_and_offered_again(services: Services) -> None:
    """Each leaves an event with the outcome as it is then."""
    services.outcomes.set(SYSTEM, "gas_leak", "key_missing", KEY)
    added = codes(services, "gas_leak")
    changed = services.outcomes.set(
        SYSTEM, "gas_leak", "key_missing", KEY.model_copy(update={"name_en": "No key", "sort": 5})
    )
    first = codes(services, "gas_leak")[0]
    services.outcomes.retire(SYSTEM, "gas_leak", "key_missing")
    services.outcomes.retire(SYSTEM, "gas_leak", "key_missing")
    retired = codes(services, "gas_leak")
    services.outcomes.set(SYSTEM, "gas_leak", "key_missing", KEY)

    assert added[-1] == "key_missing"
    assert (first, changed["name_en"]) == ("key_missing", "No key")
    assert "key_missing" not in retired
    assert codes(services, "gas_leak")[0] == "key_missing"
    told = services.events.read_after(0)
    assert [each["kind"] for each in told] == [
        *("outcome.changed", "outcome.changed", "outcome.retired", "outcome.changed")
    ]
    assert told[1]["data"]["outcome"]["name_en"] == "No key"


@pytest.mark.parametrize("effect", [Effect.DONE, Effect.NOT_DONE])
def test_a_kind_keeps_its_last_way_to_say_done_and_not_done(
    services: Services, effect: Effect
) -> None:
    """Whether it would be retired or mean something else; made safe may go altogether."""
    last, *others = codes(services, "power_fault", effect)
    for code in [*others, *codes(services, "power_fault", Effect.FOLLOW_UP)]:
        services.outcomes.retire(SYSTEM, "power_fault", code)
    other = SetOutcome(name_en="x", name_zh="x", effect=Effect.FOLLOW_UP)

    with pytest.raises(Conflict, match=last):
        services.outcomes.retire(SYSTEM, "power_fault", last)
    with pytest.raises(Conflict, match=last):
        services.outcomes.set(SYSTEM, "power_fault", last, other)

    assert codes(services, "power_fault", effect) == [last]


def test_two_who_retire_the_last_two_at_once_leave_one(services: Services) -> None:
    """The rows of the kind are locked."""
    one, two, *others = codes(services, "water_leak", Effect.NOT_DONE)
    for code in others:
        services.outcomes.retire(SYSTEM, "water_leak", code)

    def retired(code: str) -> bool:
        try:
            services.outcomes.retire(SYSTEM, "water_leak", code)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(retired, (one, two)))

    assert sorted(done) == [False, True]
    assert len(codes(services, "water_leak", Effect.NOT_DONE)) == 1


def test_what_is_not_there_is_named(services: Services, dispatcher: Actor) -> None:
    """The kind, the code, or the right."""
    with pytest.raises(InvalidInput, match="kind: must be one of: gas_leak"):
        services.outcomes.of_kind("fire")
    with pytest.raises(InvalidInput, match="kind: must be one of"):
        services.outcomes.set(SYSTEM, "fire", "put_out", KEY)
    with pytest.raises(InvalidInput, match="code: must be small letters"):
        services.outcomes.set(SYSTEM, "gas_leak", "No Key!", KEY)
    with pytest.raises(NotFound):
        services.outcomes.retire(SYSTEM, "gas_leak", "unheard_of")
    with pytest.raises(NotAllowed):
        services.outcomes.set(dispatcher, "gas_leak", "key_missing", KEY)
    with pytest.raises(NotAllowed):
        services.outcomes.retire(dispatcher, "gas_leak", "no_access")
