"""What trackers send over HTTP: answered as they need it, stored like everything else."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import TestResponse

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.instants import instant
from dispatch.core.scope import NOTHING
from dispatch.core.scope import within
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.positions.types import ReportPositions
from dispatch.trackers.setup_links import link_of
from dispatch.trackers.states import Protocol
from dispatch.trackers.states import Trouble
from dispatch.trackers.types import AddTracker
from dispatch.trackers.types import TrackerAnswer
from dispatch.trackers.types import TrackerListQuery
from geodata.crs.datum import Datum
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import SettableClock
from tests.looking import looking
from webconsole.trackers.rates import Buckets

pytestmark = pytest.mark.postgis
OSMAND, OWNTRACKS = "/ingest/osmand", "/ingest/owntracks"


@dataclass
class Van:
    """A crew on duty for an hour, and its trackers."""

    services: Services
    administrator: Actor
    client: FlaskClient
    clock: SettableClock
    city: GridCity
    crew_id: int

    def add(self, name: str = "Phone", **fields: Any) -> "Phone":  # noqa: ANN401  (of the command)
        """Add a tracker."""
        wanted = AddTracker(crew_id=self.crew_id, name=name, **fields)
        issued = self.services.trackers.add(self.administrator, wanted)
        return Phone(self, issued["tracker"]["id"], issued["login"], issued["secret"])

    def position(self) -> Any:  # noqa: ANN401  (compared with what is about the same)
        """Return whose the crew's position is, and where; None without any."""
        with looking(self.services.engine) as connection:
            row = connection.execute(
                text("SELECT tracker_id, lon, lat FROM crew_position WHERE crew_id = :id"),
                {"id": self.crew_id},
            ).one_or_none()
        return None if row is None else (row.tracker_id, row.lon, row.lat)

    def kept(self) -> list[str | None]:
        """Return the refusals in the crew's track, in time."""
        with looking(self.services.engine) as connection:
            query = "SELECT refusal FROM position_report WHERE crew_id = :id ORDER BY fixed_at"
            return list(connection.execute(text(query), {"id": self.crew_id}).scalars())


@dataclass
class Phone:
    """A tracker of a van."""

    van: Van
    id: int
    login: str
    secret: str

    def place(self, column: float, row: float = 1) -> tuple[float, float]:
        """Return a place of the city."""
        return self.van.city.at(column, row)

    def report(self, column: float = 1, *, age_s: float = 0, **fields: object) -> TestResponse:
        """Send a fix as Traccar Client 7 does."""
        lon, lat = self.place(column)
        at = (self.van.clock() - timedelta(seconds=age_s)).timestamp()
        query = {"id": self.secret, "lat": lat, "lon": lon, "timestamp": int(at), **fields}
        return self.van.client.get(OSMAND, query_string=query)

    def say(self, message: object = None, **headers: str) -> TestResponse:
        """Send a message as OwnTracks does."""
        known = base64.b64encode(f"{self.login}:{self.secret}".encode()).decode()
        return self.van.client.post(
            OWNTRACKS,
            data=b"" if message is None else json.dumps(message),
            headers={"Authorization": f"Basic {known}", "X-Limit-U": "x", **headers},
        )

    def location(self, column: float = 1, **fields: object) -> dict[str, Any]:
        """Return a location of OwnTracks."""
        lon, lat = self.place(column)
        tst = int(self.van.clock().timestamp())
        return {"_type": "location", "lat": lat, "lon": lon, "tst": tst, "tid": "c1", **fields}

    @property
    def state(self) -> TrackerAnswer:
        """Return how the desk sees it."""
        return self.van.services.trackers.get(self.van.administrator, self.id)


@pytest.fixture
def van(
    services: Services,
    administrator: Actor,
    client: FlaskClient,
    yard: CrewYard,
    clock: SettableClock,
) -> Van:
    """Return a crew that went on duty an hour ago, far from where it will be."""
    clock.forward(-3_600)
    crew_id = yard.put("A", 10, 10)
    clock.forward(3_600)
    return Van(services, administrator, client, clock, yard.city, crew_id)


