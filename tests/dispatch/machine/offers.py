"""Offers to several crews, and time: one takes it, or it ends, whatever else is decided."""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle
from hypothesis.stateful import invariant
from hypothesis.stateful import multiple
from hypothesis.stateful import rule
from sqlalchemy import text
from typing_extensions import override

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.core.errors import DispatchError
from dispatch.offers.types import AnswerOffer
from dispatch.offers.types import MakeOffer
from dispatch.offers.types import WithdrawOffer
from dispatch.positions.types import ReportPositions
from tests.dispatch.machine.orders import CREWS
from tests.dispatch.machine.orders import OrderMachine
from tests.looking import looking

WITHIN_S = 60
crews = st.integers(0, CREWS - 1)


@dataclass
class ModelOffer:
    """What the model knows of an offer."""

    incident: int
    asked: set[int]
    busy: set[int]
    until: datetime
    state: str = "open"
    declined: set[int] = field(default_factory=set)
    order: int | None = None


class OfferMachine(OrderMachine):
    """Offers beside everything that ends them."""

    offers = Bundle("offers")

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[int, ModelOffer] = {}
        tracker = Actor(None, "tracker", "tracker", frozenset({Role.INTEGRATION}))
        for column, crew_id in enumerate(self.crew_ids):
            lon, lat = self.city.at(column, 1)
            fix = {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": self.clock()}
            self.services.positions.record(tracker, ReportPositions(positions=[fix]))

    def _phone(self, crew_id: int) -> Actor:
        return Actor(None, f"crew{crew_id}", f"Crew {crew_id}", frozenset({Role.CREW}), crew_id)

    def _code(self, call: Any, *arguments: Any) -> tuple[str | None, Any]:  # noqa: ANN401  (any service call)
        try:
            return None, call(*arguments)
        except DispatchError as refused:
            return refused.code, None

    def _open(self, incident: int) -> list[int]:
        return [
            offer
            for offer, each in self.made.items()
            if each.incident == incident and each.state == "open"
        ]

    def _is_here(self, crew_id: int, incident: int) -> bool:
        return any(self.where[order][0] == incident for order in self.queues[crew_id])

    @rule(
        target=offers,
        incident=OrderMachine.incidents,
        named=st.sets(crews, min_size=1),
        replaces=st.booleans(),
    )
    def offer(self, incident: int, named: set[int], *, replaces: bool) -> Any:  # noqa: ANN401  (hypothesis' multiple)
        """Offer to some crews, in place of the open offer or beside it, which is refused."""
        asked = {self.crew_ids[each] for each in named}
        before = self._open(incident)
        expected = (
            "invalid_input"
            if any(self._is_here(crew_id, incident) for crew_id in asked)
            else "incident_ended"
            if self.desk_state[incident]
            else "offer_open"
            if before and not replaces
            else None
        )
        wanted = MakeOffer(
            crew_ids=sorted(asked),
            accept_within_s=WITHIN_S,
            replaces=before[0] if before and replaces else None,
        )
        code, made = self._code(self.services.offers.make, self.desk, incident, wanted)
        assert code == expected
        if code is not None:
            return multiple()
        for offer in before:
            self.made[offer].state = "withdrawn"
        until = self.clock() + timedelta(seconds=WITHIN_S)
        busy = {crew_id for crew_id in asked if self.queues[crew_id]}
        self.made[made[0]["id"]] = ModelOffer(incident, asked, busy, until)
        return made[0]["id"]

    @rule(target=OrderMachine.orders, offer=offers, crew=crews)
    def accept_offer(self, offer: int, crew: int) -> Any:  # noqa: ANN401  (hypothesis' multiple)
        """Accept: one wins, and hears the same when it asks again."""
        known, crew_id = self.made[offer], self.crew_ids[crew]
        won = known.order is not None and self.where[known.order][1] == crew_id
        expected = (
            "not_found"
            if crew_id not in known.asked
            else None
            if won
            else {"taken": "offer_taken"}.get(known.state, "offer_over")
            if known.state != "open"
            else "already_assigned"
            if self._is_here(crew_id, known.incident)
            else "crew_taken"
            if self.queues[crew_id] and crew_id not in known.busy
            else None
        )
        code, answer = self._code(
            self.services.offer_answers.accept, self._phone(crew_id), offer, AnswerOffer()
        )
        assert code == expected
        if code is not None or won:
            return multiple()
        order: int = answer[0]["id"]
        self._note_order(order, known.incident, crew_id, "accepted")
        known.state, known.order = "taken", order
        return order

    @rule(offer=offers, crew=crews)
    def decline_offer(self, offer: int, crew: int) -> None:
        """Decline; with the last of them it is over."""
        known, crew_id = self.made[offer], self.crew_ids[crew]
        code, _ = self._code(
            self.services.offer_answers.decline, self._phone(crew_id), offer, AnswerOffer()
        )
        assert code == self._late(known, asked=crew_id in known.asked)
        if code is None:
            known.declined.add(crew_id)
            known.state = "refused" if known.declined == known.asked else "open"

    @rule(offer=offers)
    def withdraw_offer(self, offer: int) -> None:
        """Take it back; of one that was, again without effect."""
        known = self.made[offer]
        withdrawn = known.state == "withdrawn"
        code, _ = self._code(self.services.offers.withdraw, self.desk, offer, WithdrawOffer())
        assert code == (None if withdrawn else self._late(known, asked=True))
        if code is None:
            known.state = "withdrawn"

    @rule(seconds=st.integers(1, WITHIN_S))
    def pass_time(self, seconds: int) -> None:
        """Let time pass; what falls due is acted on."""
        self.clock.forward(seconds)
        self.services.deadlines.run_due()
        for known in self.made.values():
            if known.state == "open" and known.until <= self.clock():
                known.state = "expired"

    @staticmethod
    def _late(known: ModelOffer, *, asked: bool) -> str | None:
        if not asked:
            return "not_found"
        if known.state == "open":
            return None
        return "offer_taken" if known.state == "taken" else "offer_over"

    @override
    def _gets_a_crew(self, incident: int) -> None:
        super()._gets_a_crew(incident)
        self._end_offers(incident)

    @override
    def _is_over(self, incident: int) -> None:
        super()._is_over(incident)
        self._end_offers(incident)

    def _end_offers(self, incident: int) -> None:
        for offer in self._open(incident):
            self.made[offer].state = "ended"

    @invariant()
    def offers_are_as_the_model_has_them(self) -> None:
        """Each open one has exactly one deadline, each taken one the order of who took it."""
        with looking(self.engine) as connection:
            rows = connection.execute(
                text(
                    "SELECT o.id, o.state, o.assignment_id, o.taken_by_id, a.crew_id,"
                    " (SELECT array_agg(d.id) FROM deadline d WHERE d.done_at IS NULL"
                    " AND d.kind = 'offer_ends' AND (d.data ->> 'offer_id')::bigint = o.id) AS due"
                    " FROM offer o LEFT JOIN assignment a ON a.id = o.assignment_id"
                )
            ).all()
        assert {row.id: row.state for row in rows} == {
            offer: known.state for offer, known in self.made.items()
        }
        assert {row.id: row.assignment_id for row in rows} == {
            offer: known.order for offer, known in self.made.items()
        }
        assert all((row.state == "open") == (len(row.due or []) == 1) for row in rows)
        assert all(row.taken_by_id == row.crew_id for row in rows)

    @invariant()
    def no_open_offer_is_for_what_is_over(self) -> None:
        """Nor are there two of one incident."""
        incidents = [each.incident for each in self.made.values() if each.state == "open"]
        assert len(incidents) == len(set(incidents))
        assert all(self.desk_state[incident] is None for incident in incidents)
