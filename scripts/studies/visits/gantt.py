"""The day as a picture: one bar a crew, driving, working, break and emergency told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scripts.studies.report.charts import COLOURS
from scripts.studies.report.charts import new_chart
from scripts.studies.visits.day_clock import DayClock
from scripts.studies.visits.plans import Tour

_HOUR_S = 3600.0
_DRIVE, _WORK, _BREAK, _EMERGENCY = COLOURS[6], COLOURS[0], COLOURS[2], COLOURS[1]
_MOST_NAMED = 60  # more names than this are a grey mist


@dataclass(frozen=True, slots=True)
class EmergencyBar:
    """The emergency in the picture: whose bar it is in, and from when to when."""

    crew: str
    at_s: int
    arrive_s: float
    done_s: int


def draw_gantt(
    tours: Sequence[Tour], clock: DayClock, emergency: EmergencyBar | None = None
) -> Figure:
    """Return the picture of some tours, with an emergency as a bar of its own colour."""
    figure, axes = new_chart(9.0, max(2.4, 1.0 + 0.32 * len(tours)))
    named = sum(len(tour.visits) for tour in tours) <= _MOST_NAMED
    for row, tour in enumerate(tours):
        _draw_tour(axes, row, tour, named=named)
    if emergency is not None:
        row = next(row for row, tour in enumerate(tours) if tour.crew == emergency.crew)
        _bar(axes, row, emergency.at_s, emergency.arrive_s, _DRIVE, 0.24)
        _bar(axes, row, emergency.arrive_s, emergency.done_s, _EMERGENCY, 0.7)
        axes.axvline(emergency.at_s / _HOUR_S, color=_EMERGENCY, linewidth=1.0)
    axes.set_yticks(range(len(tours)), [tour.crew for tour in tours])
    axes.set_ylim(len(tours) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(lambda hour, _: clock.text(hour * _HOUR_S))
    return figure


def _draw_tour(axes: Axes, row: int, tour: Tour, *, named: bool) -> None:
    for stop in tour.stops:
        left_s = stop.arrive_s - stop.drive_s
        _bar(axes, row, left_s, stop.arrive_s, _DRIVE, 0.24)
        colour = _BREAK if stop.name is None else _WORK
        _bar(axes, row, stop.begin_s, stop.end_s, colour, 0.7)
        if named and stop.name is not None:
            middle = (stop.begin_s + stop.end_s) / 2 / _HOUR_S
            axes.text(middle, row, stop.name, ha="center", va="center", fontsize=6, color="white")
    home_s = tour.home_s - tour.home_drive_s
    _bar(axes, row, home_s, tour.home_s, _DRIVE, 0.24)


def _bar(axes: Axes, row: int, begin_s: float, end_s: float, colour: str, height: float) -> None:
    begin, width = begin_s / _HOUR_S, (end_s - begin_s) / _HOUR_S
    axes.barh(row, width, left=begin, height=height, color=colour)
