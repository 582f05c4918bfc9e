"""Write results as CSV or GeoJSON, to a file or to stdout."""

import csv
import io
import json
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.errors import ScriptError
from scripts.errors import UsageError

GEOJSON = frozenset({".geojson", ".json"})
TABLE = frozenset({".csv"})


def wanted_format(output: Path | None, otherwise: str) -> str:
    """Return ``"csv"`` or ``"geojson"`` by the suffix of the output file.

    Raises
    ------
    UsageError
        If it ends otherwise.
    """
    if output is None:
        return otherwise
    ending = output.suffix.lower()
    if ending in GEOJSON:
        return "geojson"
    if ending in TABLE:
        return "csv"
    message = f"{output}: the ending says what to write, .csv or .geojson."
    raise UsageError(message)


def as_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV; unknown values are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def as_collection(features: Sequence[dict[str, Any]]) -> str:
    """Return GeoJSON features as one collection."""
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n"


def put(text: str, output: Path | None) -> None:
    """Write a text to a file, or print it.

    Raises
    ------
    ScriptError
        If the file cannot be written.
    """
    if output is None:
        print(text, end="")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{output} cannot be written: {error.strerror}."
        raise ScriptError(message) from error
