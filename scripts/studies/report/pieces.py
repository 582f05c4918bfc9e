"""Pieces of a report: tables, charts, layers of its map."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas
from matplotlib.figure import Figure

from scripts.studies.report.text import Text

Cell = str | int | float | None
TableCell = Cell | Text
"""A text in both languages stands in English in files for programs."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: also the file ``NAME.csv``, whose header are the columns' names."""

    name: str
    title: Text
    columns: Sequence[tuple[str, Text]]
    rows: Sequence[Sequence[TableCell]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: also the file ``NAME.png``; drawn on a figure of `charts.new_chart`, at best.

    ``words`` are those within the figure that `chart_words.CHINESE` does not have: names of rules.
    """

    name: str
    title: Text
    figure: Figure
    words: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the map, and of the GeoPackage; later layers of a report lie above earlier ones.

    Attributes
    ----------
    frame
        Points, lines or areas, with a CRS.
    colour_by
        A column of numbers from which colours are taken, or None: one colour. Where some numbers
        are below and some above zero, zero is grey, less blue and more red. Words make a colour
        each, up to eight of them.
    labelled_by
        The column that is shown when a feature is pointed at.
    legend
        What the numbers of ``colour_by`` are, with their unit; None: the column's name.
    high_is_good
        Whether great numbers get the good colours (blue) instead of the bad ones (red).
    shown
        Whether the layer is switched on when the page opens.
    around_zero
        Whether zero is grey even if all numbers lie on one side of it: differences.
    no_value
        What a missing or infinite number means: nobody comes; None: "none".
    colour
        Of a layer of one colour, as ``#rrggbb``; None: the next of a list.
    """

    name: str
    title: Text
    frame: geopandas.GeoDataFrame
    colour_by: str | None = None
    labelled_by: str | None = None
    legend: Text | None = None
    high_is_good: bool = False
    shown: bool = True
    colour: str | None = None
    around_zero: bool = False
    no_value: Text | None = None