def test_a_fix_in_each_form_becomes_the_crews_position(van: Van) -> None:
    """GET, POST with a query, POST of a form, POST of JSON; each is answered 200 with no body."""
    phone = van.add()
    (lon, lat), now = phone.place(1), van.clock()
    fields = {"id": phone.secret, "lat": str(lat), "lon": str(lon)}

    def at(seconds: float) -> dict[str, str]:
        return {**fields, "timestamp": str(int(now.timestamp() + seconds))}

    location = {
        "timestamp": instant(now),
        "coords": {"latitude": lat, "longitude": lon, "speed": 0, "accuracy": 8},
        "battery": {"level": 0.75, "is_charging": False},
    }
    answers = [
        van.client.get(OSMAND, query_string=at(-40)),
        van.client.post(OSMAND, query_string=at(-30)),
        van.client.post(OSMAND, data=at(-20)),
        van.client.post(OSMAND, json={"device_id": phone.secret, "location": location}),
    ]

    assert [(each.status_code, each.data) for each in answers] == [(200, b"")] * 4
    assert van.position() == (phone.id, pytest.approx(lon), pytest.approx(lat))
    state = phone.state
    assert (state["used_today"], state["refused_today"], state["in_use"]) == (4, {}, True)
    assert (state["battery_pct"], state["charging"], state["accuracy_m"]) == (75, False, 8)
    assert state["troubles"] == []


def test_who_is_unknown_is_told_so_in_the_words_of_the_protocol(van: Van) -> None:
    """400; in the JSON form 404; OwnTracks 401. An OwnTracks password opens no other door."""
    phone, tracks = van.add(), van.add(protocol=Protocol.OWNTRACKS)
    wrong = {"device_id": "unknown", "location": {}}

    assert van.client.get(OSMAND, query_string={"lat": 1, "lon": 1}).status_code == 400
    assert van.client.get(OSMAND, query_string={"id": "unknown"}).status_code == 400
    assert van.client.post(OSMAND, json=wrong).status_code == 404
    assert van.client.post(OSMAND, data=b"{").status_code == 400
    assert van.client.post(OWNTRACKS, data=b"{}").status_code == 401
    assert Phone(van, 0, tracks.login, phone.secret).say().status_code == 401
    assert (
        van.client.get(OSMAND, query_string={"id": f"{tracks.login}:{tracks.secret}"}).status_code
        == 400
    )


def test_owntracks_always_hears_an_empty_list(van: Van) -> None:
    """An object makes some versions queue for ever."""
    phone = van.add(protocol=Protocol.OWNTRACKS)

    for message in (phone.location(vel=36, acc=5), {"_type": "lwt"}, None, phone.location(lat=99)):
        answer = phone.say(message)
        assert (answer.status_code, answer.json) == (200, [])
        assert answer.content_type == "application/json"
    assert phone.state["used_today"] == 1
    assert phone.state["refused_today"] == {"invalid": 1}


def test_a_refused_fix_is_answered_as_a_good_one_and_shown_with_its_reason(van: Van) -> None:
    """A phone drops it then, and goes on with the next."""
    phone = van.add(filters={"inaccurate_m": 100})
    answers = [
        phone.report(1, age_s=60),
        phone.report(1, age_s=50, valid="false"),
        phone.report(1, age_s=45, accuracy=150),
        phone.report(1, age_s=40, mock="true"),
        van.client.get(OSMAND, query_string={"id": phone.secret, "lat": 0, "lon": 0}),
        phone.report(1, age_s=30),
        phone.report(1, age_s=30),
    ]

    assert {each.status_code for each in answers} == {200}
    assert phone.state["used_today"] == 2
    assert phone.state["refused_today"] == {
        "invalid": 1,
        "inaccurate": 1,
        "mock": 1,
        "zero": 1,
        "duplicate": 1,
    }
    refused = van.services.trackers.refused(van.administrator, phone.id)["refused"]
    assert {each["reason"] for each in refused} == {"invalid", "inaccurate", "mock", "zero"}
    assert van.kept().count(None) == 3  # with the one of an hour ago


def test_nothing_of_a_crew_off_duty_is_stored_but_that_it_was_heard(
    van: Van, services: Services, administrator: Actor, integration: Actor
) -> None:
    """Neither its place nor its track, by whichever door; what it drove on duty counts later."""
    phone = van.add()
    before = van.position(), van.kept()
    van.clock.forward(600)
    services.crews.set_duty(administrator, van.crew_id, SetDuty(duty=Duty.OFF_DUTY))
    van.clock.forward(600)

    late = phone.report(1, age_s=900)
    now = phone.report(2)
    lon, lat = phone.place(3)
    fix = {"crew_id": van.crew_id, "lon": lon, "lat": lat, "fixed_at": instant(van.clock())}
    by_api = services.positions.record(integration, ReportPositions(positions=[fix]))

    assert (late.status_code, now.status_code) == (200, 200)
    assert by_api["results"][0]["status"] == "refused"
    assert by_api["results"][0]["reason"] == "off_duty"
    assert len(van.kept()) == len(before[1]) + 1
    assert phone.state["refused_today"] == {"off_duty": 1}
    assert phone.state["heard_at"] == instant(van.clock())


