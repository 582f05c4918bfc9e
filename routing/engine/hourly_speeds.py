"""Speed factors by road class and hour of the week, relative to free flow.

Nothing is claimed that is not known: without a table every factor is 1 and the hour makes no
difference. A table can be passed in or read from a small JSON file. Factors learned from the crews'
own tracks will come in where `edge_factors` does: one number per directed edge and hour.
"""

import json
import zoneinfo
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import tzinfo
from pathlib import Path
from typing import Any
from typing import Self

import numpy as np

from geodata.roads.types import ROAD_CLASSES
from routing.errors import SpeedTableError
from routing.network.arrays import FloatArray
from routing.network.road_network import RoadNetwork

HOURS_OF_WEEK = 168
_SLOWEST, _FASTEST = 0.05, 2.0
_DAYS, _HOURS = 7, 24


def _free_flow() -> FloatArray:
    return np.ones((len(ROAD_CLASSES), HOURS_OF_WEEK))


@dataclass(frozen=True, eq=False)
class SpeedTable:
    """Speed factors by road class and hour of the week.

    Attributes
    ----------
    factors
        Share of the free-flow speed that is driven, shape ``(16, 168)``: rows as in
        ``geodata.roads.types.ROAD_CLASSES``, column 0 is Monday 00:00 to 01:00 local time;
        0.05 to 2.
    time_zone
        IANA name of the time zone of the hours.
    """

    factors: FloatArray = field(default_factory=_free_flow)
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        """Check the factors and make them read-only.

        Raises
        ------
        SpeedTableError
            If the shape is another, a factor is impossible or the time zone unknown.
        """
        try:
            factors = np.array(self.factors, dtype=np.float64)
        except (TypeError, ValueError) as error:
            message = "speed factors must be numbers"
            raise SpeedTableError(message) from error
        if factors.shape != (len(ROAD_CLASSES), HOURS_OF_WEEK):
            message = f"expected {len(ROAD_CLASSES)} x {HOURS_OF_WEEK} speed factors, got shape "
            raise SpeedTableError(message + str(factors.shape))
        if not ((factors >= _SLOWEST) & (factors <= _FASTEST)).all():  # NaN compares false
            message = f"a speed factor must be {_SLOWEST} to {_FASTEST}"
            raise SpeedTableError(message)
        factors.flags.writeable = False
        object.__setattr__(self, "factors", factors)
        self._zone()

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Return the table of a JSON file; docs/routing.md describes the format.

        Raises
        ------
        SpeedTableError
            If the file cannot be read or holds something impossible.
        """
        try:
            written = json.loads(Path(path).read_text(encoding="utf-8"))
            factors = _free_flow()
            for rule in written.get("rules", []):
                _apply_rule(factors, rule)
            for name, hourly in written.get("hourly", {}).items():
                factors[_class_code(name)] = hourly
            time_zone = str(written["time_zone"])
        except OSError as error:
            message = f"cannot read {path}: {error.strerror}"
            raise SpeedTableError(message) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"{path} is not a table of speed factors: {error}"
            raise SpeedTableError(message) from error
        return cls(factors, time_zone)

    def hour_of_week(self, at: datetime) -> int:
        """Return which of the 168 hours an instant lies in; 0 is Monday 00:00 local time.

        Raises
        ------
        SpeedTableError
            If the instant has no time zone.
        """
        if at.tzinfo is None:
            message = "an instant must have a time zone"
            raise SpeedTableError(message)
        local = at.astimezone(self._zone())
        return local.weekday() * _HOURS + local.hour

    def column(self, at: datetime | None) -> tuple[float, ...]:
        """Return the factor of each road class at an instant; all 1 when none is given.

        Hours with equal columns share their weights: the column is the key they are kept under.
        """
        if at is None:
            return (1.0,) * len(ROAD_CLASSES)
        return tuple(self.factors[:, self.hour_of_week(at)].tolist())

    def _zone(self) -> tzinfo:
        if self.time_zone == "UTC":
            return UTC
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            message = f"no time zone {self.time_zone!r}"
            raise SpeedTableError(message) from error


def edge_factors(network: RoadNetwork, column: tuple[float, ...]) -> FloatArray:
    """Return the factor of each directed edge, shape ``(2m,)``, from those of the classes."""
    by_class = np.array(column)
    return np.repeat(by_class[network.roads.segment_class], 2)


def _class_code(name: str) -> int:
    if name not in ROAD_CLASSES:
        message = f"no road class {name!r}; there are {', '.join(ROAD_CLASSES)}"
        raise SpeedTableError(message)
    return ROAD_CLASSES.index(name)


def _apply_rule(factors: FloatArray, rule: dict[str, Any]) -> None:
    """Set the factor of some classes, on some days, from one hour until another."""
    classes = [_class_code(name) for name in rule["classes"]]
    days = rule.get("days", range(1, _DAYS + 1))
    first, last = int(rule["from_hour"]), int(rule["until_hour"])
    if not 0 <= first < last <= _HOURS:
        message = f"hours from {first} until {last} are not within one day"
        raise SpeedTableError(message)
    for day in days:
        if day not in range(1, _DAYS + 1):
            message = f"day {day!r} is not 1 (Monday) to 7 (Sunday)"
            raise SpeedTableError(message)
        monday = (day - 1) * _HOURS
        factors[classes, monday + first : monday + last] = float(rule["factor"])
