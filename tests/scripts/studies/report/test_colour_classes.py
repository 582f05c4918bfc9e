"""Colours of a layer: round limits, zero grey, no value apart."""

import numpy as np
import pandas as pd

from scripts.studies.report.colour_classes import NO_VALUE
from scripts.studies.report.colour_classes import classify


def test_numbers_fall_into_classes_with_round_limits() -> None:
    """A value on a limit belongs below it; good is blue, bad is red."""
    column = pd.Series(np.linspace(0.5, 29.5, 100))

    found = classify(column, high_is_good=False)
    turned = classify(column, high_is_good=True)

    assert [name.en for name in found.names] == [
        *("≤ 5", "5 – 10", "10 – 15", "15 – 20", "20 – 25", "> 25")
    ]
    assert found.of_feature.tolist() == sorted(found.of_feature.tolist())
    assert np.bincount(found.of_feature).sum() == 100
    assert (column[found.of_feature == 1].min(), column[found.of_feature == 1].max()) > (5.0, 0.0)
    assert column[found.of_feature == 1].max() <= 10.0
    assert found.colours == turned.colours[::-1]


def test_differences_are_grey_around_zero() -> None:
    """Also if nothing gets better."""
    column = pd.Series([0.0] * 50 + [1.0, 2.0, 3.0, 4.0])

    both = classify(pd.Series([-4.0, 0.0, 4.0]), high_is_good=False)
    worse = classify(column, high_is_good=False, around_zero=True)

    grey = both.colours[both.of_feature[1]]
    assert worse.colours[worse.of_feature[0]] == grey
    assert both.colours[both.of_feature[0]] != grey != both.colours[both.of_feature[2]]
    assert len(set(worse.of_feature[50:].tolist())) > 1


def test_few_values_make_a_class_each_and_none_is_the_last() -> None:
    """Infinity is no value either."""
    found = classify(pd.Series([5.0, np.inf, 10.0, np.nan, 5.0]), high_is_good=False)

    assert [name.en for name in found.names] == ["5", "10", NO_VALUE.en]
    assert found.of_feature.tolist() == [0, 2, 1, 2, 0]


def test_words_make_a_class_each_up_to_eight() -> None:
    """The rest are others."""
    words = [word for number, word in enumerate("abcdefghij") for _ in range(20 - number)]

    found = classify(pd.Series(words), high_is_good=False)

    assert [name.en for name in found.names] == [*"abcdefgh", "others"]
    assert found.of_feature[-1] == 8


def test_nothing_at_all_is_no_error() -> None:
    """A layer may hold features without a single number."""
    found = classify(pd.Series([np.nan, np.nan]), high_is_good=False)

    assert [name.en for name in found.names] == [NO_VALUE.en]
    assert found.of_feature.tolist() == [0, 0]