def test_a_heartbeat_keeps_the_place_and_says_that_the_crew_is_parked(van: Van) -> None:
    """Fresh by what was heard, at rest by what it told last; and stale once it is silent."""
    phone = van.add()
    phone.report(1, age_s=60, speed=0)
    phone.report(1, age_s=30, speed=0)
    place = van.position()

    for _ in range(10):
        van.clock.forward(60)
        heard = van.client.get(OSMAND, query_string={"id": phone.secret, "batt": 40})
        assert heard.status_code == 200
    (crew,) = van.services.crews.list(van.administrator)["crews"]

    assert van.position() == place
    assert phone.state["battery_pct"] == 40
    assert crew["fix_age_s"] == 630
    assert crew["heard_at"] == instant(van.clock())
    assert crew["parked_since"] == instant(van.clock() - timedelta(seconds=660))


def test_two_devices_of_a_crew_make_one_position(
    van: Van, services: Services, integration: Actor
) -> None:
    """The one that holds it keeps it; the page takes over 46 seconds after it went silent."""
    phone, other = van.add("Phone"), van.add("Old phone")
    phone.report(1, age_s=100)
    other.report(9, age_s=95)
    phone.report(1.1, age_s=90)

    assert van.position() is not None
    assert van.position()[0] == phone.id
    assert van.kept()[-3:] == [None, "other_device", None]
    lon, lat = phone.place(2)
    fixed_at = instant(van.clock() - timedelta(seconds=44))
    page = {"crew_id": van.crew_id, "lon": lon, "lat": lat, "fixed_at": fixed_at}
    services.positions.record(integration, ReportPositions(positions=[page]))
    assert van.position() == (None, pytest.approx(lon), pytest.approx(lat))


