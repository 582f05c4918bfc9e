"""What a phone takes along: archives of tiles, names, and what makes its page an app."""

import gzip
import json
import math
import re
import struct
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.kit import name_list
from dispatch.kit.tile_runs import MOST_TILES
from dispatch.kit.tile_runs import read_runs
from dispatch.kit.tile_runs import write_runs
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

Programs = Callable[[Actor], Program]
_HEAD = struct.Struct(">4sQ")
_TILE = struct.Struct(">BIIBI")


def unpacked(body: bytes) -> tuple[int, dict[tuple[int, int, int], bytes]]:
    """Read an archive by its description alone: the ground's id and the tiles."""
    magic, ground_id = _HEAD.unpack_from(body)
    assert magic == b"NCT1"
    tiles, at = {}, _HEAD.size
    while at < len(body):
        z, x, y, packed, length = _TILE.unpack_from(body, at)
        at += _TILE.size
        content = body[at : at + length]
        tiles[z, x, y] = gzip.decompress(content) if packed else content
        at += length
    return ground_id, tiles


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Return the tile that a place of the grid city, near the equator or not, lies on."""
    n = 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * n), int(y * n)


def asked(program: Program, ground_id: int, tiles: str, **headers: str) -> TestResponse:
    """Ask for an archive."""
    query = {"ground_id": ground_id, "tiles": tiles}
    return program.get("/api/v1/kit/tiles", query_string=query, headers=headers)


def test_an_archive_holds_the_tiles_that_the_map_draws(desk: Program, grid_city: GridCity) -> None:
    """Byte for byte, each once, and not again for whoever has it."""
    ground_id = told(desk.get("/api/v1/ground"))["ground_id"]
    x, y = tile_of(*grid_city.at(4, 4), 15)

    answer = asked(desk, ground_id, f"15/{x}/{y}-{y + 1},15/{x}/{y},14/{x // 2}/{y // 2}")
    again = asked(desk, ground_id, f"15/{x}/{y}", **{"If-None-Match": "none"})
    known = asked(
        desk,
        ground_id,
        f"14/{x // 2}/{y // 2},15/{x}/{y}-{y + 1}",
        **{"If-None-Match": answer.headers["ETag"]},
    )

    assert int(answer.headers["Content-Length"]) == len(answer.data)
    found_ground, tiles = unpacked(answer.data)
    assert found_ground == ground_id
    assert list(tiles) == [(15, x, y), (15, x, y + 1), (14, x // 2, y // 2)]
    for (z, column, row), content in tiles.items():
        drawn = desk.get(
            f"/tiles/{z}/{column}/{row}.mvt?g={ground_id}", headers={"Accept-Encoding": "identity"}
        )
        assert content == drawn.data
    assert any(tiles.values())
    assert again.status_code == 200
    assert (known.status_code, known.data) == (304, b"")


@pytest.mark.parametrize(
    "runs",
    ["", "15/1", "9/1/1", "17/1/1", "15/1/40000", "15/9/8-7", f"16/1/0-{MOST_TILES}", "15/-1/2"],
)
def test_what_is_no_run_of_tiles_is_refused_by_name(desk: Program, runs: str) -> None:
    """Other zooms, rows that are not on the map, too many at once."""
    answer = asked(desk, 1, runs)

    assert answer.status_code == 422
    assert set(refused_fields(answer)) == {"tiles"}


def test_tiles_of_another_ground_are_not_given_under_its_name(
    desk: Program, grid_city: GridCity
) -> None:
    """A phone would keep them for the city that it no longer has."""
    x, y = tile_of(*grid_city.at(4, 4), 15)
    ground_id = told(desk.get("/api/v1/ground"))["ground_id"]

    answer = asked(desk, ground_id + 1, f"15/{x}/{y}")

    assert answer.status_code == 409
    assert told(answer)["code"] == "ground_changed"


def test_runs_are_read_as_they_are_written() -> None:
    """Rows that follow one another become one run."""
    keys = [(16, 3, 8), (15, 1, 4), (15, 1, 5), (15, 1, 7)]

    assert write_runs(keys) == "15/1/4-5,15/1/7,16/3/8"
    assert sorted(read_runs(write_runs(keys))) == sorted(keys)


def test_names_and_houses_lie_where_the_search_finds_them(
    desk: Program, grid_city: GridCity
) -> None:
    """The nearest first; the same list for whoever asks from close by, and a new one never."""
    lon, lat = grid_city.at(5, 3)
    where = {"lon": lon, "lat": lat}

    answer = desk.get("/api/v1/kit/names", query_string=where)
    known = desk.get(
        "/api/v1/kit/names",
        query_string={"lon": lon + 1e-5, "lat": lat},
        headers={"If-None-Match": answer.headers["ETag"]},
    )

    listed = told(answer)
    street = next(row for row in listed["names"] if row[0] == "Column 5")
    found = told(desk.get("/api/v1/search", query_string={"q": "Column 5"}))["results"][0]
    lon0, lat0 = listed["origin"]
    assert listed["whole"] is True
    assert lon0 + street[2] / listed["steps_per_degree"] == pytest.approx(found["lon"], abs=1e-5)
    assert lat0 + street[3] / listed["steps_per_degree"] == pytest.approx(found["lat"], abs=1e-5)
    assert known.status_code == 304


def test_a_list_that_is_too_large_loses_its_farthest_names() -> None:
    """And says that it is not whole; house numbers go with their streets."""

    class Row:
        def __init__(self, **fields: object) -> None:
            self.__dict__.update(fields)

    def street(number: int) -> Row:
        return Row(
            number=number,
            kind="street",
            category="street",
            name=f"Street {number * 7919 % 10_007}",
            name_en=None,
            name_zh=None,
            other_names=[],
            syllables=[],
            address=None,
            locality=None,
            lon=7.0 + number / 1000,
            lat=43.0,
        )

    names = [street(number) for number in range(500)]
    houses = [
        Row(street=number, house=str(number), lon=7.0 + number / 1000, lat=43.0)
        for number in range(500)
    ]

    packed = name_list.packed_within(1, names, houses, (7.0, 43.0), whole=True, most_bytes=4_000)

    listed = json.loads(gzip.decompress(packed))
    assert len(packed) <= 4_000
    assert listed["whole"] is False
    kept = len(listed["names"])
    assert 50 < kept < 500
    assert [row[2] for row in listed["names"]] == [number * 100 for number in range(kept)]
    assert [row[0] for row in listed["houses"]] == list(range(kept))


def test_a_crew_learns_where_its_station_is_and_nobody_elses(
    program: Programs, people: People, yard: CrewYard, desk: Program
) -> None:
    """It keeps the map around there; lists of stations are the desk's."""
    own, other = yard.put("Gas 1", 1, 1), yard.put("Gas 2", 2, 2)
    crew = program(people.sign_up("gas1", Role.CREW, crew_id=own))

    mine = told(crew.get(f"/api/v1/crews/{own}/kit"))
    theirs = crew.get(f"/api/v1/crews/{other}/kit")
    seen = told(desk.get(f"/api/v1/crews/{other}/kit"))

    assert mine["ground_id"] == told(desk.get("/api/v1/ground"))["ground_id"]
    assert mine["station"] is None
    assert theirs.status_code == 403
    assert seen["station"] is None


