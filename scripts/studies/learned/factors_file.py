"""The file of speed factors, as `NEARCREW_SPEEDS` reads it, with what each factor rests on."""

import json
from pathlib import Path
from typing import Any

from dispatch.driven_tracks.hour_bands import BANDS
from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from scripts.errors import UsageError
from scripts.studies.learned.factor_fit import FittedFactors


def write_factors(fitted: FittedFactors, time_zone: str, file: Path) -> Path:
    """Write the factors; return the file.

    Readers of the format (`routing.engine.hourly_speeds`) take no notice of the fields in addition:
    ``drives`` and the 90 % interval ``low`` to ``high``. A class with too few drives gets 1.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    written = {"time_zone": time_zone, "rules": rules_of(fitted)}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}."
        raise UsageError(message, mend="--out FOLDER") from error
    SpeedTable.load(file)  # as the service will
    return file


def rules_of(fitted: FittedFactors) -> list[dict[str, Any]]:
    """Return the rules: a class with enough drives by bands of hours, any other as 1."""
    rules: list[dict[str, Any]] = []
    for at, name in enumerate(ROAD_CLASSES):
        if not fitted.enough[at]:
            whole = {"classes": [name], "from_hour": 0, "until_hour": 24, "factor": 1.0}
            rules.append({**whole, "drives": int(fitted.class_drives[at])})
            continue
        rules += [
            {
                "classes": [name],
                "days": list(band.days),
                "from_hour": band.from_hour,
                "until_hour": band.until_hour,
                "factor": round(float(fitted.factor[at, column]), 3),
                "low": round(float(fitted.low[at, column]), 3),
                "high": round(float(fitted.high[at, column]), 3),
                "drives": int(fitted.drives[at, column]),
            }
            for column, band in enumerate(BANDS)
        ]
    return rules
