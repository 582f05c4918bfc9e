"""Whether a folder or file can be written, looked at before a study and not after it."""

import tempfile
from pathlib import Path

from scripts.errors import UsageError


def writable_folder(folder: Path | None) -> Path | None:
    """Return a folder that can be written, or made; nothing is left in it.

    Raises
    ------
    UsageError
        If it cannot: a study of an hour must not end with that.
    """
    if folder is not None:
        _try_out(folder, folder, "--out FOLDER")
    return folder


def writable_shards(folder: Path | None) -> Path | None:
    """Return a folder of shards that can be written, or made.

    Raises
    ------
    UsageError
        If it cannot.
    """
    if folder is not None:
        _try_out(folder, folder, "--shards FOLDER")
    return folder


def writable_file(file: Path | None) -> Path | None:
    """Return a file that can be written into its folder, which has to be there.

    Raises
    ------
    UsageError
        If it cannot.
    """
    if file is not None:
        if file.is_dir():
            message = f"{file} is a folder."
            raise UsageError(message, mend="Give the name of a file.")
        if not file.parent.exists():
            message = f"{file} cannot be written: there is no folder {file.parent}."
            raise UsageError(message, mend="Make the folder, or give another one.")
        _try_out(file, file.parent, "Give a file in another folder.")
    return file


def _try_out(wanted: Path, folder: Path, mend: str) -> None:
    """Write into the nearest folder that exists; rights alone do not tell (full or read-only)."""
    standing = folder.absolute()
    try:
        while not standing.exists():
            standing = standing.parent
        with tempfile.TemporaryFile(dir=standing):
            pass
    except OSError as error:
        message = f"{wanted} cannot be written: {error.strerror}."
        raise UsageError(message, mend=mend) from error
