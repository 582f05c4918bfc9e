"""How long a tile of the base map takes over HTTP: cut fresh, from memory, and not changed.

The tiles are those a desk looks at: for every zoom of the map, spread evenly over the ground. One
keep-alive connection asks for one after the other, so a time is the server's and not a queue's; a
keep-alive connection stays with one worker, so "from memory" is that worker's memory.
"""

import json
from collections.abc import Sequence
from http.client import HTTPConnection
from itertools import islice
from itertools import product
from math import asinh
from math import pi
from math import radians
from math import tan
from time import perf_counter

import numpy as np

from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles

COLD_P95_MS = 60.0
WARM_P95_MS = 5.0
ZOOMS = range(11, 17)  # of the tiles; what is drawn from them is one more
TILES_PER_ZOOM = 24
ROUNDS = 3  # each tile from memory

Bounds = tuple[float, float, float, float]
Address = tuple[int, int, int]


def measure(host: str, port: int, token: str, city: str) -> list[Result]:
    """Ask a server that has just started for the tiles of its ground.

    Parameters
    ----------
    token
        Bearer token of somebody who may see the map.
    city
        Named in the results.
    """
    connection = HTTPConnection(host, port, timeout=60)
    try:
        return _measured(_Asker(connection, token), city)
    finally:
        connection.close()


def tiles_over(bounds: Bounds) -> list[Address]:
    """Return zoom, column and row of the tiles, evenly spread over west, south, east, north."""
    west, south, east, north = bounds
    chosen: list[Address] = []
    for zoom in ZOOMS:
        columns = range(_column(west, zoom), _column(east, zoom) + 1)
        rows = range(_row(north, zoom), _row(south, zoom) + 1)
        every = max(1, round(len(columns) * len(rows) / TILES_PER_ZOOM))
        chosen += [(zoom, x, y) for x, y in islice(product(columns, rows), every // 2, None, every)]
    return chosen


class _Asker:
    """One connection that asks as a browser does."""

    def __init__(self, connection: HTTPConnection, token: str) -> None:
        self._connection = connection
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}

    def ask(self, path: str, **more: str) -> tuple[float, int, bytes, str]:
        """Return seconds, status, body and ETag."""
        headers = self._headers | {name.replace("_", "-"): value for name, value in more.items()}
        began_s = perf_counter()
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read()
        return perf_counter() - began_s, answer.status, body, answer.getheader("ETag", "")


def _measured(asker: _Asker, city: str) -> list[Result]:
    _, _, body, _ = asker.ask("/api/v1/ground")
    ground = json.loads(body)
    addresses = tiles_over(tuple(ground["bounds"]))
    paths = [f"/tiles/{z}/{x}/{y}.mvt?g={ground['ground_id']}" for z, x, y in addresses]
    cold = [asker.ask(path) for path in paths]
    warm = [asker.ask(path) for _ in range(ROUNDS) for path in paths]
    tags = [tag for _, _, _, tag in cold]
    same = [asker.ask(path, If_None_Match=tag) for path, tag in zip(paths, tags, strict=True)]
    sizes = np.array([len(body) for _, _, body, _ in cold]) / 1000
    return [
        *percentiles(f"{city}: tile cut fresh", _seconds(cold, 200), p95_ms=COLD_P95_MS),
        *percentiles(f"{city}: tile from memory", _seconds(warm, 200), p95_ms=WARM_P95_MS),
        *percentiles(f"{city}: tile not changed", _seconds(same, 304), p95_ms=WARM_P95_MS),
        Result(f"{city}: largest tile, gzip", float(sizes.max()), "kB"),
        Result(f"{city}: tiles asked for", float(len(paths)), "tiles"),
    ]


def _seconds(answers: Sequence[tuple[float, int, bytes, str]], status: int) -> list[float]:
    wrong = {found for _, found, _, _ in answers} - {status}
    if wrong:
        message = f"the server answered {sorted(wrong)} for tiles"
        raise AssertionError(message)
    return [seconds for seconds, _, _, _ in answers]


def _column(lon: float, zoom: int) -> int:
    return int((lon + 180) / 360 * 2**zoom)


def _row(lat: float, zoom: int) -> int:
    return int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**zoom)
