"""`nearcrew match` as it is typed, with what receivers write."""

import csv
import io
import json
from collections.abc import Callable
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scripts.roads.track_file import read_track
from tests.cities import GridCity
from tests.scripts.command_line import Nearcrew

CITY = GridCity()
START = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
# Two blocks east on row 3, then two north on column 4; 20 s and ten fixes a block.
PLACES = [CITY.at(2 + step / 10, 3) for step in range(20)] + [
    CITY.at(4, 3 + step / 10) for step in range(21)
]
Write = Callable[[str, str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a file and returns its path."""

    def put(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return put


def _at(step: int) -> str:
    return (START + timedelta(seconds=2 * step)).isoformat().replace("+00:00", "Z")


def _table(places: Sequence[tuple[float, float]]) -> str:
    rows = [f"{lon},{lat},{_at(step)},8" for step, (lon, lat) in enumerate(places)]
    return "\n".join(["lon,lat,time,accuracy_m", *rows])


def _gpx(body: str, version: str = "1/1") -> str:
    return (
        '<?xml version="1.0"?>\n<gpx version="1.1" creator="a receiver" '
        f'xmlns="http://www.topografix.com/GPX/{version}">\n{body}\n</gpx>'
    )


def _points(steps: range, *, times: bool = True) -> str:
    return "\n".join(
        f'<trkpt lat="{PLACES[step][1]}" lon="{PLACES[step][0]}"><ele>31.5</ele>'
        + (f"<time>{_at(step)}</time>" if times else "")
        + "<extensions><speed>10</speed></extensions></trkpt>"
        for step in steps
    )


def test_a_table_becomes_a_path_in_geojson(nearcrew: Nearcrew, grid: str, write: Write) -> None:
    """Four blocks of 200 m, all fixes on them, said in words and written as one line."""
    track, out = write("track.csv", _table(PLACES)), write("out.geojson", "")

    said = nearcrew("match", track, "--pbf", grid, "--out", out)

    assert said.code == 0, said.err
    assert said.out.splitlines() == [
        "41 fixes, 100.0 % matched",
        "0.80 km driven",
        "0 gaps, 0 stops",
    ]
    features = json.loads(Path(out).read_text(encoding="utf-8"))["features"]
    assert [each["properties"]["kind"] for each in features] == ["path"]
    about = features[0]["properties"]
    assert about["driven_m"] == pytest.approx(800.0, abs=2.0)
    assert set(about["way_ids"]) == {1003, 2004}
    assert about["from"] == "2026-03-01T08:30:00.000Z"
    assert features[0]["geometry"]["coordinates"][0] == pytest.approx(PLACES[0], abs=1e-5)


def test_gpx_of_several_segments_becomes_gpx_and_a_table(
    nearcrew: Nearcrew, grid: str, write: Write
) -> None:
    """Two segments, a waypoint, heights and extensions, in the older namespace."""
    body = (
        '<wpt lat="43.7" lon="7.4"><name>gate</name></wpt><trk><trkseg>'
        f"{_points(range(25))}</trkseg><trkseg>{_points(range(25, 41))}</trkseg></trk>"
    )
    track = write("track.gpx", _gpx(body, "1/0"))
    out, table = write("out.gpx", ""), write("out.csv", "")

    said = nearcrew("match", track, "--pbf", grid, "--out", out)
    again = nearcrew("match", track, "--pbf", grid, "-o", table)

    assert (said.code, again.code) == (0, 0), said.err
    assert "2 segments" in said.err
    assert "1 waypoints" in said.err
    points = ET.parse(out).getroot().findall(".//{*}trkpt")  # noqa: S314 - our own file
    assert len(points) == 41
    rows = list(csv.DictReader(io.StringIO(Path(table).read_text(encoding="utf-8"))))
    assert {row["street_name"] for row in rows} == {"Row 3", "Column 4"}
    assert rows[5]["way_id"] == "1003"
    assert float(rows[5]["offset_m"]) == pytest.approx(100.0, abs=2.0)


def test_a_track_without_times_is_matched_and_says_what_it_assumes(
    nearcrew: Nearcrew, grid: str, write: Write
) -> None:
    """Fixes every 20 m are taken to be 2 s apart; nothing claims to know when."""
    track = write("t.gpx", _gpx(f"<trk><trkseg>{_points(range(41), times=False)}</trkseg></trk>"))
    out = write("out.geojson", "")

    said = nearcrew("match", track, "--pbf", grid, "--out", out)

    assert said.code == 0, said.err
    assert "no times: fixes are taken to be 2 s apart" in said.err
    assert "0.80 km driven" in said.out
    about = json.loads(Path(out).read_text(encoding="utf-8"))["features"][0]["properties"]
    assert (about["from"], about["until"]) == (None, None)


def test_a_track_elsewhere_says_that_it_is_outside(
    nearcrew: Nearcrew, grid: str, write: Write
) -> None:
    """At the other end of the country."""
    track = write("t.csv", _table([(116.39 + step / 1000, 39.9) for step in range(9)]))

    said = nearcrew("match", track, "--pbf", grid)

    assert said.code == 0, said.err
    assert said.out.splitlines()[-1] == "The whole track is outside the ground."


def test_an_empty_track_is_no_error(nearcrew: Nearcrew, grid: str, write: Write) -> None:
    """Nothing was recorded, nothing was driven."""
    said = nearcrew("match", write("t.gpx", _gpx("<trk/>")), "--pbf", grid)

    assert said.code == 0, said.err
    assert said.out.splitlines()[:2] == ["0 fixes, 0.0 % matched", "0.00 km driven"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("t.csv", "lon,lat,time\n7.4,43.7,soon\n", "t.csv, line 2: time 'soon' is not an instant"),
        ("t.csv", "lon,lat,time\n7.4,,2026-03-01\n", "t.csv, line 2: lat is missing"),
        ("t.csv", "lon,lat,time\n7.4,nan,2026-03-01\n", "t.csv, line 2: lat 'nan' is nowhere"),
        ("t.csv", "x-ray,zulu\n1,2\n", "t.csv has no columns lon and lat"),
        ("t.csv", "lon,lat\n7.4,\x00\n", "t.csv"),
        ("t.gpx", "<gpx><trk>", "t.gpx, line 1: this is not whole XML"),
        ("t.gpx", "", "t.gpx, line 1: this is not whole XML"),
        ("t.gpx", "<kml/>", "t.gpx is not a GPX file"),
        (
            "t.gpx",
            '<gpx>\n<trk><trkseg>\n<trkpt lat="x" lon="7"/></trkseg></trk></gpx>',
            "t.gpx, line 3: lat 'x' is not a number",
        ),
        (
            "t.gpx",
            '<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><gpx>&b;</gpx>',
            "t.gpx declares entities",
        ),
        ("t.fit", "", "the ending says what it is"),
    ],
)
def test_what_is_no_track_is_refused_with_line_and_field(
    write: Write, nearcrew: Nearcrew, name: str, text: str, says: str
) -> None:
    """Exit code 2, one sentence, never a traceback."""
    said = nearcrew("match", write(name, text))

    assert said.code == 2
    assert says in said.err
    assert "Traceback" not in said.err


def test_missing_times_are_put_between_the_known_ones(write: Write) -> None:
    """At 0 and 20 s: one in the middle is at 10; one after the last a second later."""
    rows = [f"7.4,43.7,{at}" for at in ("1700000000", "", "1700000020000", "")]

    track = read_track(Path(write("t.csv", "\n".join(["lon,lat,time", *rows]))))

    assert (track.at_s - 1_700_000_000).tolist() == [0.0, 10.0, 20.0, 21.0]
    assert track.remarks == ("2 without a time are put between those around them.",)
