"""Instances of the literature, where they are at hand: no test may need them."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy.sparse.csgraph import shortest_path

from scripts.cluster.private_cluster import CHECKOUT
from scripts.studies.inputs.points import FloatArray

DATA = CHECKOUT.parent / "shared" / "data"


class Instance(NamedTuple):
    """Costs, rows demand, and weights."""

    cost: FloatArray
    weights: FloatArray


def file_of(*parts: str) -> Path:
    """Return a file of the shared data; skips the test where it is missing."""
    file = DATA.joinpath(*parts)
    if not file.exists():
        pytest.skip(f"no {file.name} at hand")
    return file


def pmed(number: int) -> tuple[FloatArray, int]:
    """Return distances and p of an OR-Library p-median instance (Beasley 1985).

    Edges are undirected; of several between two nodes the last one counts.
    """
    numbers = np.array(file_of("orlib", f"pmed{number}.txt").read_text().split(), dtype=np.int64)
    n, _, p = numbers[:3].tolist()
    lengths = np.full((n, n), np.inf)
    for one, other, length in numbers[3:].reshape(-1, 3).tolist():
        lengths[one - 1, other - 1] = lengths[other - 1, one - 1] = length
    return shortest_path(lengths, directed=False), p


def san_francisco() -> Instance:
    """Return 205 census tracts and 16 sites, metres by road, people."""
    file = file_of("spopt_sf", "SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    sites = {name: at for at, name in enumerate(dict.fromkeys(row["name"] for row in rows))}
    tracts = {
        name: at for at, name in enumerate(dict.fromkeys(row["DestinationName"] for row in rows))
    }
    cost, weights = np.full((len(tracts), len(sites)), np.inf), np.zeros(len(tracts))
    for row in rows:
        tract = tracts[row["DestinationName"]]
        cost[tract, sites[row["name"]]] = float(row["distance"])
        weights[tract] = float(row["demand"])
    return Instance(cost, weights)


def swain() -> Instance:
    """Return Swain's 55 places, each also a site, straight lines, people."""
    lines = file_of("swain55", "swain.txt").read_text().splitlines()[1:]
    table = np.array([line.split() for line in lines if line.strip()], dtype=np.float64)
    apart = table[:, None, 1:3] - table[None, :, 1:3]
    return Instance(np.hypot(apart[..., 0], apart[..., 1]), table[:, 3])
