"""Name what tells several ways to one place apart: the street that only one of them takes."""

from collections.abc import Sequence

from routing.network.road_network import RoadNetwork
from routing.paths.route import Route


def told_apart(network: RoadNetwork, routes: Sequence[Route]) -> list[str]:
    """Return for each route the street it follows for longest among those that no other takes.

    Parameters
    ----------
    routes
        Between the same places.

    Returns
    -------
    names
        Empty where that part has no name, or nothing tells a route apart.
    """
    roads = network.roads
    driven = [set((route.edges // 2).tolist()) for route in routes]
    found = []
    for at, route in enumerate(routes):
        others = set().union(*(driven[:at] + driven[at + 1 :]))
        by_name: dict[str, float] = {}
        for edge, length_m in zip(route.edges.tolist(), route.edge_length_m.tolist(), strict=True):
            name = roads.names[int(roads.segment_name[edge // 2])]
            if name and edge // 2 not in others:
                by_name[name] = by_name.get(name, 0.0) + length_m
        found.append(max(by_name, key=lambda name: by_name[name], default=""))
    return found
