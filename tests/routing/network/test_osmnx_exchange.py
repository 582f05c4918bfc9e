"""Our streets under osmnx's own tools, and its graphs under ours."""

import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmnx as ox
import pytest
from shapely import LineString

from geodata.roads.types import ROUNDABOUT
from routing.errors import NetworkError
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.cities import GridCity
from tests.routing.drawing import draw
from tests.routing.drawing import street


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    """Return a city of 12 by 12 blocks of 200 m."""
    return RoadNetwork.from_osm(GridCity().write(tmp_path_factory.mktemp("grid") / "grid.osm"))


def _times_s(network: RoadNetwork, seed: int = 8) -> np.ndarray[Any, Any]:
    """Return the times between thirty random places that do not depend on ids of streets."""
    west, south, east, north = network.bounds
    random = np.random.default_rng(seed)
    places = random.uniform((west, south), (east, north), (30, 2))
    return Router(network).matrix(places, places)


def test_osmnx_finds_the_shortest_way_through_the_grid(grid: RoadNetwork) -> None:
    """Three blocks east and four north at 20 s a block are 140 s without turns."""
    graph = grid.to_osmnx()
    here, there = 1 + 3 * 13 + 2, 1 + 7 * 13 + 5  # thirteen crossings in a row, counted from 1

    way = ox.routing.shortest_path(graph, here, there, weight="travel_time")

    assert way is not None
    edges = ox.routing.route_to_gdf(graph, way, weight="travel_time")
    assert len(edges) == 7
    assert edges["travel_time"].sum() == pytest.approx(140.0, rel=2e-3)
    assert edges["length"].sum() == pytest.approx(1400.0, rel=2e-3)
    assert set(edges["highway"]) == {"residential"}


def test_osmnx_finds_the_same_nearest_street(grid: RoadNetwork) -> None:
    """Row 3, ten metres north of it, a third into the block."""
    graph = grid.to_osmnx()
    lon, lat = GridCity().at(4.33, 3.05)

    begin, end, key = ox.distance.nearest_edges(graph, lon, lat)

    assert graph.edges[begin, end, key]["name"] == "Row 3"
    snapped = Router(grid).snap((lon, lat))
    assert grid.roads.names[grid.roads.segment_name[snapped.edge[0] // 2]] == "Row 3"


def test_the_way_there_and_back_keeps_times_and_everything_else(monaco: RoadNetwork) -> None:
    """Streets come in another order; what they are, and every travel time, stays."""
    back = RoadNetwork.from_osmnx(monaco.to_osmnx())

    ours, theirs = monaco.roads, back.roads
    assert len(theirs.segment_from) == len(ours.segment_from)
    assert theirs.segment_length_m.sum() == pytest.approx(ours.segment_length_m.sum())
    assert set(theirs.names) == set(ours.names)
    for field in ("segment_class", "segment_flags", "segment_way_id", "segment_forward_mps"):
        np.testing.assert_array_equal(
            np.sort(getattr(theirs, field)), np.sort(getattr(ours, field))
        )
    assert theirs.node_signal.sum() == ours.node_signal.sum()
    assert len(theirs.restriction_only) == len(ours.restriction_only)
    np.testing.assert_allclose(_times_s(back), _times_s(monaco), atol=2e-3)


def test_a_graphml_file_keeps_the_times(monaco: RoadNetwork, tmp_path: Path) -> None:
    """Saved and loaded by osmnx itself."""
    file = tmp_path / "monaco.graphml"

    ox.io.save_graphml(monaco.to_osmnx(), file)
    back = RoadNetwork.from_osmnx(ox.io.load_graphml(file))

    np.testing.assert_allclose(_times_s(back), _times_s(monaco), atol=2e-3)


def test_osmnx_accepts_the_graph_of_a_real_city(monaco: RoadNetwork) -> None:
    """Statistics, largest part, projection and data frames work on it."""
    graph = monaco.to_osmnx()

    part = ox.truncate.largest_component(graph, strongly=True)
    nodes, edges = ox.convert.graph_to_gdfs(part)
    stats = ox.stats.basic_stats(part)

    assert len(part) > 0.7 * len(graph)
    assert nodes.crs == edges.crs == "epsg:4326"
    assert edges["travel_time"].ge(0).all()  # a street may be a stub of no length
    assert stats["edge_length_total"] == pytest.approx(edges["length"].sum())
    assert ox.projection.project_graph(part).graph["crs"] != "epsg:4326"
    again = ox.convert.graph_from_gdfs(nodes, edges, graph_attrs=part.graph)
    assert RoadNetwork.from_osmnx(again).segment_count == RoadNetwork.from_osmnx(part).segment_count


def test_only_directions_that_may_be_driven_are_edges() -> None:
    """A one-way street is one edge, a two-way one two, and what is closed to all is none."""
    places = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0)}
    town = draw(places, [street("A>B", name="One"), street("B-C", name="Two", flags=ROUNDABOUT)])

    graph = town.network.to_osmnx()

    assert [(u, v) for u, v, _ in graph.edges] == [(100, 101), (101, 102), (102, 101)]
    one = graph.edges[100, 101, 0]
    assert (one["oneway"], one["reversed"], one["highway"]) == (True, False, "residential")
    assert one["speed_kph"] == pytest.approx(36.0)
    assert one["travel_time"] == pytest.approx(10.0)
    back = graph.edges[102, 101, 0]
    assert (back["oneway"], back["reversed"], back["junction"]) == (False, True, "roundabout")
    assert back["geometry"].coords[0] == pytest.approx(town.lonlat(200, 0))