def test_a_revoked_tracker_is_unknown_within_a_second_and_a_new_secret_voids_the_old(
    van: Van, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it was known before."""
    seconds = [100.0]
    monkeypatch.setattr("dispatch.trackers.arrivals.monotonic", lambda: seconds[0])
    phone, lost = van.add(), van.add()
    assert (phone.report().status_code, lost.report().status_code) == (200, 200)

    issued = van.services.trackers.issue(van.administrator, phone.id)
    van.services.trackers.revoke(van.administrator, lost.id)
    seconds[0] += 0.81

    assert (phone.report().status_code, lost.report().status_code) == (400, 400)
    phone.secret = issued["secret"]
    assert phone.report().status_code == 200
    assert lost.state["revoked_at"] is not None


def test_a_place_in_the_datum_of_chinese_maps_is_stored_in_wgs_84(van: Van) -> None:
    """Outside China GCJ-02 is WGS 84; BD-09 is shifted everywhere."""
    plain, shifted = van.add(datum=Datum.GCJ02), van.add(datum=Datum.BD09)
    lon, lat = plain.place(1)
    plain.report(1, age_s=100)
    assert van.position() == (plain.id, pytest.approx(lon), pytest.approx(lat))

    shifted.report(1, age_s=10)

    found = van.position()
    assert found is not None
    assert found[1:] == pytest.approx((lon - 0.0065, lat - 0.006), abs=0.002)
    assert found[1:] != pytest.approx((lon, lat), abs=0.001)


def test_trouble_is_found_and_listed_first(van: Van, administrator: Actor) -> None:
    """Never heard; silent; battery low; inaccurate; ten refused of twelve. The fifth has none."""
    _, silent, poor, wrong, well = (van.add(name) for name in "ABCDE")
    silent.report(1, age_s=0, batt=50)
    van.clock.forward(400)
    poor.report(1, accuracy=150, batt=10)
    van.clock.forward(100)
    for _ in range(2):
        wrong.report(1)
        van.clock.forward(1)
    for _ in range(10):
        wrong.report(1, valid="false")
        van.clock.forward(1)
    well.report(1, batt=90)

    found = van.services.trackers.list(administrator)
    troubles = {each["name"]: each["troubles"] for each in found["trackers"]}
    only = TrackerListQuery(trouble=Trouble.BATTERY)
    (low,) = van.services.trackers.list(administrator, only)["trackers"]

    assert troubles == {
        "A": ["never_heard"],
        "B": ["silent"],
        "C": ["inaccurate", "battery"],
        "D": ["refused"],
        "E": [],
    }
    assert found["in_trouble"] == 4
    assert found["trackers"][-1]["id"] == well.id
    assert low["id"] == poor.id


def test_a_desk_that_waits_to_hear_has_owntracks_asked_until_it_answers(
    van: Van, dispatcher: Actor
) -> None:
    """The command goes with the answer to whatever it sends next; Traccar just has to be heard."""
    tracks, phone = van.add(protocol=Protocol.OWNTRACKS), van.add()
    for each in (tracks, phone):
        van.services.trackers.test(dispatcher, each.id)

    asked = tracks.say()
    van.clock.forward(5)
    answered = tracks.say(tracks.location())
    phone.report()

    assert asked.json == [{"_type": "cmd", "action": "reportLocation"}]
    assert answered.status_code == 200
    for each in (tracks, phone):
        test = each.state["test"]
        assert test is not None
        assert test["answered_at"] == instant(van.clock())


def test_the_link_sets_a_phone_up_and_what_it_sends_by_it_arrives(van: Van) -> None:
    """With sensible intervals: as shipped the client falls asleep."""
    issued = van.services.trackers.add(
        van.administrator, AddTracker(crew_id=van.crew_id, name="Phone")
    )
    link = urlsplit(link_of(issued, "https://dispatch.example.com/"))
    tracks = van.services.trackers.add(
        van.administrator,
        AddTracker(crew_id=van.crew_id, name="Tracks", protocol=Protocol.OWNTRACKS),
    )
    config = urlsplit(link_of(tracks, "https://dispatch.example.com/"))
    inline = json.loads(base64.b64decode(parse_qs(config.query)["inline"][0]))

    fields = {name: value for name, (value,) in parse_qs(link.query).items()}
    assert (link.netloc, link.path) == ("dispatch.example.com", OSMAND)
    assert fields == {
        "id": issued["secret"],
        "interval": "10",
        "distance": "10",
        "accuracy": "high",
        "heartbeat": "60",
        "stopDetection": "false",
    }
    assert van.client.get(link.path, query_string=link.query).status_code == 200
    assert (config.scheme, config.path) == ("owntracks", "/config")
    assert inline["url"] == "https://dispatch.example.com/ingest/owntracks"
    assert (inline["username"], inline["password"]) == (tracks["login"], tracks["secret"])


def test_a_body_that_is_too_large_is_refused_before_it_is_read(van: Van) -> None:
    """No fix has 64 kB."""
    answer = van.client.post(OSMAND, data=b"x" * 65_537)

    assert answer.status_code == 413


def test_so_many_requests_at_once_and_then_as_many_as_fill_up_again() -> None:
    """Two at once, one more each ten seconds; others are not held up."""
    seconds = [0.0]
    buckets = Buckets(2, 0.1, lambda: seconds[0])

    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    assert buckets.take("b")
    seconds[0] = 10
    assert [buckets.take("a") for _ in range(2)] == [True, False]


def test_unknown_ids_are_asked_to_wait_and_known_ones_are_not(van: Van) -> None:
    """Phones of a network share an address."""
    phone = van.add()
    answers = [
        van.client.get(OSMAND, query_string={"id": "x"}, environ_base={"REMOTE_ADDR": "10.0.0.9"})
        for _ in range(70)
    ]

    assert {answers[0].status_code, answers[-1].status_code} == {400, 429}
    assert phone.report().status_code == 200


def test_what_is_stored_together_may_be_of_crews_that_do_not_see_each_other(van: Van) -> None:
    """Whoever leads a group stores for all; nobody's rows are missing to it."""
    phone = van.add()
    known = van.services.arrivals.by_device(phone.secret)
    assert known is not None
    with within(NOTHING):
        stored = van.services.positions.take([])
        assert list(stored) == []
        assert phone.report(1).status_code == 200
    assert phone.state["used_today"] == 1


_texts = st.text(max_size=20) | st.floats().map(str) | st.integers().map(str)
_Send = Callable[[Van, str], TestResponse]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fields=st.dictionaries(
        st.sampled_from(["timestamp", "lat", "lon", "location", "speed", "accuracy", "valid"]),
        _texts,
    ),
    body=st.binary(max_size=200),
)
def test_whatever_comes_is_answered_and_never_keeps_a_good_fix_out(
    van: Van, fields: dict[str, str], body: bytes
) -> None:
    """Never a 5xx; 4xx only to those who name no device."""
    if not hasattr(van, "phones"):
        van.phones = van.add(), van.add(protocol=Protocol.OWNTRACKS)  # type: ignore[attr-defined]
    phone, tracks = van.phones  # type: ignore[attr-defined]
    as_json = {"device_id": phone.secret, "location": {"coords": fields, **fields}}

    answers = [
        van.client.get(OSMAND, query_string={"id": phone.secret, **fields}),
        van.client.post(OSMAND, data={"id": phone.secret, **fields}),
        van.client.post(OSMAND, json=as_json),
        tracks.say({"_type": "location", **fields}),
    ]
    nobody = van.client.post(OSMAND, data=body)
    van.clock.forward(1)
    good = phone.report(1)

    assert {each.status_code for each in (*answers, good)} == {200}
    assert nobody.status_code in {400, 404, 429}
