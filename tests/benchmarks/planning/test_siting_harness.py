"""The benchmark of siting: its instance is the one that its seed draws, and it runs."""

import math

import numpy as np

from tests.benchmarks.planning.siting import QUICK
from tests.benchmarks.planning.siting import measure
from tests.benchmarks.planning.siting_instances import UNIFORM
from tests.benchmarks.planning.siting_instances import draw_uniform


def test_the_stored_instance_is_the_seed_s() -> None:
    """Nobody chose it."""
    drawn = draw_uniform()

    with np.load(UNIFORM) as stored:
        assert sorted(stored) == sorted(drawn)
        assert all(np.array_equal(stored[name], drawn[name]) for name in drawn)


def test_a_quick_run_measures_what_was_asked() -> None:
    """Small ones are proven, and nothing is measured twice."""
    found = measure(scale=QUICK)

    names = [result.name for result in found]
    assert len(set(names)) == len(names)
    proven = [result for result in found if "proven" in result.name]
    assert proven
    assert all(math.isfinite(result.value) for result in proven)
