"""A bad file is told from a good one, in words that say what is wrong."""

import bz2
from pathlib import Path

import pytest

from geodata.errors import EmptyExtractError
from geodata.errors import GroundError
from geodata.errors import MissingExtractError
from geodata.errors import NoRoadsError
from geodata.errors import NotAnExtractError
from geodata.errors import TruncatedExtractError
from geodata.osm.road_reader import read_roads
from tests.geodata.street_map import StreetMap

EMPTY = b'<?xml version="1.0"?><osm version="0.6"></osm>'


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.osm.pbf", b"", NotAnExtractError),
        ("letter.osm.pbf", b"Dear customer, your file was not found. " * 50, NotAnExtractError),
        ("page.osm", b"<!DOCTYPE html><html><body>404</body></html>", NotAnExtractError),
        ("track.osm", b'<?xml version="1.0"?><gpx>about <osm></gpx>', NotAnExtractError),
        ("plain.osm.bz2", EMPTY, NotAnExtractError),
        ("city.zip", b"PK\x03\x04", NotAnExtractError),
        ("empty.osm", EMPTY, EmptyExtractError),
        ("empty.osm.bz2", bz2.compress(EMPTY), EmptyExtractError),
        ("cut.osm", EMPTY[:-6] + b'<node id="1" lon="7"', TruncatedExtractError),
        ("cut.osm.bz2", bz2.compress(EMPTY)[:30], TruncatedExtractError),
        (
            "point.osm",
            EMPTY.replace(b"></osm", b'><node id="1" version="1" lon="7" lat="43"/></osm'),
            NoRoadsError,
        ),
    ],
)
def test_each_kind_of_bad_file_has_its_own_refusal(
    tmp_path: Path, name: str, content: bytes, error: type[GroundError]
) -> None:
    """The message names the file, so that it can be found."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(error, match=name):
        read_roads(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    """Not "not an extract": the name is mistyped."""
    with pytest.raises(MissingExtractError):
        read_roads(tmp_path / "none.osm.pbf")


def test_a_folder_is_no_extract(tmp_path: Path) -> None:
    """Typed with the completion key half pressed."""
    with pytest.raises(MissingExtractError):
        read_roads(tmp_path)


def test_footpaths_alone_are_no_roads(tmp_path: Path) -> None:
    """An extract of a park holds nothing to drive on."""
    park = StreetMap("A B", {"AB": {"highway": "footway"}}).write(tmp_path / "park.osm")

    with pytest.raises(NoRoadsError):
        read_roads(park)


def test_streets_without_their_nodes_are_no_roads(tmp_path: Path) -> None:
    """Some exports hold ways and leave the nodes out."""
    drawn = StreetMap("", {"AB": {"highway": "primary"}}).write(tmp_path / "ways.osm")

    with pytest.raises(NoRoadsError):
        read_roads(drawn)


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.9])
def test_a_download_that_broke_off_is_noticed(
    tmp_path: Path, monaco_pbf: Path, share: float
) -> None:
    """Wherever it broke off."""
    content = monaco_pbf.read_bytes()
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(TruncatedExtractError):
        read_roads(broken)


def test_a_damaged_extract_is_noticed(tmp_path: Path, monaco_pbf: Path) -> None:
    """A bad sector in the middle."""
    content = bytearray(monaco_pbf.read_bytes())
    content[900_000:901_000] = b"x" * 1000
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(content)

    with pytest.raises(TruncatedExtractError):
        read_roads(broken)