def test_loops_and_doubles_come_back_as_they_were() -> None:
    """Two streets between the same nodes, and one from a node to itself, keep their own lines."""
    places = {"A": (0.0, 0.0), "B": (100.0, 0.0)}
    town = draw(
        places,
        [
            street("A-B", name="Straight"),
            street("A-B", name="Round about", through=((50.0, 60.0),)),
            street("B-B", name="Loop", through=((150.0, 30.0), (150.0, -30.0))),
            street("B>B", name="One-way loop", through=((120.0, 80.0), (80.0, 80.0))),
        ],
    )

    back = RoadNetwork.from_osmnx(town.network.to_osmnx()).roads

    ours = town.roads
    by_name = np.argsort([back.names[name] for name in back.segment_name])
    expected = np.argsort([ours.names[name] for name in ours.segment_name])
    np.testing.assert_allclose(back.segment_length_m[by_name], ours.segment_length_m[expected])
    assert back.segment_backward[by_name].tolist() == ours.segment_backward[expected].tolist()


def test_turn_restrictions_travel_as_an_attribute_of_the_graph() -> None:
    """Those whose streets a tool of osmnx cut away are dropped."""
    #   N
    #   X --- E      no turn from W over X to N
    #   W
    places = {"X": (0.0, 0.0), "N": (0.0, 99.0), "E": (99.0, 0.0), "W": (0.0, -99.0)}
    town = draw(
        places, [street("X-N"), street("X-E"), street("X-W")], rules=["no W X N", "only E X W"]
    )
    graph = town.network.to_osmnx()

    whole = RoadNetwork.from_osmnx(graph).roads
    graph.remove_node(101)  # N
    cut = RoadNetwork.from_osmnx(graph).roads

    assert whole.restriction_only.tolist() == [False, True]
    assert cut.restriction_only.tolist() == [True]
    assert json.loads(graph.graph["turn_restrictions"])[0]["only"] is False


def test_a_node_that_stands_twice_keeps_both_sides_of_its_barrier_apart() -> None:
    """The same OpenStreetMap node before and behind a bollard: no way through."""
    places = {"A": (0.0, 0.0), "P": (100.0, 0.0), "Q": (100.0, 0.0), "B": (200.0, 0.0)}
    town = draw(places, [street("A-P"), street("Q-B")])
    town.roads.node_osm_id.flags.writeable = True
    town.roads.node_osm_id[2] = town.roads.node_osm_id[1]

    graph = town.network.to_osmnx()

    assert len(graph) == 4
    assert not nx.has_path(graph, 100, 103)


def test_a_graph_as_osmnx_downloads_it_is_understood() -> None:
    """Lists where ways were joined, no speeds yet, a footway among the streets, no geometry."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="epsg:4326", simplified=True)
    graph.add_node(1, x=7.40, y=43.70, street_count=1)
    graph.add_node(2, x=7.41, y=43.70, highway="traffic_signals", street_count=3)
    graph.add_node(3, x=7.42, y=43.71, street_count=1)
    graph.add_edge(
        1, 2, osmid=[11, 12], highway=["road_works", "primary"], maxspeed=["50", "30 mph"],
        name=["A", "B"], oneway=False, reversed=False, length=805.0,
    )  # fmt: skip
    graph.add_edge(
        2, 1, osmid=[12, 11], highway=["road_works", "primary"], maxspeed=["50", "30 mph"],
        name=["A", "B"], oneway=False, reversed=True, length=805.0,
    )  # fmt: skip
    line = LineString([(7.42, 43.71), (7.415, 43.70), (7.41, 43.70)])  # drawn the other way round
    graph.add_edge(2, 3, osmid=13, highway="tertiary", oneway=True, reversed=False, geometry=line)
    graph.add_edge(1, 3, osmid=14, highway="footway", oneway=False, reversed=False, length=900.0)

    roads = RoadNetwork.from_osmnx(graph).roads

    assert roads.segment_way_id.tolist() == [11, 13]
    assert roads.segment_backward.tolist() == [True, False]
    assert roads.segment_forward_mps[0] == pytest.approx(30 * 0.44704)  # the lesser limit
    assert roads.segment_length_m[1] > 1000.0  # measured along the line
    assert roads.geometry_lonlat[2].tolist() == [7.41, 43.70]
    assert roads.names == ("", "A")
    assert roads.node_signal.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        (nx.Graph(), "expected an osmnx graph"),
        (nx.MultiDiGraph(), "no named CRS"),
        (nx.MultiDiGraph(crs="epsg:32632"), "project_graph"),
        (nx.MultiDiGraph(crs="epsg:4326"), "no streets for cars"),
    ],
)
def test_what_is_no_street_graph_is_refused(graph: Any, said: str) -> None:  # noqa: ANN401 - wrong on purpose
    """With what to do about it."""
    with pytest.raises(NetworkError, match=said):
        RoadNetwork.from_osmnx(graph)


def test_nodes_without_a_place_and_broken_restrictions_are_refused(grid: RoadNetwork) -> None:
    """A file somebody edited."""
    graph = grid.to_osmnx()
    graph.graph["turn_restrictions"] = '[{"only": true}]'
    with pytest.raises(NetworkError, match="turn_restrictions cannot be read"):
        RoadNetwork.from_osmnx(graph)

    graph.add_node("nowhere")
    with pytest.raises(NetworkError, match="has no x and y"):
        RoadNetwork.from_osmnx(graph)
