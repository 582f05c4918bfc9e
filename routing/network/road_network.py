"""The road network of routing: immutable arrays, saved in one file, named by a content hash."""

from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Self

import numpy as np

from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import RoadData
from routing.errors import NetworkError
from routing.errors import NetworkFileError
from routing.network.array_file import read_arrays
from routing.network.array_file import write_arrays
from routing.network.osmnx_export import to_graph
from routing.network.osmnx_import import from_graph

if TYPE_CHECKING:
    import networkx as nx

_FILE_KIND = "road network"
_FILE_VERSION = 1

_PER_NODE = ("node_lonlat", "node_osm_id", "node_signal")
_PER_SEGMENT = (
    "segment_from",
    "segment_to",
    "segment_way_id",
    "segment_length_m",
    "segment_class",
    "segment_forward",
    "segment_backward",
    "segment_forward_mps",
    "segment_backward_mps",
    "segment_name",
    "segment_flags",
)


@dataclass(frozen=True)
class RoadNetwork:
    """An immutable directed road network; a re-import makes another one.

    Node ids of the search are derived from these arrays and RoutingKit crashes on a wrong one, so
    everything is checked here once and made read-only.

    Attributes
    ----------
    roads
        The arrays; see `geodata.roads.types.RoadData`. Read-only.
    content_hash
        SHA-256 in hex: equal streets, equal hash; names every cache file.
    """

    roads: RoadData
    content_hash: str = field(compare=True)

    @classmethod
    def from_roads(cls, roads: RoadData) -> Self:
        """Return a network of the arrays, checked and made read-only.

        Raises
        ------
        NetworkError
            If arrays disagree in length, point outside each other or hold impossible numbers.
        """
        _check_lengths(roads)
        _check_numbers(roads)
        _check_restrictions(roads)
        content_hash = roads.content_hash()
        for item in fields(roads):
            value = getattr(roads, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        return cls(roads, content_hash)

    @classmethod
    def from_osm(cls, path: Path | str) -> Self:
        """Return the network of an OpenStreetMap extract (``.osm.pbf``, ``.osm``, ``.osm.bz2``).

        Raises
        ------
        geodata.errors.GroundError
            If the file is not an extract, empty, truncated or without roads.
        """
        from geodata.osm.road_reader import read_roads  # noqa: PLC0415 - 17 MB, and only wanted here

        roads, _ = read_roads(Path(path))
        return cls.from_roads(roads)

    def save(self, path: Path | str) -> None:
        """Write the network to one file; `load` reads it back far faster than an extract."""
        arrays = {
            item.name: getattr(self.roads, item.name)
            for item in fields(self.roads)
            if item.name != "names"
        }
        arrays["names"] = np.frombuffer("\0".join(self.roads.names).encode(), dtype=np.uint8)
        write_arrays(
            Path(path),
            kind=_FILE_KIND,
            version=_FILE_VERSION,
            arrays=arrays,
            notes={"content_hash": self.content_hash},
        )

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Return the network saved in a file.

        Raises
        ------
        NetworkFileError
            If the file is not a network, of another version, cut short or altered.
        """
        arrays, notes = read_arrays(Path(path), kind=_FILE_KIND, version=_FILE_VERSION)
        try:
            names = tuple(arrays.pop("names").tobytes().decode().split("\0"))
            roads = RoadData(names=names, **arrays)
            _check_lengths(roads)
            _check_numbers(roads)
            _check_restrictions(roads)
            return cls(roads, str(notes["content_hash"]))
        except (KeyError, TypeError, ValueError) as error:
            message = f"{path} does not hold a whole road network: {error}"
            raise NetworkFileError(message) from error

    @classmethod
    def from_osmnx(cls, graph: "nx.MultiDiGraph[Any]") -> Self:
        """Return the network of an osmnx graph, from a download or ``osmnx.load_graphml``.

        See `routing.network.osmnx_import` for what is understood and what is lost.

        Raises
        ------
        NetworkError
            If it is no such graph, projected, or has no streets.
        """
        return cls.from_roads(from_graph(graph))

    def to_osmnx(self) -> "nx.MultiDiGraph[Any]":
        """Return the network as an osmnx graph; ``osmnx.save_graphml`` makes a file of it."""
        return to_graph(self.roads)

    @property
    def segment_count(self) -> int:
        """The number of streets (between junctions); there are twice as many directed edges."""
        return len(self.roads.segment_from)

    @property
    def edge_count(self) -> int:
        """The number of directed edges, driveable or not."""
        return 2 * self.segment_count

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all lines, degrees WGS 84."""
        low, high = self.roads.geometry_lonlat.min(axis=0), self.roads.geometry_lonlat.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @cached_property
    def edge_from(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """First node of each directed edge, shape ``(2m,)``."""
        return _interleave(self.roads.segment_from, self.roads.segment_to)

    @cached_property
    def edge_to(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Last node of each directed edge, shape ``(2m,)``."""
        return _interleave(self.roads.segment_to, self.roads.segment_from)

    @cached_property
    def edge_driveable(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether each directed edge may be driven, one-way signs considered, shape ``(2m,)``."""
        driveable = np.empty(self.edge_count, dtype=np.bool_)
        driveable[0::2] = self.roads.segment_forward
        driveable[1::2] = self.roads.segment_backward
        return driveable


def _interleave(forward: Any, backward: Any) -> np.ndarray[tuple[int], np.dtype[np.int64]]:  # noqa: ANN401
    both = np.empty(2 * len(forward), dtype=np.int64)
    both[0::2] = forward
    both[1::2] = backward
    return both


def _require(holds: bool | np.bool_, what: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not holds:
        raise NetworkError(what)


def _check_lengths(roads: RoadData) -> None:
    nodes, segments = len(roads.node_lonlat), len(roads.segment_from)
    _require(segments > 0, "a network needs at least one street")
    _require(roads.node_lonlat.shape == (nodes, 2), "node_lonlat must have shape (n, 2)")
    for name in _PER_NODE:
        _require(len(getattr(roads, name)) == nodes, f"{name} must have one entry per node")
    for name in _PER_SEGMENT:
        _require(
            getattr(roads, name).shape == (segments,), f"{name} must have one entry per segment"
        )
    start = roads.geometry_start
    _require(start.shape == (segments + 1,), "geometry_start must have one entry more than streets")
    _require(
        start[0] == 0 and start[-1] == len(roads.geometry_lonlat) and np.all(np.diff(start) > 1),
        "every street needs at least two points",
    )


def _check_numbers(roads: RoadData) -> None:
    nodes = len(roads.node_lonlat)
    for ends in (roads.segment_from, roads.segment_to):
        _require(
            ends.min() >= 0 and ends.max() < nodes, "a street ends at a node that is not there"
        )
    _require(np.isfinite(roads.geometry_lonlat).all(), "a street has a point that is no number")
    _require(np.isfinite(roads.node_lonlat).all(), "a node has a place that is no number")
    _require(
        np.isfinite(roads.segment_length_m).all() and np.all(roads.segment_length_m >= 0),
        "a street has an impossible length",
    )
    for speed in (roads.segment_forward_mps, roads.segment_backward_mps):
        _require(np.isfinite(speed).all() and np.all(speed > 0), "a street has an impossible speed")
    _require(
        roads.segment_name.min() >= 0 and roads.segment_name.max() < len(roads.names),
        "a street has a name that is not there",
    )
    _require(roads.segment_class.max() < len(ROAD_CLASSES), "a street has an unknown class")


def _check_restrictions(roads: RoadData) -> None:
    start, path = roads.restriction_start, roads.restriction_path
    count = len(roads.restriction_only)
    _require(start.shape == (count + 1,), "restriction_start must have one entry more than rules")
    _require(start[0] == 0 and start[-1] == len(path), "restriction_start must span the paths")
    if not count:
        return
    _require(np.all(np.diff(start) > 1), "a turn restriction needs at least two edges")
    _require(
        path.min() >= 0 and path.max() < 2 * len(roads.segment_from),
        "a turn restriction names a street that is not there",
    )
    ends = _interleave(roads.segment_to, roads.segment_from)[path[:-1]]
    starts = _interleave(roads.segment_from, roads.segment_to)[path[1:]]
    inside = np.ones(len(path) - 1, dtype=np.bool_)
    inside[start[1:-1] - 1] = False
    _require(np.all(ends[inside] == starts[inside]), "a turn restriction has a gap in its path")
