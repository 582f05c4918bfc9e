"""The printable report of an order: what stands in it, who gets it, and the customer's link."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.forms.types import TakeMeasurement
from dispatch.forms.types import UsedPart
from dispatch.incidents.types import CreateIncident
from dispatch.links.states import LinkPurpose
from dispatch.outcomes.types import Complete
from dispatch.records.types import AddNote
from dispatch.records.types import AddPhoto
from dispatch.sending.types import SendCrew
from dispatch.signatures.types import AddSignature
from dispatch.work_reports.types import ReportLine
from dispatch.work_reports.types import ReportSection
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.pdf_text import pdf_text
from tests.pictures import decode_waiting
from tests.pictures import drawn
from tests.pictures import encoded
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Programs = Callable[[Actor], Program]
CALLER = {"caller_name": "Mrs Caller", "caller_phone": "+86 138 0000 0000"}


@dataclass(frozen=True, slots=True)
class Job:
    """A completed order, its crew's program, and the incident."""

    crew: Actor
    order_id: int
    incident_id: int

    @property
    def path(self) -> str:
        """Where its report is."""
        return f"/api/v1/assignments/{self.order_id}/work-report"


@pytest.fixture
def job(
    services: Services,
    people: People,
    yard: CrewYard,
    dispatcher: Actor,
    clock: SettableClock,
    pin: Callable[..., dict[str, Any]],
) -> Job:
    """Have a crew go, work for 25 minutes, photograph, have it signed, and complete."""
    crew = people.sign_up("north", Role.CREW, crew_id=yard.put("North 1", 1, 1))
    there = pin(2, 2)
    incident = services.incidents.create(
        dispatcher,
        CreateIncident.read(
            {
                "kind": "gas_leak",
                "address": "Rue Grimaldi 21",
                "lon": there["lon"],
                "lat": there["lat"],
                "description": "Smells in the hall, neighbour is Mr Other",
                **CALLER,
            }
        ),
    )
    command = SendCrew.read({"crew_id": crew.crew_id})
    order, _ = services.sending.send(dispatcher, incident["id"], command)
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
        services.assignments.act(crew, order["id"], action, Step())
        clock.forward(60)
    services.notes.add(dispatcher, incident["id"], AddNote(words="Difficult customer"))
    services.photos.add(crew, incident["id"], AddPhoto(photo=encoded(drawn()), caption="The valve"))
    decode_waiting(services)
    signed = {"signer_name": "Li Wei", "strokes": "M1 2L30 40", "width": 320, "height": 160}
    services.signatures.add(crew, order["id"], AddSignature.read(signed))
    clock.forward(24 * 60)
    gas = {"form": "gas_reading", "version": 1, "values": {"concentration": 21.5}}
    services.measurements.take(crew, order["id"], TakeMeasurement.read(gas))
    done = Complete(
        outcome="repaired",
        result="New seal at the meter",
        codes=("loose_joint",),
        parts=(UsedPart(code="gasket", quantity=2),),
    )
    services.assignments.act(crew, order["id"], Action.COMPLETE, done)
    return Job(crew, order["id"], incident["id"])


def test_a_report_says_what_was_done_in_both_languages_and_nothing_else(
    desk: Program, job: Job
) -> None:
    """What, where, when, by whom, how it ended, photos and signature; no caller and no remark."""
    english = desk.get(f"{job.path}?language=en")
    chinese = desk.get(f"{job.path}?language=zh")

    assert (english.status_code, english.mimetype) == (200, "application/pdf")
    assert english.headers["Cache-Control"] == "private, no-store"
    assert f"report-{job.incident_id}-{job.order_id}.pdf" in english.headers["Content-Disposition"]
    in_english, in_chinese = (pdf_text(answer.data) for answer in (english, chinese))
    for expected in (
        *("Repair report", f"Case {job.incident_id}, order {job.order_id}", "Gas leak"),
        *("Rue Grimaldi 21", "North 1", "On the spot", "25 minutes", "Repaired"),
        *("New seal at the meter", "The valve", "Signature of the customer", "Li Wei"),
        *("Gas concentration", "21.5 % LEL", "beyond the limit", "Loose joint", "2 pcs"),
    ):
        assert expected in in_english, expected
    for expected in (
        *("抢修报告", "燃气泄漏", "抢修班组", "到达现场", "25 分钟", "客户签名"),
        *("燃气浓度", "超出限值", "接头松动", "密封垫", "2 个"),
    ):
        assert expected in in_chinese, expected
    for hidden in ("Caller", "138", "Difficult", "neighbour", "Mr Other"):
        assert hidden not in in_english + in_chinese


