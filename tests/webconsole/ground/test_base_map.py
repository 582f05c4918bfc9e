"""Another base map by setting: what is accepted, what pages are told, what browsers may fetch."""

from dataclasses import replace
from pathlib import Path

import pytest
from apiflask import APIFlask

from dispatch.bootstrap import Services
from dispatch.core.errors import InvalidInput
from dispatch.ground import base_map
from dispatch.ground.base_map import BaseMap
from dispatch.ground.base_map import Kind
from dispatch.settings import Settings
from geodata.crs.datum import Datum
from geodata.errors import NotPmtilesError
from tests.geodata.pmtiles_writer import write
from tests.webconsole.conftest import Program
from webconsole import create_app
from webconsole.ground.base_map import told_to_pages

RASTER = "https://tiles.example.org:8443/{z}/{x}/{y}.png?key=a+b"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a small archive of somebody else's making."""
    metadata = {
        "vector_layers": [{"id": "earth"}],
        "attribution": '<a href="https://x.example">A\n Survey</a>',
    }
    tiles = {(10, 530, 373): b"tile"}
    return write(tmp_path / "a.pmtiles", tiles, bounds=(7, 43, 8, 44), metadata=metadata)


def read(variables: dict[str, str]) -> Settings:
    """Return the settings of these variables."""
    return Settings.from_environment({"DATABASE_URL": "postgresql:///x", **variables})


def console(services: Services, setting: BaseMap) -> APIFlask:
    """Return a console with that base map."""
    settings = services.settings.model_copy(update={"base_map": setting})
    return create_app(services=replace(services, settings=settings))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, BaseMap()),
        (
            {base_map.SOURCE: RASTER, base_map.DATUM: "GCJ-02", base_map.MAX_ZOOM: "17"},
            BaseMap(Kind.RASTER, RASTER, Datum.GCJ02, max_zoom=17),
        ),
        (
            {base_map.SOURCE: "http://10.0.0.7/{z}/{x}/{y}{r}.png", base_map.ATTRIBUTION: "City"},
            BaseMap(Kind.RASTER, "http://10.0.0.7/{z}/{x}/{y}{r}.png", attribution="City"),
        ),
    ],
)
def test_a_base_map_is_read_from_the_environment(
    variables: dict[str, str], expected: BaseMap
) -> None:
    """Our own tiles when nothing is said."""
    assert read(variables).base_map == expected


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({base_map.SOURCE: "nowhere.pmtiles"}, base_map.SOURCE),
        ({base_map.SOURCE: "https://tiles.example.org/{z}/{x}.png"}, base_map.SOURCE),
        ({base_map.SOURCE: "https://{s}.example.org/{z}/{x}/{y}.png"}, base_map.SOURCE),
        ({base_map.SOURCE: "https://a.org/{z}/{x}/{y}/{style}.png"}, base_map.SOURCE),
        ({base_map.SOURCE: "https://a.org;script-src/{z}/{x}/{y}"}, base_map.SOURCE),
        ({base_map.SOURCE: "https://a.org 'unsafe-inline'/{z}/{x}/{y}"}, base_map.SOURCE),
        ({base_map.SOURCE: "https://user:word@a.org/{z}/{x}/{y}"}, base_map.SOURCE),
        ({base_map.SOURCE: "https:///{z}/{x}/{y}.png"}, base_map.SOURCE),
        ({base_map.SOURCE: RASTER, base_map.DATUM: "nad27"}, base_map.DATUM),
        ({base_map.SOURCE: RASTER, base_map.MAX_ZOOM: "99"}, base_map.MAX_ZOOM),
        ({base_map.DATUM: "gcj02"}, base_map.DATUM),
    ],
)
def test_a_base_map_that_cannot_be_is_refused_by_name(
    variables: dict[str, str], named: str
) -> None:
    """And nothing gets into the content security policy beside one host."""
    with pytest.raises(InvalidInput) as refused:
        read(variables)

    assert [each.field for each in refused.value.fields] == [named]


@pytest.mark.postgis
def test_pictures_may_come_from_the_one_host_that_is_named(services: Services) -> None:
    """Scripts, styles and all else stay ours."""
    setting = BaseMap(Kind.RASTER, RASTER)
    app = console(services, setting)

    policy = app.test_client().get("/sign-in").headers["Content-Security-Policy"]

    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["img-src"] == "'self' data: blob: https://tiles.example.org:8443"
    assert [name for name, sources in rules.items() if "example" in sources] == ["img-src"]


@pytest.mark.postgis
def test_an_archive_is_served_in_pieces_to_those_signed_in(
    services: Services, archive: Path, desk: Program
) -> None:
    """A browser asks for a few kilobytes of what may be gigabytes."""
    setting = BaseMap(Kind.PMTILES, str(archive))
    app = console(services, setting)
    with app.test_request_context():
        told = told_to_pages(setting)
    client = app.test_client()

    with client.get(told["url"], headers={**desk.headers, "Range": "bytes=0-7"}) as piece:
        content = piece.data

    assert piece.status_code == 206
    assert content == b"PMTiles\x03"
    assert piece.headers["Content-Range"] == f"bytes 0-7/{archive.stat().st_size}"
    assert piece.headers["ETag"]
    assert piece.headers["Cache-Control"].startswith("private")
    assert told["attribution"] == "A Survey"
    assert told["ours"] is False
    assert client.get(told["url"]).status_code in {303, 401}
    assert client.get("/base-map/other.pmtiles", headers=desk.headers).status_code == 404


@pytest.mark.postgis
def test_a_server_does_not_start_on_an_archive_it_cannot_show(
    services: Services, tmp_path: Path
) -> None:
    """Whoever starts it sees why."""
    wrong = tmp_path / "wrong.pmtiles"
    wrong.write_bytes(b"not a map")
    setting = BaseMap(Kind.PMTILES, str(wrong))

    with pytest.raises(NotPmtilesError):
        console(services, setting)


@pytest.mark.postgis
@pytest.mark.parametrize("mishap", ["gone", "replaced"])
def test_pages_open_on_our_own_map_when_the_archive_is_lost(
    services: Services, archive: Path, desk: Program, mishap: str
) -> None:
    """A moved disk must not take the dispatch with it."""
    setting = BaseMap(Kind.PMTILES, str(archive), Datum.GCJ02)
    app = console(services, setting)
    with app.test_request_context():
        before = told_to_pages(setting)
    archive.unlink()
    if mishap == "replaced":
        archive.write_bytes(b"PMTiles\x03" + b"\xff" * 500)
    client = app.test_client()

    with app.test_request_context():
        told = told_to_pages(setting)

    assert told == {"kind": "own", "datum": "wgs84"}
    assert client.get("/", headers=desk.headers).status_code == 200
    assert client.get(before["url"], headers=desk.headers).status_code == 404
