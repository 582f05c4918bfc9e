"""Which tiles are asked for, as a short text: ``15/17054/11940-11956,16/34120/23900``."""

import re
from collections.abc import Sequence

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput

TileKey = tuple[int, int, int]
"""Zoom, column from the west, row from the north."""

MOST_TILES = 128
"""Of one archive: cut one by one where nobody asked for them before."""
LONGEST_TEXT = 4_000
ZOOMS = range(10, 17)
_RUN = re.compile(r"(\d{1,2})/(\d{1,6})/(\d{1,6})(?:-(\d{1,6}))?")


def read_runs(text: str) -> list[TileKey]:
    """Return the tiles that a text names, in its order and each once.

    Parameters
    ----------
    text
        Runs with commas between; a run is a zoom, a column, and a row or the first and last of
        several rows.

    Raises
    ------
    InvalidInput
        If it is written otherwise, or names tiles of other zooms, too many, or none.
    """
    keys: dict[TileKey, None] = {}
    for run in text.split(","):
        found = _RUN.fullmatch(run)
        if found is None:
            raise InvalidInput.one("tiles", N_("must be runs of tiles: z/x/y or z/x/y-y"))
        z, x, first = (int(part) for part in found.groups()[:3])
        last = first if found[4] is None else int(found[4])
        if z not in ZOOMS or x >= 2**z or not first <= last < 2**z:
            raise InvalidInput.one(
                "tiles",
                N_("must be of the zooms %(least)s to %(most)s and on the map"),
                least=ZOOMS[0],
                most=ZOOMS[-1],
            )
        if last - first >= MOST_TILES or len(keys) + last - first >= MOST_TILES:
            raise InvalidInput.one("tiles", N_("must be at most %(most)s tiles"), most=MOST_TILES)
        keys |= {(z, x, y): None for y in range(first, last + 1)}
    return list(keys)


def write_runs(keys: Sequence[TileKey]) -> str:
    """Return tiles as `read_runs` reads them; rows that follow one another are one run."""
    runs: list[tuple[int, int, int, int]] = []
    for z, x, y in sorted(set(keys)):
        if runs and runs[-1][:2] == (z, x) and runs[-1][3] == y - 1:
            runs[-1] = (z, x, runs[-1][2], y)
        else:
            runs.append((z, x, y, y))
    return ",".join(
        f"{z}/{x}/{first}" if first == last else f"{z}/{x}/{first}-{last}"
        for z, x, first, last in runs
    )
