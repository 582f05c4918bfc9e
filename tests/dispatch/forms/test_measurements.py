"""What a crew measures, and what the end of its order needs of that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.forms.types import BreachAnswer
from dispatch.forms.types import SetForm
from dispatch.forms.types import TakeMeasurement
from dispatch.outcomes.types import Complete
from dispatch.writes.command import Step
from tests.conftest import SettableClock
from tests.dispatch.forms.conftest import OnScene
from tests.dispatch.forms.conftest import Pin
from tests.dispatch.forms.conftest import changed
from tests.dispatch.forms.conftest import requiring

pytestmark = [pytest.mark.postgis, pytest.mark.usefixtures("shipped_forms")]


def test_several_measurements_over_time_are_kept_each_with_its_own(
    services: Services, dispatcher: Actor, pin: Pin, on_scene: OnScene, clock: SettableClock
) -> None:
    """By the crew's clock, whatever the order in which they arrive; never later than now."""
    crew = on_scene(pin(2, 2)["id"])
    now = clock()

    crew.measure({"concentration": "4,5"}, occurred_at=now - timedelta(minutes=1))
    crew.measure({"concentration": 12}, occurred_at=now - timedelta(minutes=9))
    crew.measure({"concentration": 1}, occurred_at=now + timedelta(hours=2))

    listed = services.measurements.list(dispatcher, crew.incident_id)["measurements"]
    assert [each["items"][0]["shown_en"] for each in listed] == ["12", "4.5", "1"]
    assert [each["verdict"] for each in listed] == ["warn", "ok", "ok"]
    assert listed[2]["taken_at"] == f"{now:%Y-%m-%dT%H:%M:%S}.000Z"
    assert listed[0]["items"][0]["unit_zh"] == "% LEL"


def test_an_alarm_is_the_orders_until_the_same_form_says_otherwise(
    services: Services, dispatcher: Actor, pin: Pin, on_scene: OnScene, clock: SettableClock
) -> None:
    """An older one that arrives late takes nothing back, and neither does another form."""
    crew = on_scene(pin(2, 2)["id"])
    now = clock()

    def breach() -> BreachAnswer | None:
        return services.assignments.get(dispatcher, crew.order_id)["breach"]

    crew.measure({"concentration": 35, "pressure": 2}, occurred_at=now - timedelta(minutes=2))
    loud = breach()
    crew.measure({"concentration": 0}, occurred_at=now - timedelta(minutes=5))
    crew.measure({"tight": True}, form="gas_final")
    still = breach()
    crew.measure({"concentration": 3}, occurred_at=now - timedelta(minutes=1))

    assert loud is not None
    assert [each["code"] for each in loud["items"]] == ["concentration"]
    assert still == loud
    assert breach() is None
    events = services.incidents.timeline(dispatcher, crew.incident_id)["events"]
    told = next(each for each in events if each["kind"] == "assignment.measured")
    assert (told["crew_id"], told["assignment_id"]) == (crew.actor.crew_id, crew.order_id)
    assert told["data"]["verdict"] == "alarm"


def test_the_same_sent_twice_at_once_is_kept_once(
    services: Services, dispatcher: Actor, pin: Pin, on_scene: OnScene, app_engine: Engine
) -> None:
    """And again after the server has forgotten that it was asked; never for another order."""
    crew = on_scene(pin(2, 2)["id"])
    other = on_scene(pin(3, 3)["id"], "gas2")
    taken = TakeMeasurement(
        form="gas_reading", version=1, values={"concentration": 5}, client_id="m-1"
    )

    with ThreadPoolExecutor(4) as threads:
        answers = list(
            threads.map(
                lambda _: services.measurements.take(crew.actor, crew.order_id, taken), range(4)
            )
        )
    with app_engine.begin() as connection:
        connection.execute(text("SELECT set_config('nearcrew.all', '1', true)"))
        connection.execute(text("DELETE FROM idempotency_key"))
    again, replayed = services.measurements.take(crew.actor, crew.order_id, taken)

    assert {each["id"] for each, _ in answers} == {again["id"]}
    assert sorted(was for _, was in answers) == [False, True, True, True]
    assert replayed
    assert len(services.measurements.list(dispatcher, crew.incident_id)["measurements"]) == 1
    services.measurements.take(dispatcher, other.order_id, taken)  # a name of somebody else's
    with pytest.raises(Conflict, match="already used"):
        services.measurements.take(dispatcher, crew.order_id, taken)


