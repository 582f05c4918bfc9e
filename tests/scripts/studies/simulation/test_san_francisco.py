"""A real week: the fire calls of San Francisco, 31 December 2016 to 7 January 2017.

The log has no stations, no shifts and no streets. A unit's station is taken to be in the middle of
where it is quickest, the drive one minute and 100 s times the root of the kilometres by straight
line (Kolesar, Walker, Hausner 1975), and what a drive takes in addition is drawn from what drives
of the same kind of unit and the same urgency did in that week. A unit is on duty from an order to
an hour after the last of those that follow within eight hours each.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from scripts.cluster import private_cluster as cluster
from scripts.studies.inputs.points import FloatArray
from scripts.studies.simulation.desk import simulate
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import TravelTable

FILE = cluster.CHECKOUT.parent / "shared/data/incidents/sf_fire_calls_2016w52.csv"
REPLICATIONS = 8
HOUR_S = 3_600.0
_KM_PER_DEGREE = 111.195
_PLANE_KM = _KM_PER_DEGREE * np.array([np.cos(np.radians(37.76)), 1.0])
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not FILE.exists(), reason="without the calls of San Francisco"),
]


@pytest.fixture(scope="module")
def week() -> pd.DataFrame:
    """Return the responses that reached a scene, times in seconds, places in kilometres."""
    return _read(FILE)


def _read(file: Path) -> pd.DataFrame:
    read = pd.read_csv(file)
    names = {"Dispatch": "sent", "Response": "left", "On Scene": "there", "Available": "done"}
    rows = pd.DataFrame({"unit": read["Unit ID"], "kind": read["Unit Type"]})
    rows["priority"] = read["Final Priority"]
    for column, name in names.items():
        rows[name] = pd.to_datetime(read[f"{column} DtTm"], format="%m/%d/%Y %I:%M:%S %p")
    begin = rows["sent"].min()
    for name in names.values():
        rows[name] = (rows[name] - begin).dt.total_seconds()
    place = read["Location"].str.extract(r"\(([-\d.]+), ([-\d.]+)\)").astype(float)
    rows["east"], rows["north"] = place[1] * _PLANE_KM[0], place[0] * _PLANE_KM[1]
    whole = rows.dropna()
    in_order = (
        (whole.left >= whole.sent) & (whole.there >= whole.left) & (whole.done >= whole.there)
    )
    return whole[in_order].sort_values("sent", kind="stable").reset_index(drop=True)


def _stations(week: pd.DataFrame) -> pd.DataFrame:
    quick = week.assign(travel=week.there - week.left).sort_values("travel", kind="stable")
    kept = quick.groupby("unit").cumcount() < np.maximum(
        3, quick.groupby("unit")["unit"].transform("size") // 4
    )
    return quick[kept].groupby("unit")[["east", "north"]].median()


def _drive_s(kilometres: FloatArray) -> FloatArray:
    found: FloatArray = 60.0 + 100.0 * np.sqrt(kilometres)
    return found


def _shifts(orders: pd.DataFrame) -> tuple[tuple[float, float], ...]:
    spans: list[list[float]] = []
    for sent, done in zip(orders.sent.tolist(), orders.done.tolist(), strict=True):
        if spans and sent - spans[-1][1] < 8 * HOUR_S:
            spans[-1][1] = max(done, spans[-1][1])
        else:
            spans.append([sent, done])
    return tuple((begins - 60.0, ends + HOUR_S) for begins, ends in spans)


def _simulated(week: pd.DataFrame, *, with_shifts: bool) -> FloatArray:
    """Return median and 90th percentile of the drives of each replication; shape ``(r, 2)``."""
    stations = _stations(week)
    units = stations.index.tolist()
    kind_of = week.groupby("unit")["kind"].first()
    crews = [
        SimulatedCrew(
            unit,
            post,
            frozenset({kind_of[unit]}),
            _shifts(week[week.unit == unit]) if with_shifts else (),
        )
        for post, unit in enumerate(units)
    ]
    spots, spot = np.unique(
        week[["east", "north"]].to_numpy().round(2), axis=0, return_inverse=True
    )
    places = np.vstack([stations.to_numpy(), spots])
    apart_km = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    table = TravelTable.of_times(places / _PLANE_KM, len(units), _drive_s(apart_km))
    kinds = sorted(kind_of.unique())
    home = stations.loc[week.unit].to_numpy()
    factor = (week.there - week.left).to_numpy() / _drive_s(
        np.hypot(*(week[["east", "north"]].to_numpy() - home).T)
    )
    calls = Calls(
        week.sent.to_numpy(),
        len(units) + spot.ravel(),
        (week.done - week.there).to_numpy(),
        (week.left - week.sent).to_numpy(),
        factor,
        np.where(week.priority == 3, 1, 2),  # in San Francisco 3 is the more urgent
        np.array([kinds.index(each) for each in week.kind]),
        tuple(kinds),
        tuple((frozenset({each}),) for each in kinds),
    )
    groups = week.groupby(["kind", "priority"]).indices.values()
    found = []
    for seeds in np.random.SeedSequence(1).spawn(REPLICATIONS):
        rng = np.random.default_rng(seeds)
        drawn = np.empty(len(week))
        for rows in groups:
            drawn[rows] = rng.choice(factor[rows], len(rows))
        outcome = simulate(table, crews, replace(calls, drive_factor=drawn), DispatchRule("best"))
        travel_s = outcome.travel_s[outcome.served]
        found.append((np.median(travel_s), np.quantile(travel_s, 0.9)))
    return np.array(found)


def _interval_of_a_week(values: FloatArray) -> tuple[float, float]:
    """Return where one more week would lie, 95 of 100 times (Student's prediction interval)."""
    size = len(values)
    half = stats.t.ppf(0.975, size - 1) * values.std(ddof=1) * np.sqrt(1.0 + 1.0 / size)
    return float(values.mean() - half), float(values.mean() + half)


def test_the_week_is_reproduced_with_stations_speeds_and_shifts(week: pd.DataFrame) -> None:
    """Median 227 s and 90th percentile 760 s of the week lie where its simulation has them."""
    travel_s = week.there - week.left
    assert (round(travel_s.median()), round(travel_s.quantile(0.9))) == (227, 759)

    medians_s, p90s_s = _simulated(week, with_shifts=True).T

    # As measured: 223–231 s, and 719–814 s.
    low_s, high_s = _interval_of_a_week(medians_s)
    assert low_s < 227.0 < high_s
    assert high_s - low_s < 20.0
    low_s, high_s = _interval_of_a_week(p90s_s)
    assert low_s < 760.0 < high_s
    assert high_s - low_s < 120.0


def test_without_shifts_the_week_looks_better_than_it_was(week: pd.DataFrame) -> None:
    """All units on duty at all hours: somebody is always nearer than anybody was."""
    medians_s, p90s_s = _simulated(week, with_shifts=False).T

    # As measured: 213–220 s, and 660–741 s.
    assert _interval_of_a_week(medians_s)[1] < 227.0
    assert _interval_of_a_week(p90s_s)[1] < 760.0
