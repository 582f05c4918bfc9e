"""A recorded track as read from a file, and its times made whole."""

from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.line_geometry import piece_lengths_m
from scripts.errors import UsageError

# Of a file without times: about as far apart as a car comes.
_ASSUMED_MPS = 12.0
_LONGEST_STEP_S = 60.0
_MILLISECONDS_FROM = 1e11
_LATITUDE, _LONGITUDE = 90.0, 180.0


@dataclass
class TrackPoints:
    """Points of a track, as lists that a reader fills; NaN where the file says nothing."""

    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)
    accuracy_m: list[float] = field(default_factory=list)
    heading_deg: list[float] = field(default_factory=list)
    speed_mps: list[float] = field(default_factory=list)

    def add(self, where: str, texts: dict[str, str]) -> None:
        """Add one point.

        Parameters
        ----------
        where
            File and line, for errors.
        texts
            What is written by field: ``lon``, ``lat``, ``time``, ``accuracy_m``, ``heading_deg``
            and ``speed_mps``.

        Raises
        ------
        UsageError
            If the position is missing or none, or another field is no number.
        """
        lon, lat = (_number(where, name, texts.get(name, "")) for name in ("lon", "lat"))
        for name, value, most in (("lon", lon, _LONGITUDE), ("lat", lat, _LATITUDE)):
            if not abs(value) <= most:  # NaN compares false
                message = f"{where}: {name} {texts.get(name, '')!r} is nowhere on earth."
                raise UsageError(message)
        self.lon.append(lon)
        self.lat.append(lat)
        self.at_s.append(_instant_s(where, texts.get("time", "")))
        for name in ("accuracy_m", "heading_deg", "speed_mps"):
            text = texts.get(name, "")
            getattr(self, name).append(_number(where, name, text) if text else np.nan)


@dataclass(frozen=True)
class RecordedTrack:
    """A track that is ready to be matched.

    Attributes
    ----------
    lonlat, at_s
        Shapes ``(n, 2)`` and ``(n,)``; times in seconds since 1970.
    accuracy_m, heading_deg, speed_mps
        NaN where unknown, shape ``(n,)``.
    remarks
        What was assumed, in sentences.
    timed
        Whether the times are those of the file.
    """

    lonlat: FloatArray
    at_s: FloatArray
    accuracy_m: FloatArray
    heading_deg: FloatArray
    speed_mps: FloatArray
    remarks: tuple[str, ...]
    timed: bool


def as_recorded(points: TrackPoints, remarks: list[str]) -> RecordedTrack:
    """Return a track whose missing times are filled in."""
    lonlat = np.stack((np.array(points.lon), np.array(points.lat)), axis=1).reshape(-1, 2)
    at_s = np.array(points.at_s, dtype=np.float64)
    known = np.isfinite(at_s)
    timed = bool(known.any()) or not len(at_s)
    if not timed:
        step_s = _assumed_step_s(lonlat)
        remarks = [*remarks, f"It has no times: fixes are taken to be {step_s:.0f} s apart."]
        at_s = step_s * np.arange(len(at_s), dtype=np.float64)
    elif not known.all():
        missing = int((~known).sum())
        remarks = [*remarks, f"{missing} without a time are put between those around them."]
        at_s = _filled(at_s, known)
    return RecordedTrack(
        lonlat,
        at_s,
        np.array(points.accuracy_m, dtype=np.float64),
        np.array(points.heading_deg, dtype=np.float64),
        np.array(points.speed_mps, dtype=np.float64),
        tuple(remarks),
        timed,
    )


def _assumed_step_s(lonlat: FloatArray) -> float:
    if len(lonlat) < 2:  # noqa: PLR2004 - no step
        return 1.0
    usual_m = float(np.quantile(piece_lengths_m(lonlat), 0.75))
    return float(np.clip(np.ceil(usual_m / _ASSUMED_MPS), 1.0, _LONGEST_STEP_S))


def _filled(at_s: FloatArray, known: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> FloatArray:
    """Return times with those that are missing put between the known ones, by rank."""
    rank = np.arange(len(at_s), dtype=np.float64)
    filled = np.interp(rank, rank[known], at_s[known])
    first, last = np.flatnonzero(known)[[0, -1]]
    filled[:first] -= rank[first] - rank[:first]  # a second each, before and after all known ones
    filled[last + 1 :] += rank[last + 1 :] - rank[last]
    return np.asarray(filled)


def _number(where: str, name: str, text: str) -> float:
    if not text:
        message = f"{where}: {name} is missing."
        raise UsageError(message)
    try:
        return float(text)
    except ValueError:
        message = f"{where}: {name} {text[:40]!r} is not a number."
        raise UsageError(message) from None


def _instant_s(where: str, text: str) -> float:
    """Return seconds since 1970; NaN where nothing is written."""
    if not text:
        return np.nan
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        if np.isfinite(number):
            return number / 1000.0 if number > _MILLISECONDS_FROM else number
    try:
        at = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        message = f"{where}: time {text[:40]!r} is not an instant such as 2026-03-01T08:30:00Z."
        raise UsageError(message) from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
