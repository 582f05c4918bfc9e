"""Offers to several crews: one takes it, the others hear so; or it ends, and the desk hears so."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.alarms.states import AlarmKind
from dispatch.alarms.types import AcknowledgeAlarm
from dispatch.board.types import StreamedEventAnswer
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import IncidentAnswer
from dispatch.offers.types import AnswerOffer
from dispatch.offers.types import MakeOffer
from dispatch.offers.types import OfferAnswer
from dispatch.offers.types import WithdrawOffer
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., IncidentAnswer]


@dataclass
class Scene:
    """Three crews near an incident, each with its own account."""

    services: Services
    dispatcher: Actor
    incident: IncidentAnswer
    crews: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def offer(self, within_s: float = 60, **wanted: object) -> OfferAnswer:
        """Offer the incident."""
        body = MakeOffer.read({"accept_within_s": within_s, **wanted})
        return self.services.offers.make(self.dispatcher, self.incident["id"], body)[0]

    def accept(self, name: str, offer: OfferAnswer, **said: object) -> int:
        """Let a crew accept; return its order."""
        order, _ = self.services.offer_answers.accept(
            self.actors[name], offer["id"], AnswerOffer.read(said)
        )
        return order["id"]

    def decline(self, name: str, offer: OfferAnswer, reason: str | None = None) -> None:
        """Let a crew decline."""
        self.services.offer_answers.decline(
            self.actors[name], offer["id"], AnswerOffer(reason=reason)
        )

    def now(self, offer: OfferAnswer) -> OfferAnswer:
        """Return an offer as it is now."""
        found = self.services.offer_reading.list(
            self.dispatcher, incident_id=None, open_only=False, limit=50
        )["offers"]
        return next(each for each in found if each["id"] == offer["id"])

    def seen(self) -> IncidentAnswer:
        """Return the incident as the desk sees it."""
        return self.services.incidents.get(self.dispatcher, self.incident["id"])

    def told(self, name: str) -> list[StreamedEventAnswer]:
        """Return what a crew's stream says of offers."""
        log, actor = self.services.events, self.actors[name]
        events = [each for each in log.read_after(0) if each["kind"].startswith("offer.")]
        return [log.seen_by(actor, each) for each in events if log.for_actor(actor, each)]


@pytest.fixture
def scene(services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, people: People) -> Scene:
    """Return the scene: A 200 m away, B and C further."""
    made = Scene(services, dispatcher, pin(5, 5, caller_name="Wang", description="at Wang's"))
    for name, column in (("A", 4), ("B", 3), ("C", 2)):
        made.crews[name] = yard.put(name, column, 5)
        made.actors[name] = people.sign_up(name.lower(), Role.CREW, crew_id=made.crews[name])
    return made


def test_the_first_to_accept_has_the_order_and_the_others_hear_who(scene: Scene) -> None:
    """The order is accepted at once, and is the dispatcher's who offered it."""
    offer = scene.offer()

    order_id = scene.accept("B", offer)

    order = scene.services.assignments.get(scene.dispatcher, order_id)
    assert (order["crew_name"], order["state"], order["sent_by"]) == ("B", "accepted", "dora")
    assert scene.seen()["state"] == "assigned"
    assert (scene.now(offer)["state"], scene.now(offer)["taken_by"]) == ("taken", "B")
    for late in ("A", "C"):
        with pytest.raises(Conflict) as refused:
            scene.accept(late, offer)
        assert (refused.value.code, refused.value.extra["by"]) == ("offer_taken", "B")
        taken = scene.told(late)[-1]
        assert (taken["kind"], taken["data"]["crew"]) == ("offer.taken", "B")
    reading = scene.services.offer_reading
    listed = {name: reading.for_crew(scene.actors[name], scene.crews[name]) for name in "AB"}
    assert [each["taken_by"] for each in listed["A"]["offers"]] == ["B"]
    assert listed["B"]["offers"] == []
    # The winner's phone may have lost the answer.
    assert scene.accept("B", offer) == order_id


