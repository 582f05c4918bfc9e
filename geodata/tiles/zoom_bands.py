"""Zoom bands: ranges of zoom levels that share simplified shapes.

Kept small in number because every shape is stored once per band. Zooms are those of the tiles;
a map that draws tiles at double size shows zoom 14 from tiles of zoom 13.
"""

from dataclasses import dataclass

EARTH_GIRTH_M = 40_075_016.685578488  # along the equator, the width of web Mercator


@dataclass(frozen=True, slots=True)
class Band:
    """Tile zooms ``first`` to ``last``, both included."""

    number: int
    first: int
    last: int
    tolerance_m: float  # how far a simplified line may stray, in web Mercator metres


MIN_ZOOM = 8
MAX_ZOOM = 18

# Half a pixel of a 512-pixel tile at the last zoom of each band; the last keeps every corner.
BANDS: tuple[Band, ...] = (
    Band(0, 8, 10, EARTH_GIRTH_M / 2**10 / 1024),
    Band(1, 11, 12, EARTH_GIRTH_M / 2**12 / 1024),
    Band(2, 13, 14, EARTH_GIRTH_M / 2**14 / 1024),
    Band(3, 15, 18, 0.0),
)


def band_of(zoom: int) -> Band:
    """Return the band of a tile zoom.

    Raises
    ------
    ValueError
        If no tiles of that zoom are made.
    """
    for band in BANDS:
        if band.first <= zoom <= band.last:
            return band
    message = f"tiles are made for zoom {MIN_ZOOM} to {MAX_ZOOM}, not {zoom}"
    raise ValueError(message)
