"""How soon every worker leads around a road that was closed, and through it once it is open."""

import json
from itertools import cycle
from itertools import islice
from time import perf_counter

import numpy as np

from tests.benchmarks.city import City
from tests.benchmarks.clients import Client
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.server import Server

# Kept-alive connections stay with one worker each: that none of them had got any would be 1 in 128.
_CONNECTIONS = 8
_TIMES = 10
_HALF_DEG = 0.0001
_WITHIN_S = 30.0


def close_roads(server: Server, city: City) -> list[float]:
    """Return how long each closing and each opening took to hold on every connection; seconds.

    From the request of one desk until the answers to all; what is asked is the way of a crew, and
    what is closed lies in its middle.
    """
    took_s = []
    near = city.places[: city.scale.near]
    lon, lat = near[np.hypot(*(near - city.centre).T).argmax()].tolist()
    to_lon, to_lat = city.centre
    path = f"/api/v1/routes?from={lon},{lat}&to={to_lon},{to_lat}"
    with server.clients(city.desk_token, _CONNECTIONS) as clients:
        for desk in islice(cycle(clients), _TIMES):
            open_way = desk.get(path)
            began_s = perf_counter()
            closure = desk.post_json("/api/v1/closures", _around_its_middle(open_way))
            for client in clients:
                _ask_until(client, path, open_way, same=False)
            took_s.append(perf_counter() - began_s)
            began_s = perf_counter()
            desk.post_json(f"/api/v1/closures/{closure['id']}/lift", {})
            for client in clients:
                _ask_until(client, path, open_way, same=True)
            took_s.append(perf_counter() - began_s)
    return took_s


def _around_its_middle(way: bytes) -> dict[str, object]:
    line = json.loads(way)["geometry"]["coordinates"]
    lon, lat = line[len(line) // 2]
    west, south, east, north = lon - _HALF_DEG, lat - _HALF_DEG, lon + _HALF_DEG, lat + _HALF_DEG
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"kind": "area", "geometry": geometry, "reason": "benchmark"}


def _ask_until(client: Client, path: str, way: bytes, *, same: bool) -> None:
    give_up_s = perf_counter() + _WITHIN_S
    while (client.get(path) == way) is not same:
        if perf_counter() > give_up_s:
            message = "a worker does not reckon with a closure"
            raise UnexpectedAnswerError(message)
