"""Desks that send one crew after the other, and note what they were told."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field

import httpx
import psycopg

from tests.waiting import PATIENCE_S
from tests.waiting import wait_until

DESKS = 4
_EMERGENCY = """
    WITH crew AS (
        INSERT INTO crew (name, skills, duty, duty_changed_at, created_at)
        VALUES (gen_random_uuid(), '{gas}', 'on_duty', now(), now()) RETURNING id
    ), position AS (
        INSERT INTO crew_position (crew_id, point, fixed_at, received_at, heard_at, known_at,
                                   moved_at, rest_point)
        SELECT id, %(point)s, now(), now(), now(), now(), now(), %(point)s FROM crew
    ), incident AS (
        INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                              caller_name, caller_phone, created_at, updated_at)
        VALUES ('gas_leak', 1, 'open', 0, 1, %(point)s, '', '', '', '', now(), now()) RETURNING id
    ) SELECT incident.id, crew.id FROM incident, crew
"""


def add_emergencies(
    connection: psycopg.Connection[tuple[object, ...]], count: int
) -> list[tuple[int, int]]:
    """Add so many incidents, 16 km and more apart, each with a crew; return ids of both."""
    found: list[tuple[int, int]] = []
    with connection.cursor() as cursor:
        for number in range(count):
            lon, lat = 7 + number % 20 * 0.2, 40 + number // 20 * 0.2
            point = {"point": f"SRID=4326;POINT({lon:.1f} {lat:.1f})"}
            found.extend(cursor.execute(_EMERGENCY, point).fetchall())  # type: ignore[arg-type]
    return found


def client_of_desk(port: int, token: str) -> httpx.Client:
    """Return a dispatcher's client."""
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE_S,
    )


@dataclass
class Ledger:
    """What desks were told: the order of each incident, and how many requests were in vain."""

    orders: dict[int, int] = field(default_factory=dict)
    in_vain: Counter[str] = field(default_factory=Counter)

    def send(self, client: httpx.Client, incident_id: int, crew_id: int) -> None:
        """Send a crew; repeat the request, word for word, until it is answered."""
        wait_until(lambda: self._is_sent(client, incident_id, crew_id))

    def _is_sent(self, client: httpx.Client, incident_id: int, crew_id: int) -> bool:
        path, key = f"/api/v1/incidents/{incident_id}/assignments", f"send {incident_id}"
        try:
            answer = client.post(path, json={"crew_id": crew_id}, headers={"Idempotency-Key": key})
        except httpx.TransportError as error:
            self.in_vain[type(error).__name__] += 1
            return False
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            self.in_vain["503"] += 1
            return False
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self.orders[incident_id] = answer.json()["id"]
        return True


@contextmanager
def sending(
    emergencies: Sequence[tuple[int, int]], ledger: Ledger, client: Callable[[], httpx.Client]
) -> Iterator[Callable[[int], bool]]:
    """Have four desks send a crew to each; give what tells whether so many are acknowledged.

    At the end of the block all have sent; what went wrong at a desk is raised.
    """

    def sits_at_desk(number: int) -> None:
        with client() as own:
            for incident_id, crew_id in emergencies[number::DESKS]:
                ledger.send(own, incident_id, crew_id)

    with ThreadPoolExecutor(DESKS) as desks:
        shifts = [desks.submit(sits_at_desk, number) for number in range(DESKS)]

        def has_sent(count: int) -> bool:
            for shift in shifts:
                if shift.done():
                    shift.result()
            return len(ledger.orders) >= count

        yield has_sent
        for shift in shifts:
            shift.result()
