"""Crews of a simulation: from a table, or so many at each post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from datetime import tzinfo
from pathlib import Path
from typing import Final

import numpy as np

from scripts.errors import UsageError
from scripts.roads.places_file import read_text
from scripts.roads.places_file import rows_of
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.reading import Reading
from scripts.studies.inputs.reading import read_points
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.scenario import Span

_SEPARATOR: Final = ";"
DailyHours = tuple[time, time]


@dataclass(frozen=True, slots=True)
class CrewPlan:
    """A crew as it is planned: post, skills, and daily hours by the clock.

    Attributes
    ----------
    post
        Row of the posts.
    shifts, breaks
        From–until, each day; the end may be past midnight. No shift: always on duty.
    """

    name: str
    post: int
    skills: frozenset[str] = frozenset()
    shifts: tuple[DailyHours, ...] = ()
    breaks: tuple[DailyHours, ...] = ()

    def over(self, begin: datetime, length_s: float, zone: tzinfo) -> SimulatedCrew:
        """Return the crew with its hours over a period, in seconds after the beginning."""
        return SimulatedCrew(
            self.name,
            self.post,
            self.skills,
            _spans(self.shifts, begin, length_s, zone),
            _spans(self.breaks, begin, length_s, zone),
        )


def read_crews(file: Path, how: Reading | None = None) -> tuple[Points, list[CrewPlan]]:
    """Return posts and crews of a table: ``name, lon, lat``, and what else is known.

    ``skills``, separated by semicolons; ``shifts`` and ``breaks``, such as ``06:00-14:00`` or
    ``22:00-06:00;12:00-12:30``, every day by the clock of the study's time zone. A row is a crew.

    Raises
    ------
    UsageError
        If a row cannot be read: a crew that is left out in silence would change everything.
    """
    wanted = how or Reading()
    points = read_points(file, Reading(wanted.crs, wanted.layer, strict=True))
    if file.suffix.lower() not in {".csv", ".tsv", ".txt"}:
        plans = [CrewPlan(name, row) for row, name in enumerate(points.names)]
    else:
        plans = [
            CrewPlan(
                points.names[row],
                row,
                frozenset(_parts(cells.get("skills", ""))),
                tuple(_hours(where, each) for each in _parts(cells.get("shifts", ""))),
                tuple(_hours(where, each) for each in _parts(cells.get("breaks", ""))),
            )
            for row, (where, cells) in enumerate(rows_of(file, read_text(file)))
        ]
    posts, of_crew = distinct_places(points)
    return posts, [
        CrewPlan(each.name, of_crew[each.post], each.skills, each.shifts, each.breaks)
        for each in plans
    ]


def crews_at(posts: Points, skills: frozenset[str] = frozenset()) -> list[CrewPlan]:
    """Return as many crews at each post as its weight says, all with the same skills.

    Raises
    ------
    UsageError
        If a weight is no whole number.
    """
    plans = []
    for row, (name, weight) in enumerate(zip(posts.names, posts.weights.tolist(), strict=True)):
        if weight != int(weight):
            message = f"Post {name} has a weight of {weight:g}: crews come in whole numbers."
            raise UsageError(message)
        count = int(weight)
        plans += [
            CrewPlan(name if count == 1 else f"{name} {number + 1}", row, skills)
            for number in range(count)
        ]
    return plans


def distinct_places(points: Points) -> tuple[Points, list[int]]:
    """Return the places of crews, each once, and which is whose."""
    spots, first, of_each = np.unique(points.lonlat, axis=0, return_index=True, return_inverse=True)
    names = tuple(points.names[row] for row in first.tolist())
    return Points(names, spots, np.ones(len(spots))), of_each.ravel().tolist()


def _parts(text: str) -> list[str]:
    return [each.strip() for each in text.split(_SEPARATOR) if each.strip()]


def _hours(where: str, text: str) -> DailyHours:
    try:
        begin, end = (time.fromisoformat(each.strip()) for each in text.split("-"))
    except ValueError:
        message = f"{where}: {text!r} is no part of a day."
        raise UsageError(
            message, mend="Write 06:00-14:00; several with a semicolon between."
        ) from None
    return begin, end


def _spans(
    hours: Sequence[DailyHours], begin: datetime, length_s: float, zone: tzinfo
) -> tuple[Span, ...]:
    """Return daily hours as seconds after a beginning, as far as a period reaches."""
    first = begin.astimezone(zone).date() - timedelta(days=1)
    days = int(length_s // 86_400) + 3
    found = []
    for number in range(days):
        for opens, closes in hours:
            since = _instant(first + timedelta(days=number), opens, zone)
            until = _instant(first + timedelta(days=number), closes, zone)
            if closes <= opens:
                until = _instant(first + timedelta(days=number + 1), closes, zone)
            span = (since - begin).total_seconds(), (until - begin).total_seconds()
            if span[1] > 0.0 and span[0] < length_s:
                found.append(span)
    return tuple(sorted(found))


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