def test_the_page_can_be_installed_in_its_readers_language(client: FlaskClient) -> None:
    """The manifest names icons that are there and as large as it says; nobody need be signed in."""
    for language, name in (("en", "Nearcrew for crews"), ("zh", "Nearcrew 班组端")):
        answer = client.get(f"/crew.webmanifest?language={language}")
        manifest = json.loads(answer.data)

        assert answer.content_type == "application/manifest+json"
        assert manifest["name"] == name
        assert (manifest["id"], manifest["start_url"]) == ("/crew", "/crew")
        assert "/crew".startswith(manifest["scope"])
        assert manifest["display"] == "standalone"
        for icon in manifest["icons"]:
            picture = client.get(icon["src"], buffered=True)
            assert picture.content_type.split(";")[0] == icon["type"]
            if icon["type"] == "image/png":
                width, height = Image.open(BytesIO(picture.data)).size
                assert f"{width}x{height}" == icon["sizes"]
        purposes = {icon.get("purpose", "any"): icon["sizes"] for icon in manifest["icons"]}
        assert purposes == {"any": "512x512", "maskable": "512x512"}
    touch = Image.open(BytesIO(client.get("/apple-touch-icon.png", buffered=True).data))
    assert touch.size == (180, 180)


def test_the_worker_names_every_file_that_the_page_loads(
    browser: Callable[[str], FlaskClient], people: People, yard: CrewYard
) -> None:
    """In the versions of this build; it is asked for anew each time, and serves the crew's page."""
    people.sign_up("gas1", Role.CREW, crew_id=yard.put("Gas 1", 1, 1))
    client = browser("gas1")
    page = client.get("/crew").text
    worker = client.get("/crew-sw.js")

    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.content_type.startswith("text/javascript")
    found = re.match(r"self\.build=(\{.*?\});\n", worker.text)
    assert found is not None
    build = json.loads(found[1])
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    boot = json.loads(re.findall(r'id="boot">(.*?)</script>', page, re.DOTALL)[0])
    named |= {boot[name] for name in ("late_sheet", "ways_worker")}
    assert named <= set(build["files"])
    assert len([name for name in build["files"] if "/chunks/crew-" in name]) > 1  # later ones too
    assert any("/messages/zh/crew" in name for name in build["files"])
    assert len(set(build["files"])) == len(build["files"])  # browsers refuse a list with doubles
    for name in build["files"]:
        answer = client.get(name, buffered=True)
        assert name.startswith(f"/static/{build['version']}/")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert 'rel="manifest"' in page
    assert 'name="apple-mobile-web-app-capable"' in page
