"""Read and write arrays in one file with kind, version and checksum.

The file is a line of JSON (kind, version, checksum, where each array lies) and the raw arrays after
it. Nothing in it is executed on reading, and arrays come back read-only.
"""

import hashlib
import json
import mmap
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.errors import NetworkFileError

_MAGIC = "nearcrew-arrays"
_ALIGNMENT = 64
_LONGEST_HEADER = 1 << 20


def write_arrays(
    path: Path,
    *,
    kind: str,
    version: int,
    arrays: Mapping[str, NDArray[Any]],
    notes: Mapping[str, Any] | None = None,
) -> None:
    """Write arrays beside ``path`` and move them into place, so a reader never sees half a file.

    Parameters
    ----------
    path
        Where to; an existing file is replaced.
    kind, version
        What it is; `read_arrays` must be given the same.
    arrays
        Plain number or bool arrays by name.
    notes
        Anything that JSON can hold, kept in the header.
    """
    payload = bytearray()
    places: dict[str, dict[str, Any]] = {}
    for name, array in arrays.items():
        payload += b"\0" * (-len(payload) % _ALIGNMENT)
        places[name] = {"dtype": array.dtype.str, "shape": array.shape, "at": len(payload)}
        payload += np.ascontiguousarray(array).tobytes()
    header = {
        "magic": _MAGIC,
        "kind": kind,
        "version": version,
        "bytes": len(payload),
        "sha256": hashlib.sha256(payload).hexdigest(),
        "arrays": places,
        "notes": dict(notes or {}),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            line = json.dumps(header).encode()
            # Filled up, so that arrays are aligned where the file is mapped into memory.
            file.write(line + b" " * (-(len(line) + 1) % _ALIGNMENT) + b"\n")
            file.write(payload)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_arrays(
    path: Path, *, kind: str, version: int
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays of a file written by `write_arrays`.

    Returns
    -------
    arrays, notes
        The arrays, read-only, and the notes of the header.

    Raises
    ------
    NetworkFileError
        If the file cannot be read, is something else, of another version, cut short or altered.
    """
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST_HEADER)
            payload = file.read()
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise NetworkFileError(message) from error
    return _arrays_in(path, _header(path, first), payload, kind, version)


def map_arrays(
    path: Path, *, kind: str, version: int, writable: bool = False
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays of a file without reading them in: processes share its pages.

    Parameters
    ----------
    path, kind, version
        As `read_arrays`.
    writable
        Whether the arrays may be written to: what is written stays in this process.

    Returns
    -------
    arrays, notes
        As `read_arrays`.

    Raises
    ------
    NetworkFileError
        As `read_arrays`.
    """
    access = mmap.ACCESS_COPY if writable else mmap.ACCESS_READ
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=access)
    except (OSError, ValueError) as error:  # ValueError: an empty file
        message = f"cannot read {path}: {error}"
        raise NetworkFileError(message) from error
    first = mapped.readline()
    payload = memoryview(mapped)[len(first) :]
    return _arrays_in(path, _header(path, first), payload, kind, version)


def _arrays_in(
    path: Path, header: dict[str, Any], payload: bytes | memoryview, kind: str, version: int
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays after a header, if all is intact."""
    if header.get("kind") != kind:
        message = f"{path} holds {header.get('kind')!r}, not {kind!r}"
        raise NetworkFileError(message)
    if header.get("version") != version:
        message = f"{path} is of version {header.get('version')}; this program reads {version}"
        raise NetworkFileError(message)
    try:
        whole = len(payload) == header["bytes"]
        intact = whole and hashlib.sha256(payload).hexdigest() == header["sha256"]
        if intact:
            arrays = {
                name: np.frombuffer(
                    payload,
                    dtype=np.dtype(place["dtype"]),
                    count=int(np.prod(place["shape"], dtype=np.int64)),
                    offset=place["at"],
                ).reshape(place["shape"])
                for name, place in header["arrays"].items()
            }
            return arrays, dict(header["notes"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"{path} has a damaged header"
        raise NetworkFileError(message) from error
    message = f"{path} is {'damaged' if whole else 'cut short'}: write it again"
    raise NetworkFileError(message)


def _header(path: Path, line: bytes) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("magic") != _MAGIC:
        message = f"{path} was not written by this program, or its beginning is damaged"
        raise NetworkFileError(message)
    return header
