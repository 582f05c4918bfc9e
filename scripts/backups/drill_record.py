"""What came of the last restore drill, kept beside the backups."""

import json
import os
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scripts.errors import DatabaseError

_FILE = "drill.json"


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill.

    Attributes
    ----------
    at
        When it ended.
    backup
        Name of the file that was restored.
    troubles
        What was wrong, in words; empty if nothing was.
    took_s
        How long restoring took: what to expect on the day when it counts.
    rows
        How many rows the restored database had.
    """

    at: datetime
    backup: str
    troubles: tuple[str, ...]
    took_s: float
    rows: int


def read_drill(folder: Path) -> Drill | None:
    """Return the last drill; None before the first.

    Raises
    ------
    DatabaseError
        If its record cannot be understood.
    """
    path = folder / _FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Drill(
            datetime.fromisoformat(content["at"]),
            str(content["backup"]),
            tuple(content["troubles"]),
            float(content["took_s"]),
            int(content["rows"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} cannot be read: {error}"
        raise DatabaseError(message, mend="nearcrew backup drill") from error


def write_drill(folder: Path, drill: Drill) -> None:
    """Keep what came of a drill."""
    fresh = folder / f".{_FILE}.{os.getpid()}"
    content = {**asdict(drill), "at": drill.at.isoformat()}
    fresh.write_text(json.dumps(content, indent=1), encoding="utf-8")
    fresh.replace(folder / _FILE)
