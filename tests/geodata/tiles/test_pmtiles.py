"""An archive is looked at before it is put before people."""

from pathlib import Path

import pytest
from pmtiles.tile import TileType

from geodata.errors import NotPmtilesError
from geodata.tiles.pmtiles_archive import read_archive
from tests.geodata.pmtiles_writer import write

BOUNDS = (113.9, 22.4, 114.5, 22.9)
LAYERS = [{"id": each} for each in ("roads", "road_names", "green", "water")]


def an_archive(
    path: Path, *, layers: list[dict[str, str]], tile_type: TileType = TileType.MVT
) -> Path:
    """Write an archive of two empty tiles."""
    metadata = {"vector_layers": layers, "attribution": "Somebody"}
    return write(
        path,
        {(3, 6, 3): b"", (4, 13, 6): b""},
        bounds=BOUNDS,
        metadata=metadata,
        tile_type=tile_type,
    )


def test_an_archive_says_what_is_in_it(tmp_path: Path) -> None:
    """Zooms, extent, layers and source."""
    archive = read_archive(an_archive(tmp_path / "town.pmtiles", layers=LAYERS))

    assert (archive.min_zoom, archive.max_zoom) == (3, 4)
    assert archive.bounds == pytest.approx(BOUNDS)
    assert archive.layers == {"roads", "road_names", "green", "water"}
    assert archive.attribution == "Somebody"


def test_our_own_layers_are_known_by_their_names(tmp_path: Path) -> None:
    """Others' tiles name other things `roads`."""
    others = [{"id": name} for name in ("earth", "roads", "water")]

    assert read_archive(an_archive(tmp_path / "a.pmtiles", layers=LAYERS)).is_ours
    assert not read_archive(an_archive(tmp_path / "b.pmtiles", layers=others)).is_ours


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "does not begin like one"),
        (b"SQLite format 3\0" + bytes(200), "does not begin like one"),
        (b"PMTiles\x02" + bytes(200), "version 2"),
        (b"PMTiles\x03" + bytes(91) + b"\x02" + bytes(100), "holds pictures"),
        (b"PMTiles\x03" + bytes(89) + b"\x03\x02\x01" + bytes(100), "browsers cannot unpack"),
        (b"PMTiles\x03" + bytes(89) + b"\x02\x02\x01" + bytes(100), "metadata cannot be read"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, why: str
) -> None:
    """At the start of the server, not as an empty map at every desk."""
    path = tmp_path / "wrong.pmtiles"
    path.write_bytes(content)

    with pytest.raises(NotPmtilesError, match=why):
        read_archive(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(NotPmtilesError, match=r"missing\.pmtiles"):
        read_archive(tmp_path / "missing.pmtiles")