def test_a_form_changed_while_it_is_filled_in_keeps_what_was_on_the_screen(
    services: Services, dispatcher: Actor, administrator: Actor, pin: Pin, on_scene: OnScene
) -> None:
    """The old version's fields, words and limits, also once it is read again; even if retired."""
    crew = on_scene(pin(2, 2)["id"])
    bars = {"code": "bars", "name_en": "Bars", "name_zh": "压力", "type": "number", "alarm_high": 1}

    version = changed(services, administrator, "gas_reading", name_en="Gas, new", fields=[bars])
    old = crew.measure({"concentration": 30}, version=1)
    new = crew.measure({"bars": 2}, version=version)
    changed(services, administrator, "gas_reading", fields=[bars], retired=True)
    late = crew.measure({"bars": 0.5}, version=version)

    assert version == 2
    listed = services.measurements.list(dispatcher, crew.incident_id)["measurements"]
    assert [each["id"] for each in listed] == [old["id"], new["id"], late["id"]]
    assert (listed[0]["name_en"], listed[0]["items"][0]["name_en"]) == (
        *("Gas measurement", "Gas concentration"),
    )
    assert (listed[1]["name_en"], listed[1]["verdict"]) == ("Gas, new", "alarm")
    with pytest.raises(InvalidInput, match=r"values\.concentration"):
        crew.measure({"concentration": 30}, version=2)
    with pytest.raises(InvalidInput, match="version"):
        crew.measure({"bars": 1}, version=9)
    with pytest.raises(InvalidInput, match="form"):
        crew.measure({"bars": 1}, form="unheard_of")


def test_required_forms_are_needed_for_an_end_unless_nothing_was_done(
    services: Services, dispatcher: Actor, administrator: Actor, pin: Pin, on_scene: OnScene
) -> None:
    """Made safe needs them as done does; the desk can always end an order for a crew."""
    requiring(services, administrator, "gas_final", "concentration")
    first, second, third = (on_scene(pin(n, n)["id"], f"gas{n}") for n in (2, 3, 4))

    for outcome in ("repaired", "made_safe"):
        with pytest.raises(InvalidInput, match="Gas: last check · 燃气复检") as error:
            first.complete(outcome=outcome)
        assert [each.field for each in error.value.fields] == ["measurements.gas_final"]
    with pytest.raises(InvalidInput, match=r"values\.concentration: is required"):
        first.measure({"tight": True}, form="gas_final", version=2)
    first.measure({"concentration": 0}, form="gas_final", version=2)

    assert first.complete(outcome="repaired")["state"] == "completed"
    assert second.complete(outcome="no_access")["state"] == "completed"
    ended = services.assignments.act(
        dispatcher, third.order_id, Action.COMPLETE, Complete(outcome="repaired")
    )
    assert ended["state"] == "completed"


def test_a_form_made_stricter_after_an_order_was_sent_holds_for_later_ones(
    services: Services,
    administrator: Actor,
    pin: Pin,
    on_scene: OnScene,
    clock: SettableClock,
) -> None:
    """A crew without signal cannot know of it; made milder it holds at once."""
    before = on_scene(pin(2, 2)["id"], "gas2")
    clock.forward(60)
    requiring(services, administrator, "gas_final", "concentration")
    clock.forward(60)
    after = on_scene(pin(3, 3)["id"], "gas3")

    assert before.complete(outcome="repaired")["state"] == "completed"
    with pytest.raises(InvalidInput, match=r"measurements\.gas_final"):
        after.complete(outcome="repaired")
    changed(services, administrator, "gas_final", retired=True)
    assert after.complete(outcome="repaired")["state"] == "completed"


