"""A report of one study, put together piece by piece and written into one folder."""

from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from pyogrio.errors import DataSourceError

from routing.network.road_network import RoadNetwork
from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.report.chart_files import write_charts
from scripts.studies.report.page import Page
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import Chart
from scripts.studies.report.pieces import Layer
from scripts.studies.report.pieces import Table
from scripts.studies.report.table_files import write_geopackage
from scripts.studies.report.table_files import write_left_out
from scripts.studies.report.table_files import write_numbers
from scripts.studies.report.table_files import write_tables
from scripts.studies.report.text import Text

__all__ = ["Cell", "Chart", "Layer", "Report", "Table"]


@dataclass(eq=False)
class Report:
    """What a study found.

    ``summary`` holds the few sentences that matter, the most important first; ``assumptions`` what
    was taken for granted (profile, hour, speeds, limits, seeds), so that the study can be done
    again.
    """

    name: str
    title: Text
    summary: list[Text] = field(default_factory=list)
    assumptions: list[tuple[Text, str | Text]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    demand: float | None = None
    """All demand that was read, left out or not; None where there is none."""
    tiles: list[tuple[Text, str]] = field(default_factory=list)
    """Up to six figures that stand large at the top: what it is, and the figure with its unit."""
    numbers: dict[str, Cell] = field(default_factory=dict)
    """The results for programs, in ``study.json``; names carry their unit."""
    roads: RoadNetwork | None = None
    """The streets that are drawn below the layers; None: the layers alone."""

    def write(self, folder: Path) -> list[Path]:
        """Write all files into a folder, made if missing; return them, ``report.html`` first.

        ``NAME.csv`` for each table, ``NAME.png`` for each chart, ``study.gpkg`` with the layers,
        ``left_out.csv``, ``study.json`` with the numbers, and ``report.html``, which holds all that
        is to be looked at and needs no other file and no network.

        Raises
        ------
        UsageError
            If the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            drawings = write_charts(self.charts, folder)
            files = [
                *write_tables(self.tables, folder),
                *(drawing.file for drawing in drawings),
                *write_geopackage(self.layers, folder),
                write_left_out(self.left_out, folder),
                write_numbers(self._as_numbers(), folder),
            ]
            page = folder / "report.html"
            page.write_text(
                Page(
                    title=self.title,
                    tiles=self.tiles,
                    summary=self.summary,
                    assumptions=self.assumptions,
                    tables=self.tables,
                    drawings=drawings,
                    layers=self.layers,
                    left_out=self.left_out,
                    demand=self.demand,
                    roads=self.roads,
                    files=[file.name for file in files],
                ).as_html(),
                encoding="utf-8",
            )
        except (OSError, DataSourceError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            message = f"{folder} cannot be written: {reason}."
            raise UsageError(message, mend="--out FOLDER") from error
        return [page, *files]

    def _as_numbers(self) -> dict[str, object]:
        lost = sum(one.weight for one in self.left_out)
        return {
            "study": self.name,
            "numbers": self.numbers,
            "summary": [text._asdict() for text in self.summary],
            "assumptions": {
                name.en: value.en if isinstance(value, Text) else value
                for name, value in self.assumptions
            },
            "demand": self.demand,
            "left_out": {"rows": len(self.left_out), "demand": lost},
        }
