"""The names around a place in as few bytes as a phone needs to search them by itself."""

import gzip
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from dispatch.kit.types import NamesAnswer
from geodata.crs.great_circle import LonLat
from geodata.names.house_numbers import number_first
from geodata.names.name_text import has_han
from geodata.names.name_text import same_words

MOST_BYTES = 300_000
"""Of the packed list: three or four seconds on a bad line, once for each ground."""
_STEPS_PER_DEGREE = 100_000  # a metre
_LESS = 0.8
_EFFORT = 6


def names_of(
    ground_id: int,
    names: Sequence[Any],
    houses: Sequence[Any],
    near: LonLat,
    *,
    whole: bool,
) -> NamesAnswer:
    """Return the list of names and house numbers.

    Parameters
    ----------
    names
        Rows of `geodata.places.place_listing.names_near`.
    houses
        Rows of `geodata.places.place_listing.houses_of`.
    near
        From where positions are counted, longitude first.
    whole
        Whether these are all names of the ground.
    """
    lon0, lat0 = near
    at = {row.number: index for index, row in enumerate(names)}
    numbers: Mapping[int, list[str | int]] = defaultdict(list)
    for row in houses:
        street = names[at[row.street]]
        numbers[at[row.street]] += [
            row.house,
            _steps(row.lon - street.lon),
            _steps(row.lat - street.lat),
        ]
    return {
        "ground_id": ground_id,
        "whole": whole,
        "origin": [lon0, lat0],
        "steps_per_degree": _STEPS_PER_DEGREE,
        "same_words": [list(each) for each in same_words()],
        "number_first": list(number_first()),
        "names": [_row(row, lon0, lat0) for row in names],
        "houses": [[street, *flat] for street, flat in sorted(numbers.items())],
    }


def packed_within(
    ground_id: int,
    names: Sequence[Any],
    houses: Sequence[Any],
    near: LonLat,
    *,
    whole: bool,
    most_bytes: int = MOST_BYTES,
) -> bytes:
    """Return the list as packed JSON; where it would be too large, without what is farthest."""
    while True:
        kept = {row.number for row in names}
        listed = names_of(
            ground_id, names, [row for row in houses if row.street in kept], near, whole=whole
        )
        packed = gzip.compress(to_json(listed), compresslevel=_EFFORT, mtime=0)
        if len(packed) <= most_bytes or len(names) <= 1:
            return packed
        fits = min(_LESS, most_bytes / len(packed))
        names, whole = names[: max(1, int(len(names) * fits))], False


def _row(row: Any, lon0: float, lat0: float) -> list[str | int]:  # noqa: ANN401  (a row)
    """Return one name; what stands at the end and is empty is left out."""
    others = (row.name_en, row.name_zh, *row.other_names)
    spoken = list(dict.fromkeys(name for name in others if name and name != row.name))
    is_chinese = any(has_han(name) for name in (row.name, *spoken))
    told: list[str | int] = [
        row.name,
        "" if row.kind == "street" else row.category,
        _steps(row.lon - lon0),
        _steps(row.lat - lat0),
        ", ".join(dict.fromkeys(part for part in (row.address, row.locality) if part)),
        "|".join(spoken),
        " ".join(row.syllables) if is_chinese else "",
    ]
    while told[-1] == "":
        told.pop()
    return told


def _steps(degrees: float) -> int:
    return round(degrees * _STEPS_PER_DEGREE)
