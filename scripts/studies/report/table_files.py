"""Tables, layers and numbers of a report as files for other programs."""

import json
import math
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from dispatch.core.csv_lines import MARK
from dispatch.core.csv_lines import harmless
from dispatch.core.csv_lines import lines
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.report.pieces import Layer
from scripts.studies.report.pieces import Table
from scripts.studies.report.pieces import TableCell
from scripts.studies.report.text import Text

LEFT_OUT_FILE = "left_out.csv"
GEOPACKAGE_FILE = "study.gpkg"
_LEFT_OUT_COLUMNS = ("name", "where", "reason", "weight", "distance_m")


def write_tables(tables: Sequence[Table], folder: Path) -> list[Path]:
    """Write ``NAME.csv`` for each table: UTF-8 with a mark, cells that no spreadsheet runs."""
    return [
        _write_csv(folder / f"{table.name}.csv", [name for name, _ in table.columns], table.rows)
        for table in tables
    ]


def write_left_out(left_out: Sequence[LeftOut], folder: Path) -> Path:
    """Write the list of what does not count; the file is there, with its header, without any."""
    rows = [(one.name, one.where, one.reason, one.weight, one.distance_m) for one in left_out]
    return _write_csv(folder / LEFT_OUT_FILE, _LEFT_OUT_COLUMNS, rows)


def write_geopackage(layers: Sequence[Layer], folder: Path) -> list[Path]:
    """Write all layers that hold anything into one GeoPackage; no file without one."""
    file = folder / GEOPACKAGE_FILE
    file.unlink(missing_ok=True)
    filled = [layer for layer in layers if len(layer.frame)]
    for layer in filled:
        layer.frame.to_file(file, layer=layer.name, driver="GPKG", engine="pyogrio")
    return [file] if filled else []


def write_numbers(numbers: Mapping[str, object], folder: Path) -> Path:
    """Write the numbers of a study for programs; what is no finite number is null."""
    file = folder / "study.json"
    text = json.dumps(_finite(numbers), ensure_ascii=False, indent=2, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")
    return file


def _write_csv(file: Path, columns: Sequence[str], rows: Iterable[Sequence[TableCell]]) -> Path:
    cells = ([_cell(value) for value in row] for row in rows)
    file.write_text(MARK + lines([columns, *cells]), encoding="utf-8", newline="")
    return file


def _cell(value: TableCell) -> str:
    """Return a value as a cell: a negative number is a number, a text with a minus is made safe."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, Text):
        value = value.en
    return harmless(value) if isinstance(value, str) else str(value)


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "item"):  # a number of numpy
        return _finite(value.item())
    return value
