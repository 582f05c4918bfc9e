"""The console's benchmark measures what it says; how fast things are is not tested."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from rich.console import Console
from typing_extensions import override

from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.console import asleep as console_asleep
from tests.benchmarks.console import benchmark
from tests.benchmarks.console import browser as console_browser
from tests.benchmarks.console import extract_import as console_import
from tests.benchmarks.console import first_use as console_first_use
from tests.benchmarks.console import streams as console_streams
from tests.benchmarks.console.browser import Board
from tests.benchmarks.console.counted_line import counted_line
from tests.benchmarks.console.readers import reading
from tests.benchmarks.console.streams import Room
from tests.benchmarks.dispatch.traffic import pin
from tests.benchmarks.server import HOST
from tests.benchmarks.server import Server
from tests.benchmarks.server import serving

pytestmark = pytest.mark.postgis
TINY = Scale(crews=60, near=25)
QUIET = Console(quiet=True)
PATIENCE_S = 60.0
"""How long an order may take to reach a reader while the machine does other work."""


@pytest.fixture(scope="module")
def served(
    grid_extract: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[City, Server]]:
    """Return the grid city full of crews, served by two workers."""
    folder = tmp_path_factory.mktemp("bench")
    with open_city(grid_extract, folder, TINY) as city, serving(city.settings) as server:
        yield city, server


@pytest.mark.long
def test_every_stream_sees_every_order_and_bytes_are_counted(
    served: tuple[City, Server],
) -> None:
    """The measurement refuses to tell anything when a stream missed an order or saw it twice."""
    city, server = served

    found = {
        each.name.partition(": ")[2]: each
        for each in console_streams.measure(
            server, city, QUIET, Room(streams=6, moving=20, seconds=2, settle_s=0.2, browser=False)
        )
    }

    assert found["send to read, any stream, p95"].target == 500
    assert found["candidates, p95"].target == 150
    line = found["over the line, one console, one second"]
    # Compressed, what comes is less; and whoever polls fetches everything each time.
    assert 0 < line.value < line.peers["the same stream, not compressed"]
    assert line.value < line.peers[console_streams.POLLING]


@pytest.mark.long
def test_who_slept_for_an_hour_is_told_less_than_the_hour(served: tuple[City, Server]) -> None:
    """The measurement refuses a server that tells it event by event."""
    city, server = served

    _, told = console_asleep.measure(server, city)

    (one_by_one,) = told.peers.values()
    assert 0 < told.value < one_by_one


@pytest.mark.browser
@pytest.mark.long
def test_the_browsers_main_thread_is_watched_at_both_zooms(served: tuple[City, Server]) -> None:
    """A share of one core, in percent; the peer is beside the whole city."""
    city, server = served

    found = {
        each.name.partition(": ")[2]: each
        for each in console_browser.measure(
            server, city, QUIET, Board(crews=30, incidents=10, seconds=1.0, settle_s=0.2, zooms=1)
        )
    }

    whole = found["main thread, the whole city"]
    assert 0 < whole.value < 100
    assert whole.peers[console_browser.ELEMENTS] > 0
    assert 0 < found["main thread, near, with names"].value < 100
    assert found["longest task while zooming and panning"].target == 50


@pytest.mark.browser
@pytest.mark.long
def test_the_first_load_is_counted_tiles_apart(served: tuple[City, Server]) -> None:
    """Chinese adds its texts; a page's requests are many more than its document."""
    server, city = served[1], served[0]

    found = {each.name: each for each in console_first_use.measure(server, city, rounds=1)}

    sizes = [
        found[f"{page}, cold: over the line besides tiles"]
        for page in ("console in English", "console in Chinese", "crew page")
    ]
    assert [each.target for each in sizes] == [300, 330, 150]
    assert all(50 < each.value < 2_000 for each in sizes)
    assert sizes[1].value > sizes[0].value
    assert found["console in English, cold: requests besides tiles"].value > 3
    assert found["console in English, cold: tiles"].value > 0
    assert found["console in English, cold: until usable"].value > 0


def test_a_counted_line_counts_each_request_and_all_that_comes_back() -> None:
    """Three requests on one connection: 3 x (head and body)."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.wfile.write(answer)

        @override
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as there:
        threading.Thread(target=there.serve_forever, daemon=True).start()
        with counted_line(there.server_port) as line:
            connection = HTTPConnection(HOST, line.port, timeout=PATIENCE_S)
            for path in ("/a", "/tiles/1/2/3.mvt?g=1", "/b"):
                connection.request("GET", path)
                assert connection.getresponse().read() == b"hello"
            connection.close()
        there.shutdown()

    assert line.sums(tiles=False) == (2, 2 * len(answer))
    assert line.sums(tiles=True) == (1, len(answer))


@pytest.mark.parametrize("gzip", [True, False])
def test_readers_understand_what_the_server_sends(
    served: tuple[City, Server], *, gzip: bool
) -> None:
    """Chunks, compression and messages that come in pieces."""
    city, server = served
    rng = np.random.default_rng(1)
    with (
        server.clients(city.desk_token, 1) as (desk,),
        reading(HOST, server.port, city.desk_token, 3, gzip=gzip) as readers,
    ):
        readers.heard()
        incident_id, _ = pin(desk, city, rng)
        crew_id = city.idle[-1]
        order = desk.post_json(f"/api/v1/incidents/{incident_id}/assignments", {"crew_id": crew_id})
        with server.clients(city.desk_token, 1) as (console_,):
            next(iter(console_.stream()))
        desk.post_json(f"/api/v1/assignments/{order['id']}/withdraw", {})
        seen: list[float] = []
        give_up_s = perf_counter() + PATIENCE_S
        while len(seen) < 3 and perf_counter() < give_up_s:
            # Each question begins a new count: what was heard late is heard by the next one.
            seen += readers.heard().seen_s.get(incident_id, [])
            threading.Event().wait(0.02)

    assert len(seen) == 3


@pytest.mark.long
def test_an_import_is_measured_as_a_command_of_its_own(grid_extract: Path) -> None:
    """Python and the libraries alone take more than 50 MB; the tests' own memory is not counted."""
    taken, memory, size = console_import.measure(grid_extract)

    assert (taken.target, taken.unit) == (60, "s")
    assert taken.value > 0.5
    assert 50 < memory.value < 500
    assert size.value < 1


def test_an_import_that_fails_is_no_measurement(tmp_path: Path) -> None:
    """What the command said is the error."""
    broken = tmp_path / "broken.osm"
    broken.write_text("<osm")

    with pytest.raises(console_import.ImportFailedError, match=r"broken\.osm"):
        console_import.measure(broken)


def test_unknown_areas_are_refused() -> None:
    """A typing error must not measure nothing."""
    with pytest.raises(SystemExit):
        benchmark.main(["--only", "tyles"])
