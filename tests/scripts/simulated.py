"""The demo's crews at a real console on the grid city, and a dispatcher's program beside them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from scripts.demo.demo_seed import DISPATCHER
from scripts.demo.demo_seed import PASSWORD
from tests.cities import GridCity

PATIENCE_S = 60.0
DEMO = {"NEARCREW_DEMO": "1"}
"""What a server of the demo is told besides."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The dispatcher's program at the console."""

    client: httpx.Client

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401  (JSON)
        """Ask for something."""
        return self.client.get(path, params=query).raise_for_status().json()

    def send(self, crew_id: int, lonlat: tuple[float, float], **fields: object) -> dict[str, Any]:
        """Pin a gas leak, send a crew there, and return the order."""
        pinned = {"kind": "gas_leak", "lon": lonlat[0], "lat": lonlat[1]}
        incident = self.client.post("/incidents", json=pinned).raise_for_status().json()
        path = f"/incidents/{incident['id']}/assignments"
        sent = self.client.post(path, json={"crew_id": crew_id, **fields}).raise_for_status()
        order: dict[str, Any] = sent.json()
        return order

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        """Return an order as it is now."""
        found: dict[str, Any] = self.get(f"/assignments/{order['id']}")
        return found

    def crew(self, crew_id: int) -> dict[str, Any]:
        """Return a crew as it is now."""
        found: dict[str, Any] = self.get(f"/crews/{crew_id}")
        return found


@contextmanager
def desk_at(url: str) -> Iterator[Desk]:
    """Sign the dispatcher's program in."""
    with httpx.Client(base_url=f"{url}/api/v1", timeout=PATIENCE_S) as client:
        body = {"username": DISPATCHER, "password": PASSWORD}
        token = client.post("/login", json=body).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield Desk(client)


@contextmanager
def simulating(url: str, pace: float) -> Iterator[subprocess.Popen[bytes]]:
    """Let the crews live until the block ends."""
    options = [f"--url={url}", f"--pace={pace}", "--work-s=5"]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "scripts.simulator.run", *options],
        env={name: value for name, value in os.environ.items() if "DATABASE" not in name},
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def wait_until(what: Callable[[], object]) -> None:
    """Wait until something holds."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline_s, "it did not come to pass"
        time.sleep(0.1)


def north_of(crew: dict[str, Any], city: GridCity, *, blocks: int) -> tuple[float, float]:
    """Return a place so many blocks up the street from a crew, or down where the city ends."""
    block = city.at(0, 1)[1] - city.south
    _, end = city.at(0, city.blocks)
    up = crew["lat"] + blocks * block
    return crew["lon"], up if up <= end else crew["lat"] - blocks * block
