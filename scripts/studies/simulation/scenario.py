"""What a simulation is made of: crews, calls and the rule by which crews are sent.

Everything that chance decides is drawn beforehand and stands in `Calls`, so that two rules can be
tried on the very same day (common random numbers). Instants are seconds after the beginning of the
simulation; places are rows of a `TravelTable`.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray

Span = tuple[float, float]
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class SimulatedCrew:
    """A crew.

    Attributes
    ----------
    post
        The place where it stands when idle: a row of the table.
    skills
        What it can do.
    shifts_s
        When it is on duty, each from–until; empty: always. A shift that ends during work ends after
        it.
    breaks_s
        When it would have a break, each from–until. One that begins during work is taken in full
        after it.
    """

    name: str
    post: int
    skills: frozenset[str] = frozenset()
    shifts_s: tuple[Span, ...] = ()
    breaks_s: tuple[Span, ...] = ()


@dataclass(frozen=True, eq=False)
class Calls:
    """Incidents in the order in which they are reported, each needing one crew.

    Attributes
    ----------
    reported_s
        When each is in the desk's hands, ascending; shape ``(n,)``.
    place
        Its place; shape ``(n,)``.
    work_s
        How long its crew is on scene; shape ``(n,)``.
    turnout_s
        From being sent to driving off; shape ``(n,)``.
    drive_factor
        By how much the drive takes longer than the table says, 1 for exactly so; shape ``(n,)``.
    priority
        1 is the most urgent; shape ``(n,)``.
    kind
        Row of ``kinds``; shape ``(n,)``.
    kinds
        Names of the kinds.
    needs
        Of each kind, the skills of each task that a crew is looked for; all those of one suffice.
    limit_s
        From report to arrival, as pledged; ``inf`` where nothing is; shape ``(n,)``.
    answer_s
        How long each crew would take to press the button if asked by grab, shape ``(n, crews)``;
        None where grab is not simulated.
    """

    reported_s: FloatArray
    place: IntArray
    work_s: FloatArray
    turnout_s: FloatArray
    drive_factor: FloatArray
    priority: IntArray
    kind: IntArray
    kinds: tuple[str, ...] = ("any",)
    needs: tuple[tuple[frozenset[str], ...], ...] = ((),)
    limit_s: FloatArray = field(default_factory=lambda: np.empty(0))
    answer_s: FloatArray | None = None

    @classmethod
    def of_one_kind(
        cls,
        reported_s: Sequence[float] | FloatArray,
        place: Sequence[int] | IntArray,
        work_s: Sequence[float] | FloatArray | float,
        *,
        turnout_s: Sequence[float] | FloatArray | float = 0.0,
        priority: Sequence[int] | IntArray | int = 1,
        limit_s: float = np.inf,
    ) -> Self:
        """Return calls that any crew can answer; a single number holds for all of them."""
        reported = np.asarray(reported_s, dtype=np.float64)
        shape = reported.shape
        return cls(
            reported,
            np.asarray(place, dtype=np.int64),
            np.broadcast_to(np.asarray(work_s, dtype=np.float64), shape),
            np.broadcast_to(np.asarray(turnout_s, dtype=np.float64), shape),
            np.ones(shape),
            np.broadcast_to(np.asarray(priority, dtype=np.int64), shape),
            np.zeros(shape, dtype=np.int64),
            limit_s=np.full(shape, limit_s),
        )

    def __post_init__(self) -> None:
        """Fill in that nothing is pledged where nothing is said.

        Raises
        ------
        ValueError
            If they are not in order, or arrays differ in length.
        """
        if not len(self.limit_s):
            object.__setattr__(self, "limit_s", np.full(len(self.reported_s), np.inf))
        columns = (self.place, self.work_s, self.turnout_s, self.drive_factor, self.priority)
        lengths = {len(each) for each in (self.reported_s, *columns, self.kind, self.limit_s)}
        if len(lengths) != 1:
            message = f"columns of calls differ in length: {sorted(lengths)}"
            raise ValueError(message)
        if np.any(np.diff(self.reported_s) < 0.0):
            message = "calls are not in the order in which they were reported"
            raise ValueError(message)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.reported_s)

    def only(self, kept: BoolArray) -> Self:
        """Return some of the calls."""
        columns = ("reported_s", "place", "work_s", "turnout_s", "drive_factor", "priority")
        taken = {name: getattr(self, name)[kept] for name in (*columns, "kind", "limit_s")}
        answer_s = None if self.answer_s is None else self.answer_s[kept]
        return replace(self, **taken, answer_s=answer_s)


class Choice(StrEnum):
    """How a crew is found for an incident."""

    NEAREST_LINE = "nearest_line"
    """The nearest idle crew by straight line: what a desk without roads does."""
    BEST_ARRIVAL = "best_arrival"
    """The one that the list of candidates recommends."""
    BATCH = "batch"
    """Incidents of some seconds are given crews together, at the least weighted arrival time."""
    GRAB = "grab"
    """All idle crews within the radius are asked, and the first to answer goes."""


@dataclass(frozen=True, eq=False)
class IdleCrews:
    """What a move-up rule sees: the crews that could be sent now, and where.

    Attributes
    ----------
    now_s
        The instant.
    crew
        Numbers of the idle crews, ascending; shape ``(k,)``.
    place
        Where each is; of a crew on its way, the nearer end of it; shape ``(k,)``.
    stand
        Where each stands or is on its way to; shape ``(k,)``.
    post
        Its own post; shape ``(k,)``.
    moved
        Whether it was asked to stand elsewhere.
    times_s
        The table in force, from row to column; shape ``(p, p)``.
    sent
        The crew that has just been sent, None when one has become free.
    sent_from
        Where that crew was.
    """

    now_s: float
    crew: IntArray
    place: IntArray
    stand: IntArray
    post: IntArray
    moved: BoolArray
    times_s: NDArray[np.float32]
    sent: int | None = None
    sent_from: int | None = None


MoveUpRule = Callable[[IdleCrews], Mapping[int, int]]
"""Says which idle crews go to stand where: number of the crew → place.

Called whenever a crew has been sent or has become free. Crews that are not named stay, or go on to,
where they stand; one that is sent to its own post is no longer moved up.
"""


@dataclass(frozen=True, eq=False)
class DispatchRule:
    """How the desk works.

    Attributes
    ----------
    name
        What the rule is called in tables.
    choice
        How a crew is found.
    move_up
        Says where idle crews stand, None: at their posts.
    redirect
        Whether a crew on its way back may be sent on from where it is; else it is idle again only
        at its post.
    batch_s
        Of the batch: how long incidents are collected from the first on.
    radius_m
        Of the grab: whom it asks, by straight line. Where nobody is, the recommended crew is sent.
    turnout_on_road
        Which share of the turnout a crew needs that is on the road already.
    """

    name: str
    choice: Choice = Choice.BEST_ARRIVAL
    move_up: MoveUpRule | None = None
    redirect: bool = True
    batch_s: float = 60.0
    radius_m: float = 5_000.0
    turnout_on_road: float = 1.0
