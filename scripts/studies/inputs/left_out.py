"""What a study leaves out of its input, and why: listed in a side file and in the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One row of the input that does not count.

    Attributes
    ----------
    name, where
        What it is called, and the file and row it was read from.
    reason
        A code, such as ``off_network``, ``duplicate``, ``empty_geometry``, ``negative_weight``.
    weight
        The demand that is lost with it; 0 where it has none that could be read.
    distance_m
        To the nearest road, where that is the reason.
    """

    name: str
    where: str
    reason: str
    weight: float = 0.0
    distance_m: float | None = None


def without_demand(left_out: Sequence[LeftOut]) -> list[LeftOut]:
    """Return rows that stand for no demand: posts and sites, whose weight is another thing."""
    return [replace(one, weight=0.0) for one in left_out]
