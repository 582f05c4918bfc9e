"""What the public reports waits, unconfirmed, until the desk says what it is; nobody is sent."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.errors import TryLater
from dispatch.core.scope import within
from dispatch.gateways.types import AddGateway
from dispatch.public_reports import proof_of_work
from dispatch.public_reports.receiving import ReportReceiving
from dispatch.public_reports.states import Proof
from dispatch.public_reports.states import PublicReportState
from dispatch.public_reports.types import AttachPublicReport
from dispatch.public_reports.types import ConfirmPublicReport
from dispatch.public_reports.types import DismissPublicReport
from dispatch.public_reports.types import PublicReportAnswer
from dispatch.public_reports.types import PublicReportListQuery
from dispatch.public_reports.types import RelayedReport
from dispatch.public_reports.types import SayPublicly
from tests.cities import GridCity
from tests.conftest import SettableClock
from tests.dispatch.deliveries.receiver import Receiver
from tests.dispatch.deliveries.receiver import receiving
from tests.dispatch.units.conftest import Group
from tests.dispatch.units.conftest import group as group  # noqa: PLC0414  (a fixture)
from tests.own_loop import run_to_its_end
from tests.pictures import drawn
from tests.pictures import encoded

pytestmark = pytest.mark.postgis
PHONE = "+86 137 2222 3333"
WAITING = PublicReportListQuery(state=PublicReportState.WAITING)


@pytest.fixture
def door(services: Services, monkeypatch: pytest.MonkeyPatch) -> ReportReceiving:
    """Return the receiving of an installation that takes reports, after little work."""
    rules = replace(services.report_receiving.rules, on=True, bits=4, most_waiting=3)
    monkeypatch.setattr(services.report_receiving, "rules", rules)
    return services.report_receiving


@pytest.fixture
def said(grid_city: GridCity) -> SayPublicly:
    """Return what somebody says of a leak at a place of the grid, with a photo."""
    lon, lat = grid_city.at(2, 2)
    return SayPublicly(
        kind="gas_leak", phone=PHONE, lon=lon, lat=lat, words="it hisses", photo=encoded(drawn())
    )


def _waiting(services: Services, desk: Actor) -> list[PublicReportAnswer]:
    return services.public_reports.list(desk, WAITING)["reports"]


def _count(services: Services, table: str) -> int:
    with services.work.reading() as session:
        query = text(f"SELECT count(*) FROM {table}")  # noqa: S608  (our own names)
        return int(session.execute(query).scalar_one())


def test_a_report_waits_until_the_desk_makes_an_incident_of_it(
    services: Services, dispatcher: Actor, door: ReportReceiving, said: SayPublicly
) -> None:
    """With number, words and photo, which are then there and not here any more; no crew is sent."""
    assert door.receive(said, "a" * 64, Proof.WORK)
    assert not door.receive(said, "a" * 64, Proof.WORK)
    (report,) = _waiting(services, dispatcher)
    before = _count(services, "incident")

    settled = services.public_reports.confirm(dispatcher, report["id"], ConfirmPublicReport())
    with pytest.raises(Conflict) as again:
        services.public_reports.confirm(dispatcher, report["id"], ConfirmPublicReport())

    assert (before, _count(services, "incident"), _count(services, "assignment")) == (0, 1, 0)
    assert again.value.extra["incident_id"] == settled["incident_id"]
    incident = services.incidents.get(dispatcher, settled["incident_id"] or 0)
    assert (incident["caller_phone"], incident["description"]) == (PHONE, "it hisses")
    (told,) = services.reports.list(dispatcher, incident["id"])["reports"]
    assert told["channel"] == "web"
    assert len(services.photos.list(dispatcher, incident["id"])["photos"]) == 1
    assert (settled["caller_phone"], settled["words"], settled["has_photo"]) == ("", "", False)
    assert _waiting(services, dispatcher) == []


def test_a_report_of_what_is_known_becomes_another_telling_of_it(
    services: Services, dispatcher: Actor, door: ReportReceiving, said: SayPublicly
) -> None:
    """And of none that there is not: then it waits as before."""
    for key in ("a", "b"):
        door.receive(said, key * 64, Proof.WORK)
    first, second = _waiting(services, dispatcher)
    known = services.public_reports.confirm(dispatcher, first["id"], ConfirmPublicReport())

    nowhere = AttachPublicReport(incident_id=9_999)

    with pytest.raises(NotFound):
        services.public_reports.attach(dispatcher, second["id"], nowhere)
    assert [each["id"] for each in _waiting(services, dispatcher)] == [second["id"]]
    wanted = AttachPublicReport(incident_id=known["incident_id"] or 0)
    services.public_reports.attach(dispatcher, second["id"], wanted)

    reports = services.reports.list(dispatcher, known["incident_id"] or 0)["reports"]
    assert [each["caller_phone"] for each in reports] == [PHONE, PHONE]
    assert _count(services, "incident") == 1


def test_a_report_without_a_place_is_confirmed_where_the_desk_finds_it(
    services: Services,
    dispatcher: Actor,
    door: ReportReceiving,
    grid_city: GridCity,
) -> None:
    """And waits as long as nobody has."""
    door.receive(SayPublicly(kind="gas_leak", phone=PHONE, address="A 1"), "a" * 64, Proof.CODE)
    (report,) = _waiting(services, dispatcher)
    with pytest.raises(InvalidInput):
        services.public_reports.confirm(dispatcher, report["id"], ConfirmPublicReport())
    assert len(_waiting(services, dispatcher)) == 1
    lon, lat = grid_city.at(3, 3)

    wanted = ConfirmPublicReport(lon=lon, lat=lat)
    settled = services.public_reports.confirm(dispatcher, report["id"], wanted)

    incident = services.incidents.get(dispatcher, settled["incident_id"] or 0)
    assert incident["address"] == "A 1"
    assert incident["lon"] == pytest.approx(lon)


def test_a_dismissed_report_keeps_its_reason_and_is_forgotten_after_a_while(
    services: Services,
    dispatcher: Actor,
    door: ReportReceiving,
    said: SayPublicly,
    clock: SettableClock,
) -> None:
    """With the next that comes in."""
    door.receive(said, "a" * 64, Proof.WORK)
    (report,) = _waiting(services, dispatcher)
    wanted = DismissPublicReport(reason="children")

    settled = services.public_reports.dismiss(dispatcher, report["id"], wanted)
    clock.forward(timedelta(days=31).total_seconds())
    door.receive(said, "b" * 64, Proof.WORK)

    assert (settled["state"], settled["reason"]) == ("dismissed", "children")
    assert _count(services, "public_report") == 1


def test_no_more_reports_wait_than_a_desk_can_look_at(
    services: Services, dispatcher: Actor, door: ReportReceiving, said: SayPublicly
) -> None:
    """What a relay kept is taken all the same: nobody is there to be told to call."""
    for number in range(3):
        door.receive(said, f"{number}" * 64, Proof.WORK)
    with pytest.raises(TryLater):
        door.receive(said, "9" * 64, Proof.WORK)

    relayed = RelayedReport(
        **said.model_dump(exclude={"kind", "lon", "lat"}),
        kind="gone", lon=0.0, lat=0.0, key="8" * 64, received_at=services.clock(),
    )  # fmt: skip
    assert door.relayed(relayed)
    assert not door.relayed(relayed)
    last = _waiting(services, dispatcher)[-1]
    assert last["lon"] is None
    assert last["words"] == "it hisses · gone · 0.0, 0.0"


@pytest.mark.parametrize("wrong", ["place", "kind", "photo", "outside"])
def test_a_report_that_cannot_be_taken_says_why(
    door: ReportReceiving, said: SayPublicly, wrong: str
) -> None:
    """Of a place that is ours, a kind that there is, a photo that is one."""
    changes: dict[str, dict[str, object]] = {
        "place": {"lon": None, "lat": None},
        "kind": {"kind": "nonsense"},
        "photo": {"photo": b"no picture"},
        "outside": {"lon": 0.0, "lat": 0.0},
    }

    with pytest.raises(InvalidInput):
        door.receive(said.model_copy(update=changes[wrong]), "a" * 64, Proof.WORK)


def test_only_work_that_was_done_lately_on_a_challenge_of_ours_counts(
    door: ReportReceiving, clock: SettableClock
) -> None:
    """Not on another's, not on an easier one, not after hours."""
    challenge = door.challenge()
    solution = _solve(challenge)
    forged = proof_of_work.new_challenge(b"other", clock(), 4, "x")
    easy = proof_of_work.new_challenge(door.rules.key, clock(), 1, "x")

    assert door.is_solved(challenge, solution)
    assert not door.is_solved(challenge, "x")
    assert not door.is_solved(forged, _solve(forged))
    assert not door.is_solved(easy, _solve(easy))
    assert not door.is_solved("nonsense \ud800", solution)
    clock.forward(proof_of_work.HOLDS_FOR.total_seconds() + 1)
    assert not door.is_solved(challenge, solution)


