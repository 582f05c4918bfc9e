"""`nearcrew import-osm` as it is typed."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

import osmnx
import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from typing_extensions import override

from routing.network.road_network import RoadNetwork
from scripts.commands.import_osm import import_osm
from scripts.commands.osmnx_graphs import download
from scripts.commands.osmnx_graphs import read_graphml
from scripts.errors import UsageError
from tests.cities import GridCity
from tests.conftest import CHECKOUT
from tests.conftest import Database
from tests.scripts.command_line import Answer
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


def _import(database: Database, var_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    urls = {
        "DATABASE_URL": database.app_url,
        "DATABASE_ADMIN_URL": database.owner_url,
        "NEARCREW_VAR": str(var_dir),
    }
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from scripts.cli import main; main()", "import-osm", *arguments],
        env=os.environ | urls,
        cwd=CHECKOUT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def typed(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Answer]:
    """Return the same command in this process, for what is refused before anything is made."""
    nearcrew = Nearcrew(monkeypatch, capsys)
    urls = {
        "DATABASE_URL": database.app_url,
        "DATABASE_ADMIN_URL": database.owner_url,
        "NEARCREW_VAR": str(tmp_path / "var"),
    }
    return lambda *words: nearcrew("import-osm", *words, **urls)


def test_an_import_tells_what_it_did_and_what_it_took(database: Database, tmp_path: Path) -> None:
    """Streets, shapes, seconds per stage and memory."""
    # 13 × 13 crossings, 12 blocks of 200 m in each of 13 rows and 13 columns: 62.4 km.
    extract = GridCity().write(tmp_path / "grid.osm")

    done = _import(database, tmp_path / "var", str(extract), "--name", "Grid")

    assert done.returncode == 0, done.stderr
    assert "Grid is the ground in use" in done.stdout
    assert "62 km in 312 segments, 169 nodes, 26 names" in done.stdout
    rows = re.findall(r"^(\w[\w ,]+?) +(\d+\.\d) +(\d+)$", done.stdout, re.MULTILINE)
    said = re.search(r"In all ([\d.]+) s, (\d+) MB of memory at most", done.stdout)
    assert said is not None
    assert {"Reading streets", "Storing streets", "Storing the map"} <= {row[0] for row in rows}
    assert sum(float(row[1]) for row in rows) <= float(said[1]) + 0.1 * len(rows)
    assert max(int(row[2]) for row in rows) == int(said[2])
    assert all(int(row[2]) > 20 for row in rows)
    assert "Reading streets …" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.osm.pbf", b"Dear Sir or Madam, " * 20, "is not an OpenStreetMap extract"),
        ("cut.osm", b'<?xml version="1.0"?><osm version="0.6"><node id="1"', "is cut off"),
        ("empty.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>', "is empty"),
        (
            "point.osm",
            b'<osm version="0.6"><node id="1" version="1" lon="7" lat="43"/></osm>',
            "holds no road",
        ),
    ],
)
def test_a_bad_file_is_refused_in_words_and_with_2(
    typed: Callable[..., Answer], tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    """No traceback; the ground in use is not touched."""
    bad = tmp_path / name
    bad.write_bytes(content)

    done = typed(str(bad))

    assert done.code == 2
    assert said in done.err
    assert name in done.err
    assert "Traceback" not in done.err


def test_a_mistyped_name_is_refused_with_2(typed: Callable[..., Answer], tmp_path: Path) -> None:
    """The likeliest mistake of all."""
    done = typed(str(tmp_path / "nowhere.osm.pbf"))

    assert done.code == 2
    assert "here is no file" in done.err


@pytest.fixture(scope="module")
def graphml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the grid city as osmnx saves it."""
    folder = tmp_path_factory.mktemp("graph")
    network = RoadNetwork.from_osm(GridCity().write(folder / "grid.osm"))
    path = folder / "grid-town.graphml"
    osmnx.io.save_graphml(network.to_osmnx(), path)
    return path