def test_the_end_keeps_codes_parts_and_minutes_in_the_words_of_then(
    services: Services, dispatcher: Actor, pin: Pin, on_scene: OnScene
) -> None:
    """Named twice, quantities add up; the event tells it, too; words alone end it as before."""
    crew = on_scene(pin(2, 2)["id"])
    said = {
        "outcome": "repaired",
        "codes": ["corrosion", "replaced", "corrosion"],
        "parts": [{"code": "gas_hose", "quantity": "1,5"}, {"code": "gas_hose", "quantity": 1}],
        "minutes": 42,
        "client_id": "end-1",
    }

    order = crew.complete(**said)
    replayed = crew.complete(**said)

    assert order == replayed
    work = order["work"]
    assert work is not None
    assert work["minutes"] == 42
    assert [(each["code"], each["group"]) for each in work["codes"]] == [
        ("corrosion", "cause"),
        ("replaced", "repair"),
    ]
    assert [(each["name_zh"], each["quantity"], each["unit_zh"]) for each in work["parts"]] == [
        ("灶具软管", 2.5, "米")
    ]
    told = services.incidents.timeline(dispatcher, crew.incident_id)["events"][-1]
    assert {name: told["data"][name] for name in work} == work
    plain = on_scene(pin(3, 3)["id"], "gas3").complete(result="repaired", reason="by an old page")
    assert (plain["outcome"], plain["work"]) == ("repaired", None)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"codes": ["unheard_of"]}, "codes.0"),
        ({"parts": [{"code": "gasket", "quantity": 1}, {"code": "x", "quantity": 1}]}, "parts.1"),
        ({"parts": [{"code": "gasket", "quantity": 0}]}, "parts.0.quantity"),
        ({"parts": [{"code": "gasket", "quantity": float("nan")}]}, "parts.0.quantity"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": 100_000}, "minutes"),
    ],
)
def test_what_of_the_work_means_nothing_is_refused_by_its_field(
    pin: Pin, on_scene: OnScene, said: dict[str, Any], field: str
) -> None:
    """And the order goes on."""
    crew = on_scene(pin(2, 2)["id"])

    with pytest.raises(InvalidInput) as error:
        crew.complete(outcome="repaired", **said)

    assert [each.field.startswith(field) for each in error.value.fields] == [True]
    assert crew.services.assignments.get(crew.actor, crew.order_id)["state"] == "on_scene"


def test_a_measurement_that_arrives_after_the_end_is_kept_all_the_same(
    services: Services, dispatcher: Actor, pin: Pin, on_scene: OnScene
) -> None:
    """Withdrawn while the crew had no signal: what it measured counts."""
    crew = on_scene(pin(2, 2)["id"])
    services.assignments.act(dispatcher, crew.order_id, Action.WITHDRAW, Step(reason="not needed"))

    crew.measure({"concentration": 50})

    (kept,) = services.measurements.list(dispatcher, crew.incident_id)["measurements"]
    assert kept["verdict"] == "alarm"


def test_another_crew_neither_measures_for_it_nor_reads_it(
    services: Services, dispatcher: Actor, pin: Pin, on_scene: OnScene
) -> None:
    """The desk does both, for a crew that speaks by radio."""
    crew, other = on_scene(pin(2, 2)["id"]), on_scene(pin(3, 3)["id"], "gas3")
    taken = TakeMeasurement(form="gas_reading", version=1, values={"concentration": 1})

    with pytest.raises(NotAllowed):
        services.measurements.take(other.actor, crew.order_id, taken)
    with pytest.raises(NotFound):
        services.measurements.list(other.actor, crew.incident_id)
    by_radio, _ = services.measurements.take(dispatcher, crew.order_id, taken)

    assert by_radio["crew_id"] == crew.actor.crew_id
    own = services.measurements.list(crew.actor, crew.incident_id)["measurements"]
    assert [each["id"] for each in own] == [by_radio["id"]]


def test_texts_go_with_those_of_the_incident_and_numbers_stay(
    pin: Pin, on_scene: OnScene, owner_engine: Engine, services: Services, dispatcher: Actor
) -> None:
    """A remark can name people; the event never had it."""
    crew = on_scene(pin(2, 2)["id"])
    crew.measure({"concentration": 7, "remark": "Ms Wu smelt it"})
    told = services.incidents.timeline(dispatcher, crew.incident_id)["events"][-1]

    with owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE incident SET erased_at = now() WHERE id = :id"), {"id": crew.incident_id}
        )

    (kept,) = services.measurements.list(dispatcher, crew.incident_id)["measurements"]
    assert [each["code"] for each in kept["items"]] == ["concentration"]
    assert "Wu" not in str(told["data"])