def test_the_reason_for_the_order_is_the_list_that_was_asked(scene: Scene) -> None:
    """With the numbers of then."""
    offer = scene.offer()
    order_id = scene.accept("C", offer)

    with scene.services.work.reading() as session:
        kept = session.execute(
            text("SELECT candidates FROM decision WHERE assignment_id = :id"), {"id": order_id}
        ).scalar_one()

    assert kept["offer_id"] == offer["id"]
    assert [each["crew_name"] for each in kept["candidates"]] == ["A", "B", "C"]
    asked = {each["crew_name"]: each["travel_time_s"] for each in offer["crews"]}
    order = scene.services.assignments.get(scene.dispatcher, order_id)
    assert order["travel_time_s"] == asked["C"]


def test_a_crew_sees_what_it_needs_and_nothing_that_names_the_caller(scene: Scene) -> None:
    """Place, distance and time; on the stream too; others' offers not at all."""
    offer = scene.offer(crew_ids=[scene.crews["A"], scene.crews["B"]])

    own = scene.services.offer_reading.for_crew(scene.actors["A"], scene.crews["A"])["offers"]

    assert [(each["id"], each["asked"]) for each in own] == [(offer["id"], 2)]
    assert own[0]["distance_m"] == pytest.approx(200, rel=0.1)
    assert "Wang" not in str(own) + str(scene.told("A"))
    assert scene.told("C") == []
    with pytest.raises(NotAllowed):
        scene.services.offer_reading.for_crew(scene.actors["A"], scene.crews["B"])
    with pytest.raises(NotFound):
        scene.accept("C", offer)


def test_an_offer_that_nobody_takes_in_time_ends_and_the_desk_is_alarmed(
    scene: Scene, clock: SettableClock
) -> None:
    """Not a second before; who accepts then is refused; acknowledging it is possible from then."""
    offer = scene.offer(within_s=60)
    wanted = AcknowledgeAlarm(alarm=AlarmKind.UNTAKEN)
    clock.forward(59)
    assert scene.services.deadlines.run_due() == 0
    with pytest.raises(Conflict, match="no such alarm"):
        scene.services.alarms.acknowledge(scene.dispatcher, scene.incident["id"], wanted)

    clock.forward(1)

    assert scene.services.deadlines.run_due() == 1
    brief = scene.seen()["offer"]
    assert brief is not None
    assert (brief["state"], brief["asked"]) == ("expired", 3)
    assert [each["kind"] for each in scene.told("A")] == ["offer.made", "offer.expired"]
    with pytest.raises(Conflict) as refused:
        scene.accept("A", offer)
    assert refused.value.code == "offer_over"
    scene.services.alarms.acknowledge(scene.dispatcher, scene.incident["id"], wanted)
    seen = scene.seen()["acknowledgements"]
    assert [(each["alarm"], each["assignment_id"]) for each in seen] == [("untaken", None)]


def test_when_all_decline_it_is_over_at_once(scene: Scene, clock: SettableClock) -> None:
    """The deadline has nothing left to do; a crew that changes its mind in time still may."""
    offer = scene.offer()
    scene.decline("A", offer, "vehicle")
    scene.decline("B", offer)
    assert scene.now(offer)["declined"] == 2

    scene.decline("C", offer)

    assert scene.now(offer)["state"] == "refused"
    reasons = {each["crew_name"]: each["reason"] for each in scene.now(offer)["crews"]}
    assert reasons == {"A": "vehicle", "B": None, "C": None}
    clock.forward(120)
    assert scene.services.deadlines.run_due() == 0
    again = scene.offer()
    scene.decline("A", again)
    assert scene.accept("A", again)


@pytest.mark.parametrize(
    ("decide", "ended_by"),
    [
        ("send", "crew_sent"),
        ("cancel", "incident_cancelled"),
        ("close", "incident_closed"),
    ],
)
def test_it_ends_when_its_incident_gets_a_crew_otherwise_or_is_over(
    scene: Scene, clock: SettableClock, decide: str, ended_by: str
) -> None:
    """All crews hear so, and no deadline is left."""
    offer, incident_id = scene.offer(), scene.incident["id"]

    if decide == "send":
        wanted = SendCrew(crew_id=scene.crews["C"])
        scene.services.sending.send(scene.dispatcher, incident_id, wanted)
    else:
        step = Step(reason="false alarm")
        getattr(scene.services.decisions, decide)(scene.dispatcher, incident_id, step)

    now = scene.now(offer)
    assert (now["state"], now["ended_by"]) == ("ended", ended_by)
    assert scene.told("A")[-1]["kind"] == "offer.ended"
    clock.forward(120)
    told = len(scene.told("A"))
    scene.services.deadlines.run_due()  # of the order there may be some
    assert len(scene.told("A")) == told
    with pytest.raises(Conflict) as refused:
        scene.accept("A", offer)
    assert refused.value.code == "offer_over"


