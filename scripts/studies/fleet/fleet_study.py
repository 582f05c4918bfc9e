"""The study of fleet sizes: the same days with more and more crews, then with move-ups."""

import math
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import tzinfo
from typing import Final

import numpy as np

from scripts.errors import UsageError
from scripts.studies.fleet.bend import find_bend
from scripts.studies.fleet.bend import find_enough
from scripts.studies.fleet.compliance_table import Cover
from scripts.studies.fleet.compliance_table import Held
from scripts.studies.fleet.compliance_table import as_rule
from scripts.studies.fleet.compliance_table import make_table
from scripts.studies.fleet.dmexclp import Dmexclp
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.simulation.comparing import Comparison
from scripts.studies.simulation.comparing import Interval
from scripts.studies.simulation.comparing import compare
from scripts.studies.simulation.comparing import interval
from scripts.studies.simulation.comparing import percentile
from scripts.studies.simulation.demand.arrivals import FEWEST_TO_DRAW
from scripts.studies.simulation.demand.arrivals import fit_rates
from scripts.studies.simulation.demand.drawing import Drawing
from scripts.studies.simulation.demand.drawing import fit_work
from scripts.studies.simulation.demand.duration_fits import DurationFit
from scripts.studies.simulation.demand.duration_fits import constant
from scripts.studies.simulation.demand.duration_fits import fit
from scripts.studies.simulation.demand.incident_log import IncidentLog
from scripts.studies.simulation.moving_up import DeskMoveUp
from scripts.studies.simulation.moving_up import compliance
from scripts.studies.simulation.outcome import Outcome
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import MOST_PLACES
from scripts.studies.simulation.travel_table import TravelTable
from scripts.studies.simulation.travel_table import measure
from scripts.studies.simulation.travel_table import place_calls
from scripts.studies.siting import mexclp

Tell = Callable[[str, int, int], None]
STAY, DESK, TABLE, DYNAMIC = "stay", "desk", "compliance", "dmexclp"
RULES: Final = (STAY, DESK, TABLE, DYNAMIC)
_HOURS: Final = 24
_HOUR_S: Final = 3_600.0
_SIZES: Final = 8
_MOST_BUSY: Final = 0.95
"""Above, queues grow so long that a simulation of days tells nothing."""
_LEAST_DRIVE_S: Final = 60.0


@dataclass(frozen=True, eq=False)
class FleetWanted:
    """What is to be studied.

    Attributes
    ----------
    within_s
        In time: from report to arrival.
    least, most
        Numbers of crews; None: from as many as the work keeps busy nearly always, eight more.
    crews
        The number whose move-ups are compared; None: where the curve bends.
    least_gain
        A further crew is worth it while it brings this share of the incidents in time.
    nested
        Whether the compliance table is nested.
    turnout_s, work_s
        Seconds that hold for all; None: as fitted to the log.
    """

    within_s: float
    least: int | None = None
    most: int | None = None
    crews: int | None = None
    least_gain: float = 0.01
    nested: bool = False
    days: float = 7.0
    replications: int = 5
    seed: int = 1
    warm_up_h: float = 12.0
    begin: datetime | None = None
    zone: tzinfo = UTC
    turnout_s: float | None = None
    work_s: float | None = None
    most_places: int = MOST_PLACES


@dataclass(frozen=True, eq=False)
class FleetSize:
    """What so many crews reach.

    Attributes
    ----------
    posts
        Where they stand: best expected cover (MEXCLP).
    in_time, p90_s, workload
        Share of incidents in time, 90th percentile of the response of those that a crew reached,
        share of time at work, each with its interval over replications.
    never
        Share of incidents that no crew ever reached: no road leads there, or the days ended.
    in_time_by_hour, p90_by_hour_s
        By hour of the day, all replications together, NaN where nothing happened; shape ``(24,)``.
    """

    crews: int
    posts: tuple[int, ...]
    in_time: Interval
    p90_s: Interval
    workload: Interval
    never: float
    in_time_by_hour: FloatArray
    p90_by_hour_s: FloatArray


@dataclass(frozen=True, eq=False)
class FleetStudy:
    """What was found.

    Attributes
    ----------
    bend, enough
        Rows of ``sizes``: where the curve bends; from where on a crew gains less than asked.
    erlang
        Crews that the work keeps busy on average.
    chosen
        The number of crews of the compliance table and of the comparison.
    shares
        Of each rule, the share in time of each replication: paired.
    """

    wanted: FleetWanted
    posts: Points
    sizes: Sequence[FleetSize]
    bend: int
    enough: int
    erlang: float
    chosen: int
    table: Sequence[Held]
    comparison: Comparison
    shares: dict[str, FloatArray]
    demand: float
    moved_m: float
    places: Points
    left_out: tuple[LeftOut, ...] = field(default=())
    log_at: tuple[datetime, ...] = field(default=())
    """When the incidents of the log were reported."""

    def difference(self, rule: str, base: str) -> Interval:
        """Return by how much more of the incidents a rule reaches in time than another."""
        return interval(self.shares[rule] - self.shares[base])


