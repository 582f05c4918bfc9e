"""A layer file out of what somebody sent: known by its content, unpacked within limits.

GDAL opens whatever it recognises, also files that name others on this machine. So a file is taken
by its first bytes, as one of three formats, and lies alone in a folder when GDAL is given it.
"""

import shutil
import zipfile
from pathlib import Path

from geodata.layers.errors import LayerUploadError

MOST_UNPACKED_BYTES = 400_000_000
MOST_FILES = 200
_ZIP, _SQLITE, _SHAPES = b"PK\x03\x04", b"SQLite format 3\x00", b"\x00\x00\x27\x0a"
_MARK = b"\xef\xbb\xbf"
_BESIDE_SHAPES = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_PIECE = 1 << 20


def lay_out(content: bytes, name: str, folder: Path) -> Path:
    """Write what was sent into an empty folder, and return the file to read.

    Raises
    ------
    LayerUploadError
        ``unreadable`` if it is none of the formats, ``bomb`` if it unpacks to too much,
        ``several`` if an archive holds several files.
    """
    stem = "".join(each if each.isalnum() else "_" for each in Path(name).stem)[:40] or "file"
    if content.startswith(_ZIP):
        return _unpacked(content, folder, stem)
    path = folder / f"{stem}{_ending(content)}"
    path.write_bytes(content)
    return path


def _ending(content: bytes) -> str:
    """Return the ending of a file's format."""
    if content.startswith(_SQLITE):
        return ".gpkg"
    if content.removeprefix(_MARK).lstrip()[:1] == b"{":
        return ".geojson"
    if content.startswith(_SHAPES):
        code = "alone"
        raise LayerUploadError(code)
    code = "unreadable"
    raise LayerUploadError(code)


def _unpacked(content: bytes, folder: Path, stem: str) -> Path:
    archive = folder / "sent.zip"
    archive.write_bytes(content)
    try:
        with zipfile.ZipFile(archive) as packed:
            files = [each for each in packed.infolist() if not each.is_dir()]
            _refuse_bombs(files)
            by_kind = _by_kind(files)
            for each in by_kind:
                # Python's reader stops at the size that the directory says, which was summed up.
                target = folder / f"{stem}{Path(each.filename).suffix.lower()}"
                with packed.open(each) as source, target.open("wb") as written:
                    shutil.copyfileobj(source, written, _PIECE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        code = "unreadable"
        raise LayerUploadError(code) from error
    finally:
        archive.unlink()
    path = next(path for path in folder.iterdir() if path.suffix in {".shp", ".gpkg", ".geojson"})
    if path.suffix != ".shp":
        with path.open("rb") as opened:
            head = opened.read(_PIECE)
        if _ending(head) != path.suffix:
            code = "unreadable"
            raise LayerUploadError(code)
    return path


def _refuse_bombs(files: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(each.file_size for each in files)
    if len(files) > MOST_FILES or unpacked > MOST_UNPACKED_BYTES:
        code = "bomb"
        raise LayerUploadError(code, most=MOST_UNPACKED_BYTES // 1_000_000)


def _by_kind(files: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the files of the one layer file that an archive holds.

    Raises
    ------
    LayerUploadError
        If it holds none, or several.
    """
    listed = [each for each in files if not Path(each.filename).name.startswith((".", "__MACOSX"))]
    main = [
        each
        for each in listed
        if Path(each.filename).suffix.lower() in {".shp", ".gpkg", ".geojson", ".json"}
    ]
    if len(main) != 1:
        code = "several" if main else "unreadable"
        found = ", ".join(Path(each.filename).name for each in main[:10])
        raise LayerUploadError(code, found=found)
    (only,) = main
    if Path(only.filename).suffix.lower() == ".json":
        only.filename = f"{Path(only.filename).stem}.geojson"
        return [only]
    if Path(only.filename).suffix.lower() != ".shp":
        return [only]
    base = Path(only.filename).with_suffix("")
    return [
        each
        for each in listed
        if Path(each.filename).with_suffix("") == base
        and Path(each.filename).suffix.lower() in _BESIDE_SHAPES
    ]
