"""Networks and orders on disk: read back as written, or refused in plain words."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from routing.errors import NetworkError
from routing.errors import NetworkFileError
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street


@pytest.fixture
def town() -> Town:
    """Return a corner with a rule and names beyond ASCII."""
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (100.0, 100.0)}
    streets = [street("A-B", name="滨江路"), street("B>C", name="Straße")]
    return draw(nodes, streets, rules=["no A B C"], signals=["B"])


@pytest.fixture
def saved(town: Town, tmp_path: Path) -> Path:
    """Return the town's network in a file."""
    path = tmp_path / "town.roads"
    town.network.save(path)
    return path


def test_a_saved_network_is_read_back_whole(town: Town, saved: Path) -> None:
    """Same content by its own hash, names included."""
    loaded = RoadNetwork.load(saved)

    assert loaded.content_hash == town.network.content_hash
    assert loaded.roads.content_hash() == town.network.content_hash
    assert loaded.roads.names == town.roads.names


def test_the_arrays_of_a_network_cannot_be_changed(town: Town, saved: Path) -> None:
    """Neither those made from roads nor those read from a file."""
    for network in (town.network, RoadNetwork.load(saved)):
        with pytest.raises(ValueError, match="read-only"):
            network.roads.segment_length_m[0] = 1.0


def test_a_file_cut_short_is_refused(saved: Path) -> None:
    """As after a full disk."""
    saved.write_bytes(saved.read_bytes()[:-10])

    with pytest.raises(NetworkFileError, match="cut short"):
        RoadNetwork.load(saved)


def test_an_altered_file_is_refused(saved: Path) -> None:
    """One flipped bit in the arrays."""
    content = bytearray(saved.read_bytes())
    content[-5] ^= 1
    saved.write_bytes(content)

    with pytest.raises(NetworkFileError, match="damaged"):
        RoadNetwork.load(saved)


def test_a_file_of_another_version_is_refused(saved: Path) -> None:
    """The message names both versions."""
    first, rest = saved.read_bytes().split(b"\n", 1)
    header = json.loads(first)
    header["version"] = 99
    saved.write_bytes(json.dumps(header).encode() + b"\n" + rest)

    with pytest.raises(NetworkFileError, match="version 99; this program reads 1"):
        RoadNetwork.load(saved)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"{}\n", b"[1]\n\0\0", b"\xff" * 2000])
def test_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty file, a zip, other JSON, noise."""
    path = tmp_path / "other"
    path.write_bytes(content)

    with pytest.raises(NetworkFileError):
        RoadNetwork.load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """With the path in the message."""
    with pytest.raises(NetworkFileError, match=r"nowhere\.roads"):
        RoadNetwork.load(tmp_path / "nowhere.roads")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("segment_to", np.array([1, 7], dtype=np.int32), id="node-unknown"),
        pytest.param("segment_length_m", np.array([100.0, np.nan]), id="length-not-a-number"),
        pytest.param("segment_length_m", np.array([100.0]), id="length-missing"),
        pytest.param("segment_forward_mps", np.array([0, 10], dtype=np.float32), id="speed-zero"),
        pytest.param("segment_name", np.array([0, 9], dtype=np.int32), id="name-unknown"),
        pytest.param("segment_class", np.array([0, 200], dtype=np.uint8), id="class-unknown"),
        pytest.param("restriction_path", np.array([0, 400]), id="rule-over-unknown-street"),
        pytest.param("restriction_path", np.array([2, 0]), id="rule-with-a-gap"),
        pytest.param("restriction_start", np.array([0, 1], dtype=np.int32), id="rule-too-short"),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(
    town: Town, name: str, value: NDArray[np.generic]
) -> None:
    """Nothing the engine would crash on becomes a network."""
    roads = draw(town.places, town.streets, rules=["no A B C"]).roads
    broken = replace(roads, **{name: value})  # type: ignore[arg-type]  # any of them

    with pytest.raises(NetworkError):
        RoadNetwork.from_roads(broken)


def test_the_order_is_kept_under_the_hash_of_the_network(town: Town, tmp_path: Path) -> None:
    """A second start finds it."""
    Router(town.network, cache_dir=tmp_path)

    assert [path.name.split("-")[0] for path in tmp_path.glob("*.order")] == [
        town.network.content_hash
    ]


@pytest.mark.parametrize("damage", ["cut short", "wrong order", "noise"])
def test_a_damaged_order_is_made_anew(town: Town, tmp_path: Path, damage: str) -> None:
    """A cache is never a reason not to start, and never reaches the engine unchecked."""
    Router(town.network, cache_dir=tmp_path)
    (cached,) = tmp_path.glob("*.order")
    whole = cached.read_bytes()
    other = draw({"A": (0.0, 0.0), "B": (100.0, 0.0)}, [street("A-B")])
    Router(other.network, cache_dir=tmp_path / "other")
    (wrong,) = (tmp_path / "other").glob("*.order")
    cached.write_bytes(
        {"cut short": whole[:-1], "wrong order": wrong.read_bytes(), "noise": b"\0\1"}[damage]
    )

    router = Router(town.network, cache_dir=tmp_path)

    origin, target = town.at(router, "A", "B", 0), town.at(router, "A", "B", 100)
    assert router.travel_times_to(origin, target) == pytest.approx([10.0])
    assert cached.read_bytes() == whole
