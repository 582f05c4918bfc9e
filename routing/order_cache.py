"""The contraction order on disk: the one slow step of starting up, done once per network."""

from pathlib import Path

import numpy as np

from routing.arrayfile import read_arrays
from routing.arrayfile import write_arrays
from routing.arrays import IntArray
from routing.engine import compute_order
from routing.engine import is_order
from routing.errors import NetworkFileError
from routing.expansion import EXPANSION_VERSION
from routing.expansion import Expansion
from routing.geometry import Lines
from routing.network import RoadNetwork

_FILE_KIND = "contraction order"
_FILE_VERSION = 1


def contraction_order(
    network: RoadNetwork, expansion: Expansion, lines: Lines, cache_dir: Path | None
) -> IntArray:
    """Return the order of a network's states, from the cache if it is there and whole.

    A file that is missing, damaged or of another version is made anew; so is one that does not fit,
    since a wrong order would crash the engine. Several processes may do so at once: the last one to
    finish wins, and all of them wrote the same.

    Parameters
    ----------
    cache_dir
        Where files named by content hash are kept; ``None`` keeps nothing.
    """
    states = len(expansion.state_edge)
    path = None
    if cache_dir is not None:
        path = cache_dir / f"{network.content_hash}-{EXPANSION_VERSION}.order"
        cached = _read(path)
        if cached is not None and is_order(cached, states):
            return cached
    halfway = lines.places(np.arange(network.segment_count), network.roads.segment_length_m / 2.0)
    order = compute_order(
        states, expansion.arc_from, expansion.arc_to, halfway[expansion.state_edge // 2]
    )
    if path is not None:
        write_arrays(
            path,
            kind=_FILE_KIND,
            version=_FILE_VERSION,
            arrays={"order": order.astype(np.int32)},
        )
    return order


def _read(path: Path) -> IntArray | None:
    try:
        arrays, _ = read_arrays(path, kind=_FILE_KIND, version=_FILE_VERSION)
        return arrays["order"].astype(np.int64)
    except (NetworkFileError, KeyError):
        return None