def test_the_desk_withdraws_widens_and_answers_for_a_crew(scene: Scene) -> None:
    """One open offer an incident: a wider one replaces it in the same step."""
    first = scene.offer(crew_ids=[scene.crews["A"]])
    with pytest.raises(Conflict, match="offered already"):
        scene.offer()
    wider = scene.offer(radius_m=5_000, replaces=first["id"])
    assert (scene.now(first)["state"], wider["asked"]) == ("withdrawn", 3)
    assert [each["kind"] for each in scene.told("A")] == [
        "offer.made",
        "offer.withdrawn",
        "offer.made",
    ]

    withdrawn = scene.services.offers.withdraw(
        scene.dispatcher, wider["id"], WithdrawOffer(reason="too late")
    )
    assert (withdrawn["state"], withdrawn["ended_by"]) == ("withdrawn", "dora")
    with pytest.raises(Conflict, match="withdrawn"):
        scene.decline("A", wider)

    last = scene.offer(client_id="k")
    assert scene.offer(client_id="k")["id"] == last["id"]
    with pytest.raises(InvalidInput, match="for which crew"):
        scene.services.offer_answers.accept(scene.dispatcher, last["id"], AnswerOffer())
    by_radio = AnswerOffer(crew_id=scene.crews["B"])
    scene.services.offer_answers.accept(scene.dispatcher, last["id"], by_radio)
    assert scene.now(last)["taken_by"] == "B"
    with pytest.raises(Conflict, match="Taken by B"):
        scene.services.offers.withdraw(scene.dispatcher, last["id"], WithdrawOffer())


def test_a_crew_that_got_another_order_meanwhile_or_went_home_cannot_take_it(
    scene: Scene, pin: Pin
) -> None:
    """It was idle when asked; a crew asked though busy takes it behind what it does."""
    other = pin(1, 1)["id"]
    offer = scene.offer()
    scene.services.sending.send(scene.dispatcher, other, SendCrew(crew_id=scene.crews["A"]))
    scene.services.crews.set_duty(scene.dispatcher, scene.crews["B"], SetDuty(duty=Duty.OFF_DUTY))
    for name, code in (("A", "crew_taken"), ("B", "crew_off_duty")):
        with pytest.raises(Conflict) as refused:
            scene.accept(name, offer)
        assert refused.value.code == code

    again = scene.offer(crew_ids=[scene.crews["A"]], replaces=offer["id"])
    order = scene.services.assignments.get(scene.dispatcher, scene.accept("A", again))

    assert (order["rank"], order["state"]) == (1, "accepted")


def test_seen_is_told_once_and_raises_no_version(scene: Scene) -> None:
    """A dispatcher who sends meanwhile is not told that the incident changed."""
    offer, version = scene.offer(), scene.seen()["version"]
    for _ in range(2):
        scene.services.offer_answers.seen(scene.actors["A"], offer["id"], AnswerOffer())

    log = scene.services.events.read_after(0)
    assert [each["crew_id"] for each in log if each["kind"] == "offer.seen"] == [scene.crews["A"]]
    states = {each["crew_name"]: each["state"] for each in scene.now(offer)["crews"]}
    assert states == {"A": "seen", "B": "asked", "C": "asked"}
    assert (scene.seen()["version"], scene.incident["version"]) == (version, version)


def test_nobody_to_ask_is_said(scene: Scene) -> None:
    """Within 100 m there is no crew, and the five nearest outside are not asked unasked."""
    with pytest.raises(Conflict) as refused:
        scene.offer(radius_m=100)

    assert refused.value.code == "nobody_to_ask"
    with pytest.raises(InvalidInput):
        scene.offer(within_s=1)
