"""Where simulated crews were: their drives along the roads, as tracks of a replay."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import numpy as np

from routing.errors import RoutingError
from routing.router import Router
from scripts.studies.inputs.points import FloatArray
from scripts.studies.simulation.crew_state import point_of
from scripts.studies.simulation.journal import Drive

_DIGITS: Final = 6


def track_of(
    drives: Sequence[Drive],
    post: FloatArray,
    lonlat: FloatArray,
    router: Router,
    window_s: tuple[float, float],
) -> list[list[float]]:
    """Return a crew's track: longitude, latitude, seconds after the beginning of the window.

    Each drive follows the fastest road at an even speed and ends when the simulation says. One that
    was broken off ends where the crew was by then, and the next begins there. Where no road leads,
    it is a straight line.

    Parameters
    ----------
    drives
        Of one crew, in the order in which they began.
    post
        Where it stands before the first of them, shape ``(2,)``.
    lonlat
        The places of the table.
    window_s
        From when to when it is asked for, seconds of the simulation.
    """
    since_s, until_s = window_s
    here, points, at_s = post, [post], [min(since_s, 0.0)]
    for number, drive in enumerate(drives):
        if drive.began_s > until_s:
            break
        left_s = drives[number + 1].began_s if number + 1 < len(drives) else np.inf
        ends_s = min(drive.ends_s, left_s)
        if ends_s < since_s:
            # Over before the window: only where it ended matters.
            here = lonlat[drive.to] if drive.ends_s <= left_s else here
            points, at_s = [here], [ends_s]
            continue
        begin = here if number else point_of(drive.begin, lonlat)
        line, times_s = _timed(router, begin, lonlat[drive.to], drive)
        points += [begin, *(_at(line, times_s, each) for each in _stops(times_s, drive, ends_s))]
        at_s += [drive.began_s, *_stops(times_s, drive, ends_s)]
        here = points[-1]
    points.append(here)
    at_s.append(max(until_s, at_s[-1]))
    return _within(np.array(points), np.array(at_s), since_s, until_s)


def _stops(times_s: FloatArray, drive: Drive, ends_s: float) -> list[float]:
    """Return the instants at which a drive has a point: its bends, and its end."""
    inside = times_s[(times_s > drive.began_s) & (times_s < ends_s)].tolist()
    return [*inside, ends_s]


def _timed(
    router: Router, begin: FloatArray, end: FloatArray, drive: Drive
) -> tuple[FloatArray, FloatArray]:
    """Return the line of a drive, and when each of its points is passed."""
    line = np.array([begin, end])
    # Where no road leads, or the crew is off every road, the straight line stays.
    with suppress(RoutingError):
        line = np.vstack([begin, router.route(tuple(begin), tuple(end)).line, end])
    steps = np.hypot(*(np.diff(line, axis=0) * [np.cos(np.radians(begin[1])), 1.0]).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    share = along / along[-1] if along[-1] > 0.0 else np.linspace(0.0, 1.0, len(line))
    return line, drive.began_s + share * (drive.ends_s - drive.began_s)


def _at(line: FloatArray, times_s: FloatArray, now_s: float) -> FloatArray:
    return np.array([np.interp(now_s, times_s, line[:, axis]) for axis in (0, 1)])


def _within(
    points: FloatArray, at_s: FloatArray, since_s: float, until_s: float
) -> list[list[float]]:
    """Return the part of a track that lies in the window, its ends put in."""
    inside = (at_s > since_s) & (at_s < until_s)
    times_s = np.concatenate([[since_s], at_s[inside], [until_s]])
    lon, lat = (np.interp(times_s, at_s, points[:, axis]) for axis in (0, 1))
    return [
        [round(east, _DIGITS), round(north, _DIGITS), round(now_s - since_s, 1)]
        for east, north, now_s in zip(lon.tolist(), lat.tolist(), times_s.tolist(), strict=True)
    ]
