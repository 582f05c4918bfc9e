"""What a study leaves out of its input, and why: listed in a side file and in the report."""

from dataclasses import dataclass


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
