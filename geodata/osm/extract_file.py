"""Open and check an OpenStreetMap extract, with clear errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import osmium
import osmium.filter
import osmium.io

from geodata.errors import MissingExtractError
from geodata.errors import NotAnExtractError
from geodata.errors import TruncatedExtractError

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz")


def check_extract(path: Path) -> None:
    """Raise an error for a file that does not begin like an extract.

    Checked by its first bytes before osmium opens it, because osmium reports a wrong kind of file
    and a broken one of the right kind with the same error.

    Raises
    ------
    MissingExtractError
        If there is no such file.
    NotAnExtractError
        If name or first bytes are of something else.
    """
    if not path.is_file():
        raise MissingExtractError(path)
    if not path.name.endswith(SUFFIXES):
        raise NotAnExtractError(path, f"its name should end in one of {', '.join(SUFFIXES)}")
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise NotAnExtractError(path, "the file has no content at all")
    if path.name.endswith(".pbf"):
        right = head[4:32].find(b"OSMHeader") >= 0
    elif path.name.endswith(".bz2"):
        right = head.startswith(b"BZh")
    elif path.name.endswith(".gz"):
        right = head.startswith(b"\x1f\x8b")
    else:
        right = b"<osm" in head
    if not right:
        raise NotAnExtractError(path, "its content is something else than its name says")


@contextmanager
def extract_errors(path: Path) -> Iterator[None]:
    """Convert errors of osmium on a checked file to ``TruncatedExtractError``."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise TruncatedExtractError(path, "it holds text that is no UTF-8") from error
    except RuntimeError as error:
        if "top-level element" in str(error):
            raise NotAnExtractError(path, str(error)) from error
        raise TruncatedExtractError(path, str(error)) from error


def ways_and_relations(path: Path) -> osmium.FileProcessor:
    """Return a stream of all ways with a highway tag and all turn restrictions."""
    wanted = osmium.osm.WAY | osmium.osm.RELATION
    ways = osmium.filter.KeyFilter("highway")
    ways.enable_for(osmium.osm.WAY)
    restrictions = osmium.filter.TagFilter(("type", "restriction"))
    restrictions.enable_for(osmium.osm.RELATION)
    return osmium.FileProcessor(path, wanted).with_filter(ways).with_filter(restrictions)


def all_nodes(path: Path) -> osmium.FileProcessor:
    """Return a stream of all nodes.

    Not filtered by id: osmium's id filter keeps a bit for every id up to the largest, half a
    gigabyte for a small town with young nodes.
    """
    return osmium.FileProcessor(path, osmium.osm.NODE)


def holds_anything(path: Path) -> bool:
    """Return whether the extract holds any object."""
    with extract_errors(path):
        return next(iter(osmium.FileProcessor(path)), None) is not None


def declared_bounds(path: Path) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of the file header, None if it has none."""
    with extract_errors(path):
        reader = osmium.io.Reader(path, osmium.osm.NOTHING)
        box = reader.header().box()
        reader.close()
    if not (box.valid() and box.bottom_left.valid() and box.top_right.valid()):
        return None
    return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat
