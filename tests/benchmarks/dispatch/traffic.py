"""The measurements over HTTP, each against a city that is served."""

import json
import threading
from collections.abc import Callable
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from itertools import count
from itertools import cycle
from itertools import islice
from time import perf_counter
from typing import Any
from uuid import uuid4

import numpy as np

from tests.benchmarks.city import SEED
from tests.benchmarks.city import City
from tests.benchmarks.clients import Client
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.clients import watching
from tests.benchmarks.server import Server

CONNECTIONS = 4
_WARM_UP = 12
_SEEN_WITHIN_S = 5.0
# A circle of this many steps, about 8 m each: every fix is a new place, none an impossible one.
_STEPS = 60
_STEP_DEG = 8.0 / 111_000


def ask_candidates(server: Server, city: City) -> list[float]:
    """Return how long each question for candidates took, one after the other; seconds."""
    path = candidates_path(city)
    times_s = []
    with server.clients(city.desk_token, CONNECTIONS) as clients:
        for client in islice(cycle(clients), _WARM_UP):
            _check_candidates(city, client.get(path))
        for client in islice(cycle(clients), city.scale.asks):
            began_s = perf_counter()
            client.get(path)
            times_s.append(perf_counter() - began_s)
    return times_s


def ask_candidates_together(server: Server, city: City) -> list[float]:
    """Return how long each question took while several desks ask at once; seconds."""
    path = candidates_path(city)
    times_s: list[float] = []

    def ask(client: Client) -> None:
        for _ in range(city.scale.asks // CONNECTIONS):
            began_s = perf_counter()
            client.get(path)
            times_s.append(perf_counter() - began_s)

    with server.clients(city.desk_token, CONNECTIONS) as clients:
        _side_by_side(ask, clients)
    return times_s


def candidates_path(city: City) -> str:
    """Return what a desk asks when it opens the city's incident."""
    return f"/api/v1/incidents/{city.incident_id}/candidates?radius_m={city.radius_m:g}"


def _check_candidates(city: City, body: bytes) -> None:
    """Refuse to measure anything but the question that was meant."""
    found = [each for each in json.loads(body)["candidates"] if not each["outside_radius"]]
    if len(found) != city.scale.near or found[0]["travel_time_s"] is None:
        message = f"{len(found)} candidates, the first {found[:1]}"
        raise UnexpectedAnswerError(message)


@dataclass(frozen=True, slots=True)
class Sent:
    """How long sends took, and how long until the order was seen on the live stream; seconds."""

    send_s: list[float]
    seen_s: list[float]


def send_crews(server: Server, city: City, *, listed: bool) -> Sent:
    """Send idle crews to fresh incidents, one after the other, a console watching; withdraw them.

    Each request carries an idempotency key and the version of the incident, as the console's do.

    Parameters
    ----------
    listed
        Whether the candidates were asked for just before, on the same connection; that is not
        timed.
    """
    rng = np.random.default_rng(SEED)
    crews = city.idle[: city.scale.sends]
    began_s, took_s, orders = {}, [], []
    with (
        server.clients(city.desk_token, CONNECTIONS) as clients,
        server.clients(city.desk_token, 1) as consoles,
    ):
        targets = [pin(clients[0], city, rng) for _ in crews]
        with watching(consoles[0]) as sightings:
            for client, crew_id, (incident_id, version) in zip(
                cycle(clients), crews, targets, strict=False
            ):
                body = json.dumps({"crew_id": crew_id, "expected_version": version}).encode()
                key = str(uuid4())
                if listed:
                    client.get(f"/api/v1/incidents/{incident_id}/candidates")
                path = f"/api/v1/incidents/{incident_id}/assignments"
                began_s[incident_id] = perf_counter()
                answer = client.post(path, body, Idempotency_Key=key)
                took_s.append(perf_counter() - began_s[incident_id])
                orders.append(json.loads(answer)["id"])
            _wait_for(lambda: began_s.keys() <= sightings.seen_s.keys())
            seen = dict(sightings.seen_s)
        for order_id in orders:
            clients[0].post_json(f"/api/v1/assignments/{order_id}/withdraw", {})
    return Sent(took_s, [seen[each] - began_s[each] for each in began_s])


def pin(client: Client, city: City, rng: np.random.Generator) -> tuple[int, int]:
    """Report an incident near the middle; returns its id and version."""
    lon, lat = city.near_centre(rng)
    body = {"kind": "gas_leak", "lon": lon, "lat": lat}
    incident = client.post_json("/api/v1/incidents", body)
    return incident["id"], incident["version"]


def _wait_for(done: Callable[[], bool]) -> None:
    give_up_s = perf_counter() + _SEEN_WITHIN_S
    while not done():
        if perf_counter() > give_up_s:
            message = "an order was not seen on the live stream"
            raise UnexpectedAnswerError(message)
        threading.Event().wait(0.01)


def report_positions(server: Server, city: City, batch: int, connections: int) -> float:
    """Return how many fixes a second were taken in batches while all crews move on.

    Every crew belongs to one connection, as behind a tracking gateway; the generator takes its
    share of the same machine. Only fixes that became a crew's position count.
    """
    connections = min(connections, len(city.crew_ids))
    fleets = [
        list(
            zip(
                city.crew_ids[part::connections],
                city.places[part::connections].tolist(),
                strict=True,
            )
        )
        for part in range(connections)
    ]
    began_s = perf_counter()
    until_s = began_s + city.scale.report_s
    used = [0] * connections

    def drive(client: Client, part: int) -> None:
        fleet = fleets[part]
        for step in count():
            for first in range(0, len(fleet), batch):
                if perf_counter() > until_s:
                    return
                body = fixes(fleet[first : first + batch], step)
                used[part] += client.post("/api/v1/positions", body).count(b'"used"')

    with server.clients(city.tracker_token, connections) as clients:
        _side_by_side(drive, clients, range(connections))
    return sum(used) / (perf_counter() - began_s)


def fixes(crews: list[tuple[int, list[float]]], step: int) -> bytes:
    """Return a batch of reports as of now: each crew one step further on its circle."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    angle = 2 * np.pi * step / _STEPS
    reach = _STEP_DEG * _STEPS / (2 * np.pi)
    east, north = reach * float(np.sin(angle)), reach * float(1 - np.cos(angle))
    return json.dumps(
        {
            "positions": [
                {
                    "crew_id": crew_id,
                    "lon": round(lon + east, 7),
                    "lat": round(lat + north, 7),
                    "fixed_at": now,
                    "accuracy_m": 5.0,
                    "speed_mps": 8.0,
                    "heading_deg": 90.0,
                }
                for crew_id, (lon, lat) in crews
            ]
        }
    ).encode()


def _side_by_side(work: Callable[..., None], *each: Sequence[Any]) -> None:
    with ThreadPoolExecutor(len(each[0])) as pool:
        list(pool.map(work, *each))  # the list raises what a thread raised