def test_two_who_change_a_form_at_once_do_not_overwrite_each_other(
    services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """The second is told; an unchanged form is no new version; only rule keepers edit."""
    fields = [{"code": "note", "name_en": "Note", "name_zh": "备注", "type": "text"}]
    wanted = SetForm.model_validate(
        {"name_en": "Visit", "name_zh": "回访", "kinds": ["gas_leak"], "fields": fields}
    )
    services.forms.set(administrator, "visit", wanted)

    def change(name: str) -> str:
        edited = wanted.model_copy(update={"name_en": name, "expected_version": 1})
        try:
            services.forms.set(administrator, "visit", edited)
        except Conflict as refusal:
            return refusal.code
        return "changed"

    with ThreadPoolExecutor(2) as threads:
        ends = sorted(threads.map(change, ["Visit A", "Visit B"]))

    assert ends == ["changed", "form_changed"]
    for_all = services.forms.set(administrator, "visit", wanted.model_copy(update={"kinds": ()}))
    same = services.forms.set(administrator, "visit", wanted)
    assert (for_all["version"], same["version"]) == (3, 3)
    with pytest.raises(InvalidInput, match=r"kinds\.0"):
        services.forms.set(administrator, "visit", wanted.model_copy(update={"kinds": ("fire",)}))
    with pytest.raises(InvalidInput, match="code"):
        services.forms.set(administrator, "Visit!", wanted)
    with pytest.raises(NotAllowed):
        services.forms.set(dispatcher, "visit", wanted)


def test_a_sheet_has_what_is_asked_of_a_kind_and_of_all(
    services: Services, administrator: Actor
) -> None:
    """In their order."""
    fields = [{"code": "note", "name_en": "Note", "name_zh": "备注", "type": "text"}]
    everywhere = {"name_en": "Traffic", "name_zh": "交通", "fields": fields, "sort": 1}
    services.forms.set(administrator, "traffic", SetForm.model_validate(everywhere))

    gas, water = (services.forms.work_sheet(kind) for kind in ("gas_leak", "water_burst"))

    assert [each["code"] for each in gas["forms"]] == ["traffic", "gas_reading", "gas_final"]
    assert [each["code"] for each in water["forms"]] == ["traffic", "water_reading"]
    assert {"hose", "loose_joint"} <= {each["code"] for each in gas["codes"]}
    assert not {"hose", "loose_joint"} & {each["code"] for each in water["codes"]}
    assert "gasket" in {each["code"] for each in water["parts"]}
    with pytest.raises(InvalidInput, match="kind"):
        services.forms.work_sheet("fire")


def test_the_customers_report_tells_what_was_measured_and_done_without_remarks(
    services: Services, dispatcher: Actor, pin: Pin, on_scene: OnScene
) -> None:
    """What is beyond its limit is to be seen; other crews' measurements are theirs."""
    crew, other = on_scene(pin(2, 2)["id"]), on_scene(pin(3, 3)["id"], "gas3")
    other.measure({"concentration": 80})
    crew.measure({"concentration": "12,5", "place": "cellar", "remark": "Ms Wu smelt it"})
    crew.complete(
        outcome="repaired",
        codes=["hose"],
        parts=[{"code": "gas_hose", "quantity": 1.5}],
        minutes=20,
    )

    report = services.work_reports.of_order(dispatcher, crew.order_id)

    measured, work = report.sections
    assert [(each.value_en, each.value_zh, each.beyond) for each in measured.lines] == [
        ("12.5 % LEL", "12.5 % LEL", True),
        ("Cellar or shaft", "地下室或井内", False),
    ]
    assert [(each.label_zh, each.value_zh) for each in work.lines] == [
        ("原因", "灶具软管"),
        ("灶具软管", "1.5 米"),
    ]
