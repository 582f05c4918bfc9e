"""Charts as PNG files and as drawings within the page."""

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl

from scripts.studies.report.chart_words import in_both
from scripts.studies.report.charts import families
from scripts.studies.report.pieces import Chart
from scripts.studies.report.text import Text

_DOTS_PER_INCH = 150
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_NAMESPACE = re.compile(r'\s(?:xmlns(?::\w+)?|version)="[^"]*"')
_SIZE = re.compile(r'(<svg\b[^>]*?)\swidth="[^"]*"', re.DOTALL)
_HEIGHT = re.compile(r'(<svg\b[^>]*?)\sheight="[^"]*"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that was written: its title, its PNG file, its SVG element."""

    title: Text
    file: Path
    svg: str


def write_charts(charts: Sequence[Chart], folder: Path) -> list[Drawing]:
    """Write ``NAME.png`` for each chart; return them with their drawings."""
    return [_write_chart(chart, folder / f"{chart.name}.png") for chart in charts]


def _write_chart(chart: Chart, file: Path) -> Drawing:
    text = io.StringIO()
    # The salt makes ids that repeat from run to run and differ between the charts of one page.
    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": chart.name,
        "font.family": list(families()),
        "path.simplify": True,
    }
    with mpl.rc_context(style), warnings.catch_warnings():
        # Where no font of the machine has a sign, the PNG shows a box; the page is right.
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        chart.figure.savefig(file, dpi=_DOTS_PER_INCH)
        chart.figure.savefig(text, format="svg", metadata={"Date": None})
    return Drawing(chart.title, file, in_both(_within_html(text.getvalue()), chart.words))


def _within_html(svg: str) -> str:
    """Return an SVG file as an element of a page: no prologue, no addresses, as wide as its box."""
    element = _METADATA.sub("", svg[svg.index("<svg") :])
    element = _NAMESPACE.sub("", element)
    return _HEIGHT.sub(r"\1", _SIZE.sub(r"\1", element, count=1), count=1).strip()