def test_a_graph_of_osmnx_is_imported_as_streets(
    database: Database, tmp_path: Path, graphml: Path, owner_engine: Engine
) -> None:
    """The same streets as of the extract; they are on the map and in the search."""
    done = _import(database, tmp_path / "var", str(graphml))

    assert done.returncode == 0, done.stderr
    assert "Grid Town is the ground in use" in done.stdout
    assert "62 km in 312 segments, 169 nodes, 26 names" in done.stdout
    assert "Left out    all but streets and their names" in done.stdout
    with owner_engine.connect() as connection:
        counted = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM map_line WHERE layer = 'roads' AND band = "
                "(SELECT max(band) FROM map_line)), "
                "(SELECT count(DISTINCT name) FROM map_line WHERE layer = 'road_names'), "
                "(SELECT count(*) FROM place), (SELECT count(*) FROM street_crossing)"
            )
        ).one()
    # 13 + 13 streets, joined end to end; each of 13 crosses each of the other 13.
    assert tuple(counted) == (26, 26, 26, 169)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.graphml", b"Dear Sir or Madam", "is no GraphML file of osmnx"),
        ("other.graphml", b"<graphml><graph edgedefault='directed'/></graphml>", "other.graphml"),
    ],
)
def test_what_is_no_graph_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """With the file's name."""
    bad = tmp_path / name
    bad.write_bytes(content)

    with pytest.raises(UsageError) as refused:
        read_graphml(bad)

    assert said in str(refused.value)


def test_without_a_network_a_place_is_refused_with_2_and_in_words(
    typed: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing listens at port 9; the ground in use stays."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")

    done = typed("--place", "Monaco")

    assert done.code == 2
    assert "Monaco cannot be downloaded: no answer from the network" in done.err
    assert "Extracts need no network" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(("file", "place"), [(None, None), (Path("city.osm"), "Monaco")])
def test_neither_or_both_are_refused(file: Path | None, place: str | None) -> None:
    """A file or a place."""
    with pytest.raises(UsageError, match="one of the two"):
        import_osm(file, place=place)


class _Service(ThreadingHTTPServer):
    """Nominatim and Overpass of one's own, with one street in one place; or silent."""

    daemon_threads = True
    silent = False


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ring = [[7.39, 43.69], [7.45, 43.69], [7.45, 43.75], [7.39, 43.75], [7.39, 43.69]]
        place = {
            "lat": "43.7",
            "lon": "7.4",
            "boundingbox": ["43.69", "43.75", "7.39", "7.45"],
            "geojson": {"type": "Polygon", "coordinates": [ring]},
            "display_name": "Streetville",
            "importance": 0.5,
        }
        self._tell([place])

    def do_POST(self) -> None:
        nodes = [{"type": "node", "id": at, "lon": 7.4 + at / 500, "lat": 43.7} for at in (1, 2, 3)]
        tags = {"highway": "residential", "name": "High Street"}
        self._tell(
            {"elements": [*nodes, {"type": "way", "id": 9, "nodes": [1, 2, 3], "tags": tags}]}
        )

    def _tell(self, answer: object) -> None:
        server = self.server
        assert isinstance(server, _Service)
        if server.silent:
            threading.Event().wait(30)
            return
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[_Service]:
    """Serve one place on this machine."""
    with _Service(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_place_is_downloaded_from_a_service_of_ones_own(service: _Service) -> None:
    """Two pieces of 0.002° at 43.7°: 2 × 161 m, one street."""
    url = f"http://127.0.0.1:{service.server_port}/"

    roads = download("Streetville", timeout_s=20, overpass=url, nominatim=url)

    assert roads.names == ("", "High Street")
    assert roads.segment_length_m.sum() == pytest.approx(2 * 161.2, rel=0.01)


def test_a_service_that_never_answers_is_given_up_in_time(service: _Service) -> None:
    """After a second, not after osmnx's three minutes."""
    service.silent = True
    url = f"http://127.0.0.1:{service.server_port}/"

    with pytest.raises(UsageError, match="Streetville"):
        download("Streetville", timeout_s=1, overpass=url, nominatim=url)
