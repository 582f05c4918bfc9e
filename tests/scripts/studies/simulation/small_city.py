"""A small city with ten days of incidents and three crews, as files."""

import csv
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import numpy as np

from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.studies.roads.study_roads import StudyRoads
from tests.cities import GridCity

CITY = GridCity()
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def write_files(folder: Path) -> None:
    """Write the city, 200 incidents of ten days and three crews."""
    CITY.write(folder / "grid.osm")
    rng = np.random.default_rng(6)
    rows: list[list[object]] = []
    for number, hours in enumerate(np.sort(rng.uniform(0.0, 240.0, 200)).tolist()):
        lon, lat = CITY.at(*rng.uniform(0.0, 12.0, 2))
        at = (MONDAY + timedelta(hours=hours)).isoformat()
        kind, skills = [("gas_leak", "gas"), ("no_heat", "")][int(rng.integers(2))]
        turnout_s, work_s = rng.lognormal(4.0, 0.4), rng.gamma(2.0, 1_500.0)
        rows.append([number, lon, lat, at, kind, skills, 1 + number % 4, turnout_s, work_s])
    head = ["name", "lon", "lat", "reported_at", "kind", "skills"]
    head += ["priority", "turnout_s", "work_s"]
    write_table(folder / "incidents.csv", head, rows)
    crews: list[list[object]] = [
        ["North", *CITY.at(6, 11), "gas", "", ""],
        ["Day", *CITY.at(2, 2), "gas;water", "06:00-18:00", "12:00-12:30"],
        ["Night", *CITY.at(2, 2), "", "18:00-06:00", ""],
    ]
    columns = ["name", "lon", "lat", "skills", "shifts", "breaks"]
    write_table(folder / "crews.csv", columns, crews)


def write_table(file: Path, head: list[str], rows: list[list[object]]) -> None:
    """Write a CSV table."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([head, *rows])


def open_roads(folder: Path) -> StudyRoads:
    """Return the city's roads."""
    return StudyRoads(Router(RoadNetwork.from_osm(folder / "grid.osm")))
