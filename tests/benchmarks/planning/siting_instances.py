"""Instances of siting problems: the stored one of 2 000 places and 200 sites, random networks."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import shortest_path

from scripts.studies.inputs.points import FloatArray

UNIFORM = Path(__file__).with_name("uniform_2000x200.npz")
SEED = 15
SIDE_M = 30_000
PLACES, SITES, HEAVIEST = 2_000, 200, 99


class Instance(NamedTuple):
    """Costs, rows demand, and weights."""

    cost: FloatArray
    weights: FloatArray


def draw_uniform() -> dict[str, np.ndarray]:
    """Return points drawn uniformly in a square, whole metres, and weights of 1 to 99."""
    random = np.random.default_rng(SEED)
    return {
        "places": random.integers(0, SIDE_M, (PLACES, 2)).astype(np.uint16),
        "sites": random.integers(0, SIDE_M, (SITES, 2)).astype(np.uint16),
        "weights": random.integers(1, HEAVIEST + 1, PLACES).astype(np.uint8),
    }


def load_uniform() -> Instance:
    """Return straight lines between the stored points, metres."""
    with np.load(UNIFORM) as stored:
        places = stored["places"].astype(np.float64)
        sites = stored["sites"].astype(np.float64)
        weights = stored["weights"].astype(np.float64)
    apart = places[:, None] - sites[None]
    return Instance(np.hypot(apart[..., 0], apart[..., 1]), weights)


def random_network(nodes: int, seed: int) -> FloatArray:
    """Return distances in a network as the OR-Library's are: n²/50 random edges of 1 to 100."""
    random = np.random.default_rng(seed)
    lengths = np.full((nodes, nodes), np.inf)
    ends = [
        np.column_stack((np.arange(nodes - 1), np.arange(1, nodes))),
        random.integers(0, nodes, (nodes * nodes // 50, 2)),
    ]
    for one, other in np.concatenate(ends).tolist():
        if one != other:
            lengths[one, other] = lengths[other, one] = random.integers(1, 101)
    return shortest_path(lengths, method="D", directed=False)


if __name__ == "__main__":
    drawn = draw_uniform()
    np.savez_compressed(
        UNIFORM, places=drawn["places"], sites=drawn["sites"], weights=drawn["weights"]
    )
