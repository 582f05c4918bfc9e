"""Figures for the charts of reports, all in one style."""

from functools import cache

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a858f", "#4b3f72")
"""Okabe and Ito's, told apart by colour-blind eyes."""
_CHINESE = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Micro Hei")


def new_chart(width: float = 7.0, height: float = 3.6) -> tuple[Figure, Axes]:
    """Return an empty figure, inches, and its axes: light grid, no box, no backend but Agg.

    Texts within are few and short, and English: units, names, numbers. The page shows those of
    `chart_words` in Chinese, too; the picture file has one language. What the chart is stands in
    the report's title of it, in both.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_prop_cycle(color=COLOURS)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#d6dce1", linewidth=0.6)
    axes.set_axisbelow(True)
    return figure, axes


@cache
def families() -> tuple[str, ...]:
    """Return the font families for pictures: names of zones may be Chinese."""
    known = set(font_manager.get_font_names())
    return ("DejaVu Sans", *(name for name in _CHINESE if name in known))
