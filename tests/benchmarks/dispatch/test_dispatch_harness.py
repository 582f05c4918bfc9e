"""The benchmark measures what it says and writes it down; how fast things are is not tested."""

import json
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from dispatch.core.limits import LARGEST_PHOTO_BYTES
from dispatch.records.kept_picture import Picture
from dispatch.records.picture_files import read_picture
from dispatch.records.picture_headers import judge_header
from dispatch.records.states import PhotoRefusal
from tests.benchmarks import results
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.dispatch import benchmark
from tests.benchmarks.results import Result
from tests.benchmarks.uploads.worst_pictures import many_scans
from tests.benchmarks.uploads.worst_pictures import worst_pictures

pytestmark = pytest.mark.postgis
TINY = Scale(crews=60, near=25, asks=8, sends=3, report_s=0.5, loading_s=0.2)


@pytest.fixture
def city(grid_extract: Path, tmp_path: Path) -> Iterator[City]:
    """Return the grid city full of crews, for a moment."""
    with open_city(grid_extract, tmp_path, TINY) as city:
        yield city


@pytest.mark.long
def test_everything_is_measured_over_real_http_on_a_small_city(city: City) -> None:
    """Each question with a target has its number, each peer its own."""
    found = {each.name: each for each in benchmark.measure(city, Console(quiet=True))}

    assert {name for name, each in found.items() if each.target is not None} == {
        "candidates over HTTP, p50",
        "candidates over HTTP, p95",
        "candidates during an import, p50",
        "candidates during an import, p95",
        "send over HTTP, p95",
        "send to seen on the live stream, p95",
        "closure to every worker, p95",
        "positions in batches of 200",
    }
    assert all(each.value > 0 for each in found.values())
    assert found["search, 60 crews to one"].peers.keys() == {"scipy dijkstra", "networkx dijkstra"}


@pytest.mark.long
def test_the_incident_has_as_many_crews_around_it_as_the_scale_says(city: City) -> None:
    """A benchmark of "200 in the radius" must not quietly measure 20, or only idle crews.

    The grid is 2 400 m wide and nobody could stand 5 000 m away: the radius is smaller there.
    """
    answer = city.services.candidates.for_incident(city.desk, city.incident_id, city.radius_m)

    inside = [each for each in answer["candidates"] if not each["outside_radius"]]
    reasons = {reason for each in inside for reason in each["reasons"]}
    assert 0 < city.radius_m < 2_400
    assert len(inside) == TINY.near
    assert {"busy", "off_duty", "on_break", "stale_fix", "fastest"} <= reasons


def test_the_worst_pictures_get_past_the_header_or_are_what_it_is_there_for() -> None:
    """The benchmark of uploads would else measure how quickly nonsense is refused."""
    scans = many_scans(64, 20_000)
    judged = {name: judge_header(content) for name, content in worst_pictures().items()}

    assert judge_header(scans) is None
    assert isinstance(read_picture(scans, ZoneInfo("UTC"), datetime.now(UTC)), Picture)
    assert judged.pop("unfolds into 392 MB") is PhotoRefusal.TOO_MANY_PIXELS
    assert set(judged.values()) == {None}
    assert all(len(content) <= LARGEST_PHOTO_BYTES for content in worst_pictures().values())


def test_results_are_written_for_programs_as_they_are(tmp_path: Path) -> None:
    """One object a result, misses included."""
    found = [Result("a", 31.5, "ms", 30.0, peers={"b": 63.0}), Result("c", 5.0, "fixes/s")]

    path = results.write(tmp_path / "bench", "some", found)

    assert path == tmp_path / "bench" / "some.json"
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {
            "name": "a",
            "value": 31.5,
            "unit": "ms",
            "target": 30.0,
            "better": "lower",
            "peers": {"b": 63.0},
        },
        {
            "name": "c",
            "value": 5.0,
            "unit": "fixes/s",
            "target": None,
            "better": "lower",
            "peers": {},
        },
    ]


@pytest.mark.parametrize(
    ("value", "better", "met"),
    [
        (30.0, "lower", True),
        (30.1, "lower", False),
        (30.0, "higher", True),
        (29.9, "higher", False),
    ],
)
def test_a_target_is_met_from_its_own_value_on(value: float, better: str, met: bool) -> None:  # noqa: FBT001
    """At most 30 ms includes 30 ms."""
    result = Result("a", value, "ms", 30.0, better)  # type: ignore[arg-type]

    assert result.met is met


def test_a_peer_that_needs_twice_as_long_is_beaten_twice() -> None:
    """Ratios read the same way for times and for rates: more is better for us."""
    faster = Result("a", 10.0, "ms", peers={"peer": 20.0})
    more = Result("b", 10.0, "fixes/s", better="higher", peers={"peer": 5.0})

    assert faster.ratio("peer") == pytest.approx(20 / 10)
    assert more.ratio("peer") == pytest.approx(10 / 5)