def study_fleet(
    roads: StudyRoads,
    posts: Points,
    log: IncidentLog,
    wanted: FleetWanted,
    *,
    tell: Tell | None = None,
) -> FleetStudy:
    """Return what fleets of different sizes reach, and what moving up adds.

    Every fleet meets the very same incidents (common random numbers), sent by the desk's own rule
    from posts that are best for its size.

    Parameters
    ----------
    roads
        Whose travel times count.
    posts
        Where crews may stand; their weights count nowhere.
    log
        Past incidents, from which days are drawn.
    tell
        Called with what is being done, how much of it is, and of how much.

    Raises
    ------
    UsageError
        If a post or every incident lies off the network, or nothing is known of how long work
        takes, or the fleets asked for could not do the work.
    """
    say = tell or (lambda _what, _done, _all: None)
    try:
        placed = place_calls(roads, posts, log.points, most=wanted.most_places)
    except ValueError as error:
        message = f"{str(error)[:1].upper()}{str(error)[1:]}."
        raise UsageError(message, mend="Move them next to a road.") from error
    on_road = placed.of_call >= 0
    if not on_road.any():
        message = "All incidents lie off the road network."
        raise UsageError(message, mend="Is the extract of the right city?")
    if np.count_nonzero(on_road) < FEWEST_TO_DRAW:
        message = "One incident does not tell how often there are some."
        raise UsageError(message, mend="Give a longer log.")
    demand = float(log.points.weights.sum()) + sum(each.weight for each in log.points.left_out)
    log, place = log.only(on_road, placed.left_out), placed.of_call[on_road]
    drawing = _drawing(log, place, wanted)
    times_s = measure(roads, placed.places, tell=lambda a, b: say("travel times", a, b))
    lonlat = placed.places.points.lonlat
    table = TravelTable.of_times(lonlat, placed.posts, np.asarray(times_s, dtype=np.float64))
    counts = np.bincount(place - placed.posts, minlength=len(lonlat) - placed.posts)
    weights = counts.astype(np.float64)
    erlang = _erlang(drawing, np.asarray(times_s, dtype=np.float64), placed.posts, weights)
    study = _Fleets(wanted, table, drawing, weights, erlang, say)
    sizes = study.sizes()
    shares = [size.in_time.mean for size in sizes]
    bend = find_bend([size.crews for size in sizes], shares)
    enough = find_enough(shares, wanted.least_gain)
    chosen = sizes[bend].crews if wanted.crews is None else wanted.crews
    held, comparison = study.moving_up(chosen, place)
    return FleetStudy(
        wanted,
        posts,
        sizes,
        bend,
        enough,
        erlang,
        chosen,
        held,
        comparison,
        {
            rule: np.array([study.share(run) for run in runs])
            for rule, runs in comparison.outcomes.items()
        },
        demand,
        placed.moved_m,
        Points.at_places(lonlat[placed.posts :], weights),
        log.points.left_out,
        tuple(log.at),
    )


