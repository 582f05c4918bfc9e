"""Desks that send and trackers that report while things are killed, and what became of it all."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from http import HTTPStatus
from http.client import HTTPException
from itertools import pairwise
from time import perf_counter
from typing import Any
from uuid import uuid4

import numpy as np

from tests.benchmarks.city import SEED
from tests.benchmarks.city import City
from tests.benchmarks.clients import Client
from tests.benchmarks.clients import RefusedError
from tests.benchmarks.dispatch.traffic import fixes
from tests.benchmarks.recovery.product import Product
from tests.benchmarks.server import HOST

DESKS = 2
FLEET = 20
_SENDS_EACH = 10
_TRY_AGAIN_S = 0.1
_ORDERS = "SELECT id, incident_id FROM assignment"
_FIXES = "SELECT crew_id, fixed_at FROM position_report"


@dataclass(slots=True)
class Ledger:
    """What was acknowledged, and when; times are seconds of `perf_counter`.

    Attributes
    ----------
    orders
        The incident of each order that was acknowledged.
    clicks
        When each send was begun and when it was acknowledged.
    fixes
        Crew and instant of each fix that was taken.
    tried_again
        How many requests had to be sent again.
    """

    orders: dict[int, int] = field(default_factory=dict)
    clicks: list[tuple[float, float]] = field(default_factory=list)
    fixes: set[tuple[int, str]] = field(default_factory=set)
    tried_again: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def longest_wait_s(self, since_s: float, until_s: float) -> float:
        """Return for how long no send was acknowledged, at worst, from one instant to another."""
        with self.lock:
            done_s = sorted(done_s for _, done_s in self.clicks if since_s < done_s < until_s)
        return max(later - earlier for earlier, later in pairwise([since_s, *done_s, until_s]))

    def longest_click_s(self) -> float:
        """Return how long a click waited for its answer at worst, repeated as often as needed."""
        with self.lock:
            return max(done_s - began_s for began_s, done_s in self.clicks)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds of what was acknowledged."""

    sends_lost: int
    sends_doubled: int
    fixes_lost: int


@contextmanager
def traffic(product: Product, city: City) -> Iterator[Ledger]:
    """Send and report all the time until the end of the block."""
    ledger = Ledger()
    over = threading.Event()
    failures: list[BaseException] = []

    def runs(work: Callable[..., None], *arguments: Any) -> threading.Thread:  # noqa: ANN401
        def guarded() -> None:
            try:
                work(*arguments)
            except BaseException as error:  # noqa: BLE001  (raised where it is waited for)
                failures.append(error)

        thread = threading.Thread(target=guarded, daemon=True)
        thread.start()
        return thread

    desks = [_Patient(product, city.desk_token, ledger) for _ in range(DESKS)]
    tracker = _Patient(product, city.tracker_token, ledger)
    threads = [
        *(runs(_send, desk, city, number, ledger, over) for number, desk in enumerate(desks)),
        runs(_report, tracker, city, ledger, over),
    ]
    try:
        yield ledger
    finally:
        over.set()
        for thread in threads:
            thread.join()
        for each in (*desks, tracker):
            each.close()
    if failures:
        raise failures[0]


def look_up(product: Product, database: str, ledger: Ledger) -> Kept:
    """Compare what was acknowledged with what is in the database."""
    with product.urls.connect(database) as connection:
        orders = {int(str(order)): int(str(about)) for order, about in connection.execute(_ORDERS)}
        reported = {
            (int(str(crew_id)), _text(fixed_at)) for crew_id, fixed_at in connection.execute(_FIXES)
        }
    # Every send is repeated until it is acknowledged: what else was stored was sent twice.
    wanted = Counter(ledger.orders.values())
    stored = Counter(about for about in orders.values() if about in wanted)
    return Kept(
        sends_lost=sum(order not in orders for order in ledger.orders),
        sends_doubled=(stored - wanted).total(),
        fixes_lost=len(ledger.fixes - reported),
    )


class _Patient:
    """A client that repeats what was not answered, word for word, as the console does."""

    def __init__(self, product: Product, token: str, ledger: Ledger) -> None:
        self._client = Client(HOST, product.port, token)
        self._ledger = ledger

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def post(self, path: str, body: object, **headers: str) -> Any:  # noqa: ANN401  (JSON)
        """Post until there is an answer."""
        while True:
            answer = self.try_post(path, body, **headers)
            if answer is not None:
                return answer
            threading.Event().wait(_TRY_AGAIN_S)

    def try_post(self, path: str, body: object, **headers: str) -> Any:  # noqa: ANN401  (JSON)
        """Post once; None when nothing came back or the server cannot serve just now."""
        try:
            return self._client.post_json(path, body, **headers)
        except RefusedError as refused:
            if refused.status not in {502, 503, 504}:
                raise
        except (OSError, HTTPException):
            self._client.close()
        with self._ledger.lock:
            self._ledger.tried_again += 1
        return None


def _send(desk: _Patient, city: City, number: int, ledger: Ledger, over: threading.Event) -> None:
    """Send a crew to an incident, call it back, and so on; now and then to a fresh incident."""
    rng = np.random.default_rng(SEED + number)
    crew_id = city.idle[number]
    while not over.is_set():
        lon, lat = city.near_centre(rng)
        wanted = {"kind": "gas_leak", "lon": lon, "lat": lat}
        incident = desk.post("/api/v1/incidents", wanted, Idempotency_Key=str(uuid4()))
        for _ in range(_SENDS_EACH):
            began_s = perf_counter()
            path = f"/api/v1/incidents/{incident['id']}/assignments"
            order = desk.post(path, {"crew_id": crew_id}, Idempotency_Key=str(uuid4()))
            with ledger.lock:
                ledger.clicks.append((began_s, perf_counter()))
                ledger.orders[order["id"]] = incident["id"]
            _call_back(desk, order["id"])
            if over.is_set():
                return


def _call_back(desk: _Patient, order_id: int) -> None:
    try:
        desk.post(f"/api/v1/assignments/{order_id}/withdraw", {"client_id": str(uuid4())})
    except RefusedError as refused:
        if refused.status != HTTPStatus.CONFLICT:  # done already, but the answer was lost
            raise


def _report(tracker: _Patient, city: City, ledger: Ledger, over: threading.Event) -> None:
    """Report where a fleet stands, as fast as that is taken."""
    fleet = list(zip(city.crew_ids, city.places.tolist(), strict=True))[-FLEET:]
    while not over.is_set():
        body = json.loads(fixes(fleet, 0))
        answer = tracker.try_post("/api/v1/positions", body)
        if answer is None:
            threading.Event().wait(_TRY_AGAIN_S)
            continue
        sent = zip(body["positions"], answer["results"], strict=True)
        ledger.fixes |= {
            (fix["crew_id"], fix["fixed_at"]) for fix, found in sent if found["status"] == "used"
        }


def _text(fixed_at: Any) -> str:  # noqa: ANN401  (the driver's)
    return str(fixed_at.isoformat(timespec="milliseconds"))
