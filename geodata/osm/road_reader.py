"""Read the drivable streets of an OpenStreetMap extract."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geodata.errors import EmptyExtractError
from geodata.errors import NoRoadsError
from geodata.osm import extract_file
from geodata.osm.segment_cutting import CutStreets
from geodata.osm.segment_cutting import cut
from geodata.osm.turn_restrictions import Streets
from geodata.osm.turn_restrictions import restriction_paths
from geodata.osm.ways import DrawnWays
from geodata.osm.ways import StreetNodes
from geodata.osm.ways import read_nodes
from geodata.osm.ways import read_ways
from geodata.progress import Progress
from geodata.progress import silent
from geodata.roads.types import RoadData


@dataclass(frozen=True, slots=True)
class OsmReport:
    """Counts of what was found in an extract and what was left out."""

    ways_seen: int
    ways_drivable: int
    ways_with_gaps: int
    nodes_missing: int
    barriers_cutting: int
    restrictions_seen: int
    restrictions_kept: int
    restrictions_conditional: int
    restrictions_excepted: int
    restrictions_unusable: int


def read_roads(path: Path, *, progress: Progress | None = None) -> tuple[RoadData, OsmReport]:
    """Return all streets of an extract that a car may use, cut at junctions.

    The file is read twice, ways and restrictions first and then only the nodes they need, so
    memory grows with the streets and not with the extract. The order of its objects is free.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.bz2`` or ``.osm.gz``.
    progress
        Told now and then how far it is.

    Returns
    -------
    roads, report
        The streets, and what was left out of them.

    Raises
    ------
    MissingExtractError, NotAnExtractError, TruncatedExtractError
        If the file is not there, something else, or broken.
    EmptyExtractError, NoRoadsError
        If there is nothing in it, or no street.
    """
    tell = progress or silent
    extract_file.check_extract(path)
    drawn = read_ways(path, tell)
    nodes = read_nodes(path, np.unique(np.frombuffer(drawn.refs, dtype=np.int64)), tell)
    tell("Cutting streets at junctions", 0, None)
    via = [node for drawn_one in drawn.restrictions for node in drawn_one.via_nodes]
    streets = cut(drawn, nodes, np.array(via, dtype=np.int64))
    if len(streets.segment_from) == 0:
        raise NoRoadsError(path) if extract_file.holds_anything(path) else EmptyExtractError(path)
    paths, unusable = restriction_paths(Streets(drawn, nodes, streets), drawn.restrictions)
    report = OsmReport(
        ways_seen=drawn.ways_seen,
        ways_drivable=len(drawn.ids),
        ways_with_gaps=streets.ways_with_gaps,
        nodes_missing=int(np.count_nonzero(nodes.missing)),
        barriers_cutting=streets.barriers_cutting,
        restrictions_seen=drawn.restrictions_seen,
        restrictions_kept=len(paths),
        restrictions_conditional=drawn.restrictions_conditional,
        restrictions_excepted=drawn.restrictions_excepted,
        restrictions_unusable=drawn.restrictions_unusable + unusable,
    )
    return _road_data(drawn, nodes, streets, paths), report


def _road_data(
    drawn: DrawnWays,
    nodes: StreetNodes,
    streets: CutStreets,
    paths: list[tuple[bool, tuple[int, ...]]],
) -> RoadData:
    way = streets.segment_way
    meanings = drawn.meanings
    names = ("", *sorted({meaning.name for meaning in meanings} - {""}))
    number = {name: position for position, name in enumerate(names)}
    lengths = [len(path) for _, path in paths]
    return RoadData(
        node_lonlat=nodes.lonlat[streets.node_of],
        node_osm_id=nodes.ids[streets.node_of],
        node_signal=nodes.signal[streets.node_of],
        segment_from=streets.segment_from,
        segment_to=streets.segment_to,
        segment_way_id=np.frombuffer(drawn.ids, dtype=np.int64)[way],
        segment_length_m=streets.segment_length_m,
        segment_class=np.array([m.class_code for m in meanings], dtype=np.uint8)[way],
        segment_forward=np.array([m.forward for m in meanings], dtype=np.bool_)[way],
        segment_backward=np.array([m.backward for m in meanings], dtype=np.bool_)[way],
        segment_forward_mps=np.array([m.forward_mps for m in meanings], dtype=np.float32)[way],
        segment_backward_mps=np.array([m.backward_mps for m in meanings], dtype=np.float32)[way],
        segment_name=np.array([number[m.name] for m in meanings], dtype=np.int32)[way],
        segment_flags=np.array([m.flags for m in meanings], dtype=np.uint8)[way],
        geometry_start=streets.geometry_start,
        geometry_lonlat=streets.geometry_lonlat,
        names=names,
        restriction_only=np.array([only for only, _ in paths], dtype=np.bool_),
        restriction_start=np.cumsum([0, *lengths], dtype=np.int32),
        restriction_path=np.array([edge for _, path in paths for edge in path], dtype=np.int64),
    )