class _Fleets:
    """The same drawn days, for any fleet."""

    def __init__(
        self,
        wanted: FleetWanted,
        table: TravelTable,
        drawing: Drawing,
        weights: FloatArray,
        erlang: float,
        say: Tell,
    ) -> None:
        self._wanted, self._table, self._drawing = wanted, table, drawing
        self._weights, self._erlang, self._say = weights, erlang, say
        self._warm_up_s = wanted.warm_up_h * _HOUR_S
        needed = (own for each in drawing.log.needs for own in each)
        self._skills = frozenset[str]().union(*needed)

    def cover(self, crews: int) -> Cover:
        """Return what is to be covered by so many crews."""
        posts = self._table.posts
        times_s = self._table.periods[0][1].astype(np.float64)
        drive_s = self._wanted.within_s - self._drawing.turnout.chosen.mean_s
        return Cover(
            times_s[:posts, posts:],
            times_s[:posts, :posts],
            self._weights,
            max(drive_s, _LEAST_DRIVE_S),
            min(self._erlang / crews, _MOST_BUSY),
        )

    def sizes(self) -> list[FleetSize]:
        """Return what each fleet reaches."""
        numbers = self._numbers()
        found = []
        for done, crews in enumerate(numbers):
            posts = self._posted(crews)
            comparison = self._compare(posts, [DispatchRule(STAY)])
            found.append(self._size(crews, posts, comparison.outcomes[STAY]))
            self._say("fleets", done + 1, len(numbers))
        return found

    def moving_up(self, crews: int, place: IntArray) -> tuple[list[Held], Comparison]:
        """Return the compliance table of a fleet, and the move-up rules on the same days."""
        cover, posts = self.cover(crews), self._posted(crews)
        held = make_table(cover, crews, nested=self._wanted.nested)
        rules = [
            DispatchRule(STAY),
            DispatchRule(DESK, move_up=DeskMoveUp(self._table, place, within_s=cover.limit_s)),
            DispatchRule(TABLE, move_up=compliance(as_rule(held))),
            DispatchRule(DYNAMIC, move_up=Dmexclp(cover)),
        ]
        return held, self._compare(posts, rules)

    def share(self, run: Outcome) -> float:
        """Return the share of incidents in time."""
        counted = run.counted(self._warm_up_s)
        return _share(run.response_s[counted], self._wanted.within_s)

    def _numbers(self) -> list[int]:
        wanted = self._wanted
        busy = math.floor(self._erlang / _MOST_BUSY) + 1
        least = busy if wanted.least is None else wanted.least
        most = max(least + _SIZES, wanted.crews or 0) if wanted.most is None else wanted.most
        if least < busy or most < least or (wanted.crews or busy) < busy:
            message = (
                f"The work keeps {self._erlang:.1f} crews busy on average: fleets start at {busy}."
            )
            raise UsageError(message, mend=f"--least {busy} --most {busy + _SIZES}")
        return list(range(least, most + 1))

    def _posted(self, crews: int) -> tuple[int, ...]:
        cover = self.cover(crews)
        return mexclp(
            np.ascontiguousarray(cover.times_s.T),
            cover.weights,
            limit=cover.limit_s,
            count=crews,
            busy_fraction=cover.busy,
            time_limit_s=2.0,
        ).sites

    def _compare(self, posts: Sequence[int], rules: Sequence[DispatchRule]) -> Comparison:
        crews = [
            SimulatedCrew(f"{number + 1}", post, self._skills) for number, post in enumerate(posts)
        ]
        return compare(
            self._table,
            crews,
            self._drawing,
            rules,
            replications=self._wanted.replications,
            seed=self._wanted.seed,
            warm_up_s=self._warm_up_s,
            tell=(lambda a, b: self._say("days with move-ups", a, b)) if len(rules) > 1 else None,
        )

    def _size(self, crews: int, posts: tuple[int, ...], runs: Sequence[Outcome]) -> FleetSize:
        begin = self._drawing.begin.astimezone(self._wanted.zone).hour
        response_s, hour = [], []
        p90_s, workload = [], []
        own = [SimulatedCrew("", post) for post in posts]
        for run in runs:
            counted = run.counted(self._warm_up_s)
            response_s.append(run.response_s[counted])
            hour.append((begin + run.calls.reported_s[counted] // _HOUR_S) % _HOURS)
            p90_s.append(percentile(run.response_s[counted & run.served], 0.9))
            end_s = float(run.calls.reported_s[-1]) if len(run.calls) else self._warm_up_s
            workload.append(float(run.workload(own, self._warm_up_s, end_s).mean()))
        every_s, hours = np.concatenate(response_s), np.concatenate(hour)
        by_hour = [every_s[hours == each] for each in range(_HOURS)]
        return FleetSize(
            crews,
            posts,
            interval(np.array([self.share(run) for run in runs])),
            interval(np.array(p90_s)),
            interval(np.array(workload)),
            float(np.isinf(every_s).mean()) if len(every_s) else 0.0,
            np.array([_share(part, self._wanted.within_s) for part in by_hour]),
            np.array([percentile(part, 0.9) for part in by_hour]),
        )


def _share(response_s: FloatArray, within_s: float) -> float:
    return float((response_s <= within_s).mean()) if len(response_s) else math.nan


def _drawing(log: IncidentLog, place: IntArray, wanted: FleetWanted) -> Drawing:
    first = log.at[0] if wanted.begin is None else wanted.begin
    begin = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if wanted.turnout_s is not None:
        turnout = constant(wanted.turnout_s)
    elif np.any(np.nan_to_num(log.turnout_s) > 0.0):
        turnout = fit(log.turnout_s, wanted.seed)
    else:
        message = "The incidents do not say how long crews took to set out."
        raise UsageError(message, mend="--turnout SECONDS, or a column turnout_s")
    of_kind: dict[int, DurationFit] = {}
    if wanted.work_s is not None:
        work = constant(wanted.work_s)
    else:
        try:
            work, of_kind = fit_work(log, wanted.seed)
        except ValueError:
            message = "The incidents do not say how long the work took."
            raise UsageError(message, mend="--work MINUTES, or a column work_s") from None
    hours = max(round(wanted.days * _HOURS + wanted.warm_up_h), 1)
    rates = fit_rates(log.at, wanted.zone)
    return Drawing(log, place, rates, turnout, work, of_kind, begin, hours, 1)


def _erlang(drawing: Drawing, times_s: FloatArray, posts: int, weights: FloatArray) -> float:
    """Return how many crews are busy on average: arrivals an hour times hours of an incident.

    The drive is that from the nearest post; it is longer when crews are scarce.
    """
    nearest_s = times_s[:posts, posts:].min(axis=0)
    reached = np.isfinite(nearest_s) & (weights > 0.0)
    if not reached.any():
        message = "No road leads from any post to any incident."
        raise UsageError(message, mend="Do posts and incidents lie in the same city?")
    drive_s = float(np.average(nearest_s[reached], weights=weights[reached]))
    each_s = drawing.turnout.chosen.mean_s + drive_s + drawing.work.chosen.mean_s
    return float(drawing.rates.per_hour.mean()) * each_s / _HOUR_S
