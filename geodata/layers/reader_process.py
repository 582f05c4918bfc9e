"""Read a layer file that somebody sent in a child process with limits, and take what it holds.

A file may be made to crash GDAL, to fill the memory or to take for ever: that ends the child. It is
handed no settings and no database. It writes what it has read as lines of JSON: the head, then the
attributes and the shape of each feature.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geodata.crs.datum import Datum
from geodata.layers.errors import LayerFileError
from geodata.layers.errors import LayerUploadError
from geodata.layers.errors import NoShapesError
from geodata.layers.errors import OffTheGlobeError
from geodata.layers.errors import UnknownCrsError
from geodata.layers.errors import WhichLayerError
from geodata.layers.features import FeatureFault
from geodata.layers.features import LayerFile
from geodata.layers.unpacking import lay_out

MOST_FEATURES = 300_000
_CHECKOUT = Path(__file__).resolve().parents[2]
_READ = "read.jsonl"
_LESS_URGENT = 10


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """How much one file may take: addresses, processor time, written bytes, time on the wall."""

    memory_bytes: int = 4_000_000_000
    cpu_s: int = 90
    written_bytes: int = 600_000_000
    wall_s: float = 150.0


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What the file itself does not say; see `layer_files.read_layer_file`."""

    layer: str | None = None
    crs: str | None = None
    datum: Datum = Datum.WGS84
    encoding: str | None = None


STANDARD_LIMITS = ReaderLimits()


def read_apart(
    content: bytes, name: str, how: HowToRead, limits: ReaderLimits = STANDARD_LIMITS
) -> LayerFile:
    """Return what a file holds that was sent under a name.

    Raises
    ------
    LayerUploadError
        Saying by its code what is wrong.
    """
    with tempfile.TemporaryDirectory(prefix="nearcrew-layer-") as made:
        folder = Path(made)
        path = lay_out(content, name, folder)
        asked = {"limits": asdict(limits), "path": str(path), "how": asdict(how)}
        try:
            done = subprocess.run(  # noqa: S603  (ourselves)
                [sys.executable, "-m", "geodata.layers.reader_process", json.dumps(asked)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=limits.wall_s,
                check=False,
                cwd=_CHECKOUT,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},
            )
        except subprocess.TimeoutExpired as error:
            code = "costly"
            raise LayerUploadError(code) from error
        if done.returncode != 0:
            code = "costly"
            raise LayerUploadError(code)
        return _taken(folder / _READ, name)


def _taken(path: Path, name: str) -> LayerFile:
    """Return what the child has read."""
    rows: list[dict[str, Any]] = []
    shapes: list[str] = []
    with path.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        if "error" in head:
            raise LayerUploadError(head["error"], **head["params"])
        for line in lines:
            attributes, shape = json.loads(line)
            rows.append(attributes)
            shapes.append(shape)
    return LayerFile(
        path=Path(name),
        attributes=tuple(head["attributes"]),
        crs=head["crs"],
        rows=rows,
        geometries=shapely.from_wkb(np.array(shapes, dtype=object)),
        empty=head["empty"],
        off=head["off"],
        mended=head["mended"],
        faults=tuple(FeatureFault(**each) for each in head["faults"]),
    )


def main() -> None:
    """Read, and write what was read."""
    asked = json.loads(sys.argv[1])
    _limit_this_process(ReaderLimits(**asked["limits"]))
    # The libraries are loaded within the limits, too.
    from geodata.layers.layer_files import read_layer_file  # noqa: PLC0415

    path, how = Path(asked["path"]), asked["how"] | {"datum": Datum(asked["how"]["datum"])}
    with (path.parent / _READ).open("w", encoding="utf-8") as written:
        try:
            found = read_layer_file(path, **how)
        except LayerFileError as error:
            code, params = _code_of(error)
            written.write(json.dumps({"error": code, "params": params}))
            return
        if len(found) > MOST_FEATURES:
            params = {"most": MOST_FEATURES}
            written.write(json.dumps({"error": "many", "params": params}))
            return
        head = {
            "attributes": found.attributes,
            "crs": found.crs,
            "empty": found.empty,
            "off": found.off,
            "mended": found.mended,
            "faults": [asdict(each) for each in found.faults],
        }
        written.write(json.dumps(head) + "\n")
        for feature in found.features():
            line = [feature.attributes, shapely.to_wkb(feature.shape, hex=True)]
            written.write(json.dumps(line) + "\n")


def _limit_this_process(limits: ReaderLimits) -> None:
    os.nice(_LESS_URGENT)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written_bytes, limits.written_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _code_of(error: LayerFileError) -> tuple[str, dict[str, object]]:
    """Return what a refusal is called, and what it names."""
    match error:
        case WhichLayerError(found=found):
            return "which_layer", {"found": ", ".join(found[:20])}
        case NoShapesError():
            return "no_shapes", {}
        case UnknownCrsError(named=named):
            return ("crs_missing" if named is None else "crs_unknown"), {}
        case OffTheGlobeError(crs=crs):
            return "off_the_globe", {"crs": crs}
        case _:
            return "unreadable", {}


if __name__ == "__main__":
    main()
