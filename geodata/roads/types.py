"""The drivable streets of a ground as plain arrays, written by the import, read by routing."""

import hashlib
from dataclasses import dataclass
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

# The index is the class code stored in ``segment_class``. Ramps have classes of their own, right
# after their road's: they are driven slower.
ROAD_CLASSES: tuple[str, ...] = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "road",
    "service",
    "track",
)

BRIDGE = 1
TUNNEL = 2
ROUNDABOUT = 4
RESTRICTED_ACCESS = 8  # destination, private, customers, delivery: open to who has business there


@dataclass(frozen=True, slots=True, eq=False)
class RoadData:
    """Streets cut at junctions; all arrays are parallel per node, per segment or per restriction.

    A *segment* is the street between two junctions, drawn in one direction. A *directed
    edge* is ``2 * segment + direction``: 0 along the drawing, 1 against it, driveable or not.

    Attributes
    ----------
    node_lonlat
        WGS 84, longitude first, float64, shape ``(n, 2)``.
    node_osm_id
        OpenStreetMap node ids, int64, shape ``(n,)``. A node at a barrier that cuts a street
        stands twice, once for each side, with the same id.
    node_signal
        Whether traffic lights stand at the node, bool, shape ``(n,)``.
    segment_from, segment_to
        Indices of the end nodes, int32, shape ``(m,)``.
    segment_way_id
        OpenStreetMap way, int64, shape ``(m,)``.
    segment_length_m
        Length along the drawn line on the WGS 84 ellipsoid, metres, float64, shape ``(m,)``.
    segment_class
        Index into ``ROAD_CLASSES``, uint8, shape ``(m,)``.
    segment_forward, segment_backward
        Whether it may be driven along and against the drawing, bool, shape ``(m,)``.
    segment_forward_mps, segment_backward_mps
        Free-flow speed, metres per second, float32, shape ``(m,)``; always positive.
    segment_name
        Index into ``names``, int32, shape ``(m,)``; 0 is no name.
    segment_flags
        Sum of ``BRIDGE``, ``TUNNEL``, ``ROUNDABOUT``, ``RESTRICTED_ACCESS``, uint8, ``(m,)``.
    geometry_start
        Where each segment's points begin in ``geometry_lonlat``, int64, shape ``(m + 1,)``.
    geometry_lonlat
        Points of the lines, both ends included, WGS 84, float64, shape ``(k, 2)``.
    names
        Street names; ``names[0]`` is the empty one.
    restriction_only
        True: from the first edge only this way may be taken; False: it may not. Shape ``(r,)``.
    restriction_start
        Where each path begins in ``restriction_path``, int32, shape ``(r + 1,)``.
    restriction_path
        Directed edges, int64, shape ``(q,)``: two for a turn at a node, more through ways.
    """

    node_lonlat: NDArray[np.float64]
    node_osm_id: NDArray[np.int64]
    node_signal: NDArray[np.bool_]
    segment_from: NDArray[np.int32]
    segment_to: NDArray[np.int32]
    segment_way_id: NDArray[np.int64]
    segment_length_m: NDArray[np.float64]
    segment_class: NDArray[np.uint8]
    segment_forward: NDArray[np.bool_]
    segment_backward: NDArray[np.bool_]
    segment_forward_mps: NDArray[np.float32]
    segment_backward_mps: NDArray[np.float32]
    segment_name: NDArray[np.int32]
    segment_flags: NDArray[np.uint8]
    geometry_start: NDArray[np.int64]
    geometry_lonlat: NDArray[np.float64]
    names: tuple[str, ...]
    restriction_only: NDArray[np.bool_]
    restriction_start: NDArray[np.int32]
    restriction_path: NDArray[np.int64]

    def content_hash(self) -> str:
        """Return the SHA-256 of all arrays in hex, which names cache files.

        Shapes and types are included, so that no two different networks can read the same.
        """
        digest = hashlib.sha256(b"nearcrew roads 1\n")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                content = "\0".join(value).encode()
                digest.update(f"{field.name} names {len(value)} {len(content)}\n".encode())
            else:
                array = np.ascontiguousarray(value)
                content = array.tobytes()
                digest.update(f"{field.name} {array.dtype.str} {array.shape}\n".encode())
            digest.update(content)
        return digest.hexdigest()
