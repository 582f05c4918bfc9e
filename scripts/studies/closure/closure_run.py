"""What `nearcrew study closure` does: reads, studies, tells, writes."""

from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from time import perf_counter

from scripts.commands.progress import narrowing
from scripts.commands.progress import waiting
from scripts.errors import UsageError
from scripts.roads.route_commands import refusals
from scripts.studies.closure.closure_report import add_given
from scripts.studies.closure.closure_report import report_closures
from scripts.studies.closure.closure_study import study_closures
from scripts.studies.closure.given_closures import study_given
from scripts.studies.closure.losses import Measure
from scripts.studies.closure.street_pieces import ClosedAtOnce
from scripts.studies.inputs.closure_file import read_closures
from scripts.studies.report.pieces import TableCell
from scripts.studies.report.report import Report
from scripts.studies.report.text import Text
from scripts.studies.roads.asked_inputs import AskedInputs
from scripts.studies.roads.asked_inputs import input_words
from scripts.studies.roads.asked_inputs import read_inputs
from scripts.studies.roads.asked_inputs import tell_left_out

_MINUTE_S = 60.0
_TOLD = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for besides roads, posts and demand; see `closure_command`."""

    minutes: float
    turnout: float
    measure: Measure
    at_once: ClosedAtOnce
    count: int
    every: bool
    worst: float
    also: Path | None
    out: Path | None


def run(asked_inputs: AskedInputs, asked: Asked) -> None:
    """Study, tell the result in sentences, and write the report if a folder is given.

    Raises
    ------
    UsageError, DatabaseError, ScriptError
        If something that was asked for cannot be.
    """
    limit_s = (asked.minutes - asked.turnout) * _MINUTE_S
    if not limit_s > 0.0:
        message = "Minutes must be above zero, and above the turnout."
        raise UsageError(message, mend="--minutes 10")
    if not asked.worst >= asked.minutes - asked.turnout:
        message = "Minutes, less the turnout, must be at most the worst time that counts."
        raise UsageError(message, mend=f"--worst {max(60.0, asked.minutes):g}")
    closures = None if asked.also is None else read_closures(asked.also)
    inputs = read_inputs(asked_inputs)
    began = perf_counter()
    with narrowing("Closing streets") as progress, refusals():
        study = study_closures(
            inputs.roads,
            inputs.posts,
            inputs.demand,
            limit_s=limit_s,
            worst_s=asked.worst * _MINUTE_S,
            measure=asked.measure,
            at_once=asked.at_once,
            count=asked.count,
            every=asked.every,
            progress=progress,
        )
    seconds = perf_counter() - began
    turnout = (Text("Turnout, minutes", "出动时间（分钟）"), f"{asked.turnout:g}")
    conditions = [*input_words(asked_inputs, inputs), turnout]
    report = report_closures(study, seconds=seconds, conditions=conditions)
    if closures is not None and asked.also is not None:
        given = study_given(
            inputs.roads,
            inputs.posts,
            inputs.demand,
            closures,
            now=datetime.now(UTC),
            limit_s=limit_s,
            worst_s=asked.worst * _MINUTE_S,
        )
        add_given(report, study, given, asked.also)
    _tell(report)
    tell_left_out(report.left_out)
    if asked.out is not None:
        with waiting("Writing the report"):
            written = report.write(asked.out)
        print(f"Report: {written[0]}")


def _tell(report: Report) -> None:
    for text in report.summary:
        print(text.en)
    columns = [name for name, _ in report.tables[0].columns]
    at = {name: columns.index(name) for name in columns}
    for row in report.tables[0].rows[:_TOLD]:
        street, ends = (_english(row[at[name]]) for name in ("street", "between"))
        between = f" ({ends})" if ends else ""
        print(
            f"{row[at['rank']]:>4}  {street}{between}: loses cover "
            f"{row[at['loses_cover']]:,.10g}, added {row[at['added_hours']]:,.10g} h, "
            f"cut off {row[at['cut_off']]:,.10g}"
        )


def _english(cell: TableCell) -> TableCell:
    return cell.en if isinstance(cell, Text) else cell
