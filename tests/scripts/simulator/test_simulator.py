"""Simulated crews at a real console: gunicorn, PostGIS, the grid city; time goes faster."""

import time
from datetime import UTC
from datetime import datetime
from itertools import pairwise

import httpx
import pytest

from dispatch.bootstrap import Services
from scripts.demo.demo_seed import seed_demo
from tests.cities import GridCity
from tests.scripts.simulated import DEMO
from tests.scripts.simulated import desk_at
from tests.scripts.simulated import north_of
from tests.scripts.simulated import simulating
from tests.scripts.simulated import wait_until
from tests.webconsole.served_console import serving

pytestmark = [pytest.mark.postgis, pytest.mark.real_time]
PACE = 5.0
HURRY = 20.0
OUTAGE_S = 6.0


def off_street_m(city: GridCity, lonlat: tuple[float, float]) -> float:
    """Return how far a place is from the nearest street of the grid, in metres."""
    east, north = city.at(1, 1)
    column = (lonlat[0] - city.west) / (east - city.west)
    row = (lonlat[1] - city.south) / (north - city.south)
    return min(abs(each - round(each)) for each in (column, row)) * city.block_m


def test_an_order_is_driven_along_the_streets_in_the_time_that_was_predicted(
    services: Services, grid_city: GridCity
) -> None:
    """The whole line, as a dispatcher sees it; five times as fast."""
    seed_demo(services.settings, datetime.now(UTC))
    with (
        serving(services.settings, DEMO) as server,
        desk_at(server.url) as desk,
        simulating(server.url, PACE),
    ):
        start = desk.crew(3)
        target = north_of(start, grid_city, blocks=2)
        order = desk.send(3, target)
        wait_until(lambda: desk.order(order)["state"] == "completed")
        done = desk.order(order)
        period = {"from": done["departed_at"], "to": done["completed_at"]}
        track = desk.get("/crews/3/track", **period)["properties"]
        incident = desk.get(f"/incidents/{done['incident_id']}")
        reached = desk.crew(3)["reachable"]["channels"]
        second = desk.send(3, target)
        desk.client.post(f"/assignments/{second['id']}/withdraw", json={}).raise_for_status()
        wait_until(lambda: desk.order(second)["notice"]["understood_at"])

    steps = ("offered", "accepted", "departed", "arrived", "completed")
    times = [datetime.fromisoformat(done[f"{step}_at"]) for step in steps]
    drive_s = (times[3] - times[2]).total_seconds() * PACE
    fixed_at = [datetime.fromisoformat(each) for each in track["fixed_at"]]
    beats = pairwise([times[2], *fixed_at, times[4]])
    beat_s = max(1.0, *((later - earlier).total_seconds() for earlier, later in beats))
    south, north = sorted((start["lat"], target[1]))
    assert times == sorted(times)
    # Two beats, however long this machine takes for one: to ask the way, and to arrive.
    assert done["travel_time_s"] - 1 <= drive_s <= done["travel_time_s"] + 2 * beat_s * PACE
    assert max(off_street_m(grid_city, point) for point in track["points"]) < 1
    assert any(south < lat < north for _, lat in track["points"])
    assert done["outcome_effect"] == "done"
    assert done["result"]
    assert reached == ["page"]
    assert incident["state"] == "resolved"


def test_a_restart_of_the_console_costs_no_fix_and_no_order(
    services: Services, grid_city: GridCity
) -> None:
    """The crews drive on, and report afterwards what they could not report meanwhile."""
    seed_demo(services.settings, datetime.now(UTC))
    with serving(services.settings, DEMO) as first, simulating(first.url, HURRY) as crews:
        with desk_at(first.url) as desk:
            order = desk.send(11, north_of(desk.crew(11), grid_city, blocks=3))
            wait_until(lambda: desk.order(order)["departed_at"])
        first.stop()
        away_at = datetime.now(UTC)
        time.sleep(OUTAGE_S)
        port = httpx.URL(first.url).port
        with serving(services.settings, DEMO, port=port), desk_at(first.url) as desk:
            outage = datetime.now(UTC) - away_at
            wait_until(lambda: desk.order(order)["state"] == "completed")
            done = desk.order(order)
            period = {"from": done["departed_at"], "to": done["completed_at"]}
            track = desk.get("/crews/11/track", **period)
        ended = crews.poll()

    fixes = [datetime.fromisoformat(each) for each in track["properties"]["fixed_at"]]
    assert ended is None
    # Were the fixes of the outage lost, the track would have a hole at least as long.
    assert max(later - earlier for earlier, later in pairwise(fixes)) < outage
