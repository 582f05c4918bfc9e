"""Read drivable ways, turn restrictions and street nodes of an extract, uncut."""

from array import array
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from osmium.osm import Node
from osmium.osm import Relation
from osmium.osm import Way

from geodata.osm.extract_file import all_nodes
from geodata.osm.extract_file import extract_errors
from geodata.osm.extract_file import ways_and_relations
from geodata.osm.way_tags import WayMeaning
from geodata.osm.way_tags import cuts_the_street
from geodata.osm.way_tags import is_signal
from geodata.osm.way_tags import way_meaning
from geodata.progress import Progress

TELL_EVERY = 5000

# ``except=`` of these frees the crew's van; an emergency exception does not, because a repair van
# is no ambulance. The emergency profile of routing has its own rule.
EXCEPTED_VEHICLES = frozenset({"motorcar", "motor_vehicle", "vehicle"})


@dataclass(frozen=True, slots=True)
class DrawnRestriction:
    """A turn restriction as drawn: ways in, nodes or ways through, ways out."""

    only: bool
    from_ways: tuple[int, ...]
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...]
    to_ways: tuple[int, ...]


@dataclass(slots=True)
class DrawnWays:
    """Drivable ways; their node ids are concatenated in ``refs``."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    starts: "array[int]" = field(default_factory=lambda: array("q", [0]))
    refs: "array[int]" = field(default_factory=lambda: array("q"))
    meanings: list[WayMeaning] = field(default_factory=list)
    restrictions: list[DrawnRestriction] = field(default_factory=list)
    ways_seen: int = 0
    restrictions_seen: int = 0
    restrictions_conditional: int = 0
    restrictions_excepted: int = 0
    restrictions_unusable: int = 0

    def add_way(self, way: Way) -> None:
        """Add a way if a car may use it."""
        self.ways_seen += 1
        meaning = way_meaning({tag.k: tag.v for tag in way.tags})
        if meaning is None:
            return
        before = len(self.refs)
        last = None
        for node in way.nodes:
            # The same node twice running is a slip of the pen and would make a street of 0 m.
            if node.ref != last:
                self.refs.append(node.ref)
                last = node.ref
        if len(self.refs) - before < 2:  # noqa: PLR2004 - a line needs two points
            del self.refs[before:]
            return
        self.ids.append(way.id)
        self.starts.append(len(self.refs))
        self.meanings.append(meaning)

    def add_restriction(self, relation: Relation) -> None:
        """Add a restriction that applies to cars at all hours; count the others."""
        tags = {tag.k: tag.v for tag in relation.tags}
        self.restrictions_seen += 1
        kind = next(
            (
                tags[key]
                for key in ("restriction:motorcar", "restriction:motor_vehicle", "restriction")
                if key in tags
            ),
            None,
        )
        if kind is None:
            # What binds only lorries, or only at some hours, is no rule of the map for a van.
            self.restrictions_conditional += any(key.endswith(":conditional") for key in tags)
            self.restrictions_unusable += not any(key.startswith("restriction:") for key in tags)
            return
        if EXCEPTED_VEHICLES & {value.strip() for value in tags.get("except", "").split(";")}:
            self.restrictions_excepted += 1
            return
        drawn = _drawn_restriction(kind, relation)
        if drawn is None:
            self.restrictions_unusable += 1
        else:
            self.restrictions.append(drawn)


def _drawn_restriction(kind: str, relation: Relation) -> DrawnRestriction | None:
    members = [(member.role, member.type, member.ref) for member in relation.members]
    from_ways = tuple(ref for role, sort, ref in members if (role, sort) == ("from", "w"))
    to_ways = tuple(ref for role, sort, ref in members if (role, sort) == ("to", "w"))
    via_nodes = tuple(ref for role, sort, ref in members if (role, sort) == ("via", "n"))
    via_ways = tuple(ref for role, sort, ref in members if (role, sort) == ("via", "w"))
    one_via = (len(via_nodes) == 1) != bool(via_ways)
    if not (kind.startswith(("no_", "only_")) and from_ways and to_ways and one_via):
        return None
    return DrawnRestriction(kind.startswith("only_"), from_ways, via_nodes, via_ways, to_ways)


def read_ways(path: Path, progress: Progress) -> DrawnWays:
    """Return all drivable ways and binding restrictions of a checked extract.

    Raises
    ------
    TruncatedExtractError
        If the file breaks off.
    """
    drawn = DrawnWays()
    with extract_errors(path):
        for count, item in enumerate(ways_and_relations(path)):
            if isinstance(item, Way):
                drawn.add_way(item)
            elif isinstance(item, Relation):
                drawn.add_restriction(item)
            if count % TELL_EVERY == 0:
                progress("Reading streets", count, None)
    return drawn


@dataclass(frozen=True, slots=True)
class StreetNodes:
    """The nodes of drivable ways, parallel to ``ids`` (ascending, unique)."""

    ids: NDArray[np.int64]
    lonlat: NDArray[np.float64]  # NaN where the extract lacks the node
    signal: NDArray[np.bool_]
    cutting: NDArray[np.bool_]  # a barrier that no car passes

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Nodes that ways reference and the extract does not hold."""
        return np.isnan(self.lonlat[:, 0])


def read_nodes(path: Path, node_ids: NDArray[np.int64], progress: Progress) -> StreetNodes:
    """Return the positions of the given nodes, and the traffic lights and barriers on them.

    Parameters
    ----------
    node_ids
        Ascending and unique.
    """
    count = len(node_ids)
    lonlat = np.full((count, 2), np.nan)
    signal = np.zeros(count, dtype=np.bool_)
    cutting = np.zeros(count, dtype=np.bool_)
    index_of = dict(zip(node_ids.tolist(), range(count), strict=True))
    with extract_errors(path):
        for done, node in enumerate(all_nodes(path)):
            if done % TELL_EVERY == 0:
                progress("Locating streets", done, None)
            index = index_of.get(node.id)
            if index is None or not isinstance(node, Node) or not node.location.valid():
                continue
            lonlat[index] = node.location.lon, node.location.lat
            if len(node.tags):
                tags = {tag.k: tag.v for tag in node.tags}
                signal[index] = is_signal(tags)
                cutting[index] = cuts_the_street(tags)
    return StreetNodes(node_ids, lonlat, signal, cutting)