def _solve(challenge: str) -> str:
    bits = int(challenge.split(".")[1])
    number = 0
    while proof_of_work.zero_bits(f"{challenge}:{number}") < bits:
        number += 1
    return str(number)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a server that takes posts."""
    with receiving() as made:
        yield made


def test_a_code_goes_to_the_number_and_only_the_right_one_counts(
    services: Services,
    administrator: Actor,
    door: ReportReceiving,
    receiver: Receiver,
    owner_engine: Engine,
) -> None:
    """Five tries, for that number, and three codes an hour."""
    wanted = {"name": "SMS", "kind": "sms", "url": receiver.url, "secret": "secret of a gateway"}
    services.gateways.add(administrator, AddGateway.model_validate(wanted))
    codes = services.report_codes
    with within(door.scope()):
        assert codes.can_send()
        token = codes.ask(PHONE, "en")
    with owner_engine.begin() as connection:
        take = "DELETE FROM procrastinate_jobs WHERE task_name = :name RETURNING args"
        (args,) = connection.execute(text(take), {"name": "public_reports:send_code"}).scalars()
    run_to_its_end(codes.send(**args))
    found = re.search(r"\d{6}", json.loads(receiver.got[0].body)["text"])
    assert found is not None
    code = found.group()
    other = f"{(int(code) + 1) % 1_000_000:06d}"

    with within(door.scope()):
        key = codes.check(token, PHONE, f" {code} ")
        assert codes.check(token, PHONE, code) == key
        for wrong in ((token, PHONE, other), (token, "+1", code), ("x", PHONE, code)):
            with pytest.raises(InvalidInput):
                codes.check(*wrong)
        for _ in range(5):
            with pytest.raises(InvalidInput):
                codes.check(token, PHONE, other)
        with pytest.raises(InvalidInput):
            codes.check(token, PHONE, code)
        for _ in range(2):
            codes.ask(PHONE, "en")
        with pytest.raises(TryLater):
            codes.ask(PHONE, "en")


def test_reports_go_to_the_unit_that_is_named_and_are_seen_there(
    services: Services,
    door: ReportReceiving,
    said: SayPublicly,
    group: Group,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By nobody of another company."""
    monkeypatch.setattr(door, "rules", replace(door.rules, unit="south"))
    door.receive(said, "a" * 64, Proof.WORK)
    seen = {}
    for name in ("north", "south"):
        desk = group.sign_up(name, f"desk-{name}", Role.DISPATCHER)
        with group.at(name):
            seen[name] = _waiting(services, desk)

    assert seen["north"] == []
    assert [each["kind"] for each in seen["south"]] == ["gas_leak"]