def test_other_rooms_add_sections_and_what_is_beyond_its_limit_is_seen(
    desk: Program, job: Job, services: Services
) -> None:
    """In the order that they ask for."""
    line = ReportLine("Methane", "甲烷", "12 % LEL", "12 % LEL", beyond=True)
    first = ReportSection("Measured", "测量", [line], order=1)
    last = ReportSection("Parts", "材料", [ReportLine("Seal", "垫片", "2", "2")], order=90)
    services.work_reports.sections.append(lambda _session, _order: [last, first])

    try:
        printed = pdf_text(desk.get(f"{job.path}?language=en").data)
    finally:
        services.work_reports.sections.pop()

    assert printed.index("Measured") < printed.index("12 % LEL") < printed.index("Parts")
    assert "beyond the limit" in printed


def test_a_crew_prints_its_own_order_and_nobody_an_unfinished_one(  # noqa: PLR0917  (fixtures, by name)
    job: Job,
    desk: Program,
    program: Programs,
    services: Services,
    people: People,
    yard: CrewYard,
    dispatcher: Actor,
    pin: Callable[..., dict[str, Any]],
) -> None:
    """Another crew is told that there is none."""
    other = people.sign_up("other", Role.CREW, crew_id=yard.put("other", 3, 3))
    command = SendCrew.read({"crew_id": other.crew_id})
    order, _ = services.sending.send(dispatcher, pin(3, 3)["id"], command)

    assert program(job.crew).get(job.path).status_code == 200
    assert program(other).get(job.path).status_code == 404
    assert program(other).get(f"{job.path}/status").status_code == 404
    assert program(other).post(f"{job.path}/sending", {}).status_code == 404
    unfinished = desk.get(f"/api/v1/assignments/{order['id']}/work-report")
    assert (unfinished.status_code, told(unfinished)["code"]) == (409, "order_not_completed")
    assert desk.get("/api/v1/assignments/99999/work-report").status_code == 404


def link_to(services: Services, job: Job, clock: SettableClock, days: float = 1) -> str:
    """Return the token of a customer's link."""
    with services.work.writing() as session:
        return services.links.make(
            session,
            LinkPurpose.REPORT,
            incident_id=job.incident_id,
            assignment_id=job.order_id,
            expires_at=clock() + timedelta(days=days),
        )


def test_a_customer_reads_the_report_behind_a_link_until_it_ends(
    client: FlaskClient, job: Job, services: Services, clock: SettableClock
) -> None:
    """Of no index, kept by no browser, for whoever has the link; then there is nothing there."""
    token = link_to(services, job, clock)

    page = client.get(f"/r/{token}?language=en")
    chinese = client.get(f"/r/{token}?language=zh")
    found = re.search(r'<a href="(/r/[^"]+report\.pdf[^"]*)">', page.text)
    assert found is not None
    file = client.get(found[1].replace("&amp;", "&"))

    assert "New seal at the meter" in page.text
    assert "抢修报告" in chinese.text
    for hidden in ("Mrs Caller", "138", "Difficult", "<script"):
        assert hidden not in page.text
    assert "Li Wei" in pdf_text(file.data)
    for answer in (page, file):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    clock.forward(86_401)
    for path in (f"/r/{token}", f"/r/{token}/report.pdf", "/r/unknown", "/r/x/report.pdf"):
        assert client.get(path).status_code == 404


def test_a_link_of_another_purpose_opens_no_report(
    client: FlaskClient, job: Job, services: Services, clock: SettableClock
) -> None:
    """Whoever may see how far a case is may not read what was signed."""
    with services.work.writing() as session:
        token = services.links.make(
            session,
            LinkPurpose.CALLER,
            incident_id=job.incident_id,
            expires_at=clock() + timedelta(minutes=1),
        )

    assert client.get(f"/r/{token}").status_code == 404


def test_a_link_is_opened_thirty_times_a_minute_at_most(client: FlaskClient) -> None:
    """From one address, right or wrong."""
    codes = [client.get("/r/guess").status_code for _ in range(31)]

    assert codes == [404] * 30 + [429]


def test_a_machine_that_cannot_print_says_so_in_a_problem(
    desk: Program, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, with what is to be done; no trace."""
    monkeypatch.setattr("sys.executable", "/nonexistent/python")

    answer = desk.get(job.path)

    assert (answer.status_code, told(answer)["code"]) == (503, "printing_unavailable")
    assert answer.mimetype == "application/problem+json"
