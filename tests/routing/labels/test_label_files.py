"""Files of labels: made once, shared, and never believed when damaged."""

from pathlib import Path

import numpy as np
import pytest

from routing.engine.edge_expansion import expand
from routing.labels import label_files
from routing.labels.label_files import LabelFiles
from routing.labels.topology import LabelTopology
from routing.network.array_file import map_arrays
from routing.network.array_file import read_arrays
from routing.network.array_file import write_arrays
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.drawing import draw
from tests.routing.drawing import street
from tests.routing.labels.by_labels import labels_of
from tests.routing.labels.by_labels import matrix_by_labels
from tests.routing.random_towns import snapped


@pytest.fixture(scope="module")
def block() -> RoadNetwork:
    """Return a block with one one-way street."""
    corners = {"A": (0.0, 100.0), "B": (100.0, 100.0), "C": (100.0, 0.0), "D": (0.0, 0.0)}
    return draw(corners, [street("A>B"), street("B-C"), street("C-D"), street("D-A")]).network


def _made(folder: Path) -> dict[str, int]:
    return {
        path.name: path.stat().st_ino
        for path in folder.iterdir()
        if path.suffix in {".labels", ".metric"}
    }


def test_a_second_worker_maps_what_the_first_one_made(block: RoadNetwork, tmp_path: Path) -> None:
    """Each profile has a topology and a metric; answers are equal."""
    first, second = Router(block, cache_dir=tmp_path), Router(block, cache_dir=tmp_path)
    places = snapped(first, [(0, 3.0), (2, 4.0), (5, 1.0)])

    found_s = matrix_by_labels(first, places, places)
    before = _made(tmp_path)
    again_s = matrix_by_labels(second, places, places)
    rescue_s = matrix_by_labels(second.under(profile="emergency"), places, places)

    assert len(before) == 2
    assert before.items() <= _made(tmp_path).items()
    assert len(_made(tmp_path)) == 4
    np.testing.assert_array_equal(again_s, found_s)
    np.testing.assert_array_equal(found_s, Router(block).matrix(places, places))
    np.testing.assert_array_equal(
        rescue_s, Router(block, profile="emergency").matrix(places, places)
    )


def test_closures_of_one_worker_are_not_in_the_shared_file(
    block: RoadNetwork, tmp_path: Path
) -> None:
    """Pages are shared until they are written to."""
    one, other = Router(block, cache_dir=tmp_path), Router(block, cache_dir=tmp_path)
    metrics = labels_of(one)._metric, labels_of(other)._metric
    before = metrics[1].upwards.copy()
    arc_ms = one._search.weights.arc_ms.copy()
    arc_ms[metrics[0].topology.road_arc] = 7

    changed = metrics[0].apply(arc_ms)

    assert changed
    assert not np.array_equal(metrics[0].upwards, before)
    np.testing.assert_array_equal(metrics[1].upwards, before)
    np.testing.assert_array_equal(
        labels_of(Router(block, cache_dir=tmp_path))._metric.upwards, before
    )


@pytest.mark.parametrize("suffix", [".labels", ".metric"])
@pytest.mark.parametrize("damage", ["cut short", "altered", "empty", "foreign"])
def test_a_damaged_file_is_made_anew(
    block: RoadNetwork, tmp_path: Path, suffix: str, damage: str
) -> None:
    """The compiled loops check no bounds: a wrong number in a file could end the process."""
    router = Router(block, cache_dir=tmp_path)
    places = snapped(router, [(0, 3.0), (2, 4.0)])
    expected_s = matrix_by_labels(router, places, places)
    (path,) = tmp_path.glob(f"*{suffix}")
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut short": whole[:-3],
            "altered": whole[:-3] + b"\x7f\x7f\x7f",
            "empty": b"",
            "foreign": b"something else\n",
        }[damage]
    )

    actual_s = matrix_by_labels(Router(block, cache_dir=tmp_path), places, places)

    np.testing.assert_array_equal(actual_s, expected_s)
    assert path.read_bytes() == whole


def test_only_the_latest_metrics_are_kept(block: RoadNetwork, tmp_path: Path) -> None:
    """As there is one for each hour of the week, the disk would fill up."""
    expansion, order = expand(block), np.arange(len(expand(block).state_edge))
    files = LabelFiles(block.content_hash, order, tmp_path)
    usable = np.ones(len(expansion.arc_to), dtype=np.bool_)
    topology = LabelTopology.build(expansion, order, usable)
    (tmp_path / "another-network.metric").write_bytes(b"")

    for hour in range(label_files._METRICS_KEPT + 3):
        files.metric("key", topology, np.full(len(usable), 1000 + hour))

    assert len(_made(tmp_path)) == label_files._METRICS_KEPT + 1
    assert (tmp_path / "another-network.metric").exists()


def test_a_folder_that_cannot_be_written_costs_the_sharing_only(
    block: RoadNetwork, tmp_path: Path
) -> None:
    """Labels are made in memory, and the answers are the same."""
    order = np.arange(len(expand(block).state_edge))
    (tmp_path / "file").write_bytes(b"")
    files = LabelFiles(block.content_hash, order, tmp_path / "file")
    usable = np.ones(len(expand(block).arc_to), dtype=np.bool_)

    topology = files.topology("key", lambda: LabelTopology.build(expand(block), order, usable))
    metric = files.metric("key", topology, np.full(len(usable), 1000))

    assert metric.upwards.min() <= 1000


def test_mapped_arrays_are_aligned_and_what_is_written_to_them_stays_here(tmp_path: Path) -> None:
    """Whatever the length of the header; without leave to write there is no writing."""
    arrays = {"small": np.arange(3, dtype=np.int32), "numbers": np.arange(5, dtype=np.int32)}
    for name in ("a", "ab", "abc"):
        path = tmp_path / name
        write_arrays(path, kind=name, version=1, arrays=arrays)

        mapped, _ = map_arrays(path, kind=name, version=1)
        own, _ = map_arrays(path, kind=name, version=1, writable=True)
        own["numbers"][:] = 9

        assert mapped["numbers"].flags.aligned
        assert not mapped["numbers"].flags.writeable
        for found in (mapped, read_arrays(path, kind=name, version=1)[0]):
            np.testing.assert_array_equal(found["numbers"], arrays["numbers"])
            np.testing.assert_array_equal(found["small"], arrays["small"])
