"""The simulation study: several rules on the same days, on the roads of the desk."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from datetime import tzinfo
from typing import Final

import numpy as np

from routing.closures.types import Closure
from routing.errors import ClosureError
from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.simulation.comparing import Comparison
from scripts.studies.simulation.comparing import compare
from scripts.studies.simulation.demand.arrivals import FEWEST_TO_DRAW
from scripts.studies.simulation.demand.arrivals import ArrivalTest
from scripts.studies.simulation.demand.arrivals import check_arrivals
from scripts.studies.simulation.demand.arrivals import fit_rates
from scripts.studies.simulation.demand.crews_file import CrewPlan
from scripts.studies.simulation.demand.drawing import Drawing
from scripts.studies.simulation.demand.drawing import fit_work
from scripts.studies.simulation.demand.duration_fits import DurationFit
from scripts.studies.simulation.demand.duration_fits import constant
from scripts.studies.simulation.demand.duration_fits import fit
from scripts.studies.simulation.demand.incident_log import IncidentLog
from scripts.studies.simulation.moving_up import DeskMoveUp
from scripts.studies.simulation.scenario import Choice
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import MoveUpRule
from scripts.studies.simulation.travel_table import MOST_PLACES
from scripts.studies.simulation.travel_table import TravelTable
from scripts.studies.simulation.travel_table import measure
from scripts.studies.simulation.travel_table import place_calls

Tell = Callable[[str, int, int], None]
MOVE_UP: Final = "move_up"
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be simulated.

    Attributes
    ----------
    rules
        Names, each a `Choice`, with ``+move_up`` for the desk's own move-ups; the first is what the
        others are compared with.
    days
        How long a replication is, after the warm-up.
    replications
        How many are drawn; as logged there is one for each draw of what the log does not know.
    as_logged
        Whether the incidents happen when they did, instead of at drawn instants.
    begin
        When the drawn period begins; None: at the hour of the log's first incident.
    turnout_s, work_s
        Seconds that hold for all; None: as fitted to the log.
    within_s
        What the desk's move-ups take for covered.
    closures
        Those in force at an instant hold then; each beginning or end makes a table of its own.
    """

    rules: Sequence[str] = (Choice.BEST_ARRIVAL.value, Choice.NEAREST_LINE.value)
    days: float = 7.0
    replications: int = 20
    seed: int = 1
    warm_up_h: float = 12.0
    as_logged: bool = False
    begin: datetime | None = None
    zone: tzinfo = UTC
    turnout_s: float | None = None
    work_s: float | None = None
    drive_spread: float = 0.0
    answer_s: float = 30.0
    batch_s: float = 60.0
    radius_m: float = 5_000.0
    redirect: bool = True
    turnout_on_road: float = 1.0
    within_s: float = 600.0
    most_places: int = MOST_PLACES
    closures: Sequence[Closure] = ()
    own_rules: dict[str, MoveUpRule] = field(default_factory=dict)
    """Move-up rules of one's own, by the name that stands behind the plus."""


@dataclass(frozen=True, eq=False)
class SimulationStudy:
    """What a study found, with all that it was made of.

    Attributes
    ----------
    moved_m
        The furthest that an incident was shifted to share its place with others.
    arrivals
        Whether the log looks like the process that was fitted to it; None as logged.
    """

    wanted: Wanted
    table: TravelTable
    posts: Points
    drawing: Drawing
    rules: Sequence[DispatchRule]
    comparison: Comparison
    turnout: DurationFit
    arrivals: ArrivalTest | None
    moved_m: float
    left_out: tuple[LeftOut, ...]
    demand: float


def study_simulation(
    roads: StudyRoads,
    posts: Points,
    crews: Sequence[CrewPlan],
    log: IncidentLog,
    wanted: Wanted,
    *,
    tell: Tell | None = None,
) -> SimulationStudy:
    """Return what each rule makes of the same days.

    Parameters
    ----------
    roads
        Whose travel times count.
    posts, crews
        Where crews stand when idle; each crew's post is a row of the posts.
    log
        Past incidents: they are played, or drawn from.
    wanted
        Rules, length, replications, seed.
    tell
        Called with what is being done, how much of it is, and of how much.

    Raises
    ------
    UsageError
        If a post or every incident lies off the network, nothing is known of how long work takes,
        a rule is unknown, or a closure cannot be placed.
    """
    say = tell or (lambda _what, _done, _all: None)
    rules_wanted = [_parsed(name) for name in wanted.rules]
    try:
        placed = place_calls(roads, posts, log.points, most=wanted.most_places)
    except ValueError as error:
        message = f"{str(error)[:1].upper()}{str(error)[1:]}."
        raise UsageError(message, mend="Move them next to a road.") from error
    on_road = placed.of_call >= 0
    if not on_road.any():
        message = "All incidents lie off the road network."
        raise UsageError(message, mend="Is the extract of the right city?")
    if not wanted.as_logged and np.count_nonzero(on_road) < FEWEST_TO_DRAW:
        message = "One incident does not tell how often there are some."
        raise UsageError(message, mend="Give a longer log, or --as-logged.")
    demand = float(log.points.weights.sum()) + sum(each.weight for each in log.points.left_out)
    log, place = log.only(on_road, placed.left_out), placed.of_call[on_road]
    begin, hours = _period(log, wanted)
    planned = [plan.over(begin, hours * 3_600.0, wanted.zone) for plan in crews]
    turnout, work, work_of_kind = _durations(log, wanted)
    drawing = Drawing(
        log,
        place,
        fit_rates(log.at, wanted.zone),
        turnout,
        work,
        work_of_kind,
        begin,
        hours,
        len(planned),
        wanted.drive_spread,
        wanted.answer_s,
    )
    times = _tables(roads, begin, hours, wanted.closures)
    periods = tuple(
        (since_s, measure(roads, placed.places, tell=lambda a, b: say("travel times", a, b)))
        for since_s in times
    )
    table = TravelTable(placed.places.points.lonlat, placed.posts, periods)
    rules = [_rule(name, table, place, wanted) for name in rules_wanted]
    comparison = compare(
        table,
        planned,
        drawing.as_logged if wanted.as_logged else drawing,
        rules,
        replications=wanted.replications,
        seed=wanted.seed,
        warm_up_s=0.0 if wanted.as_logged else wanted.warm_up_h * 3_600.0,
        tell=lambda a, b: say("simulated periods", a, b),
    )
    arrivals = None
    if not wanted.as_logged:
        arrivals = check_arrivals(log.at, drawing.rates, wanted.seed)
    return SimulationStudy(
        wanted,
        table,
        posts,
        drawing,
        rules,
        comparison,
        turnout,
        arrivals,
        placed.moved_m,
        log.points.left_out,
        demand,
    )


def _parsed(name: str) -> tuple[Choice, str]:
    choice, _, move_up = name.strip().partition("+")
    try:
        return Choice(choice), move_up
    except ValueError:
        message = f"There is no rule named {name}."
        known = ", ".join(each.value for each in Choice)
        mend = f"Known: {known}; each with +{MOVE_UP} behind it if crews are to move up."
        raise UsageError(message, mend=mend) from None


def _rule(
    parsed: tuple[Choice, str], table: TravelTable, place: np.ndarray, wanted: Wanted
) -> DispatchRule:
    choice, move_up = parsed
    rule: MoveUpRule | None = None
    if move_up == MOVE_UP:
        rule = DeskMoveUp(table, place, within_s=wanted.within_s)
    elif move_up:
        try:
            rule = wanted.own_rules[move_up]
        except KeyError:
            message = f"There is no move-up rule named {move_up}."
            raise UsageError(message, mend=f"+{MOVE_UP} is the desk's own.") from None
    return DispatchRule(
        f"{choice}+{move_up}" if move_up else choice.value,
        choice,
        rule,
        wanted.redirect,
        wanted.batch_s,
        wanted.radius_m,
        wanted.turnout_on_road,
    )


def _period(log: IncidentLog, wanted: Wanted) -> tuple[datetime, int]:
    """Return when a replication begins, at a full hour, and how many hours it has."""
    first = log.at[0].astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if wanted.as_logged:
        return first, int((log.at[-1] - first) / _HOUR) + 1
    begin = first if wanted.begin is None else wanted.begin.astimezone(UTC)
    begin = begin.replace(minute=0, second=0, microsecond=0)
    return begin, max(round(wanted.days * 24.0 + wanted.warm_up_h), 1)


def _durations(
    log: IncidentLog, wanted: Wanted
) -> tuple[DurationFit, DurationFit, dict[int, DurationFit]]:
    if wanted.turnout_s is not None:
        turnout = constant(wanted.turnout_s)
    elif np.any(np.nan_to_num(log.turnout_s) > 0.0):
        turnout = fit(log.turnout_s, wanted.seed)
    else:
        message = "The incidents do not say how long crews took to set out."
        raise UsageError(message, mend="--turnout MINUTES, or a column turnout_s")
    if wanted.work_s is not None:
        return turnout, constant(wanted.work_s), {}
    try:
        return turnout, *fit_work(log, wanted.seed)
    except ValueError:
        message = "The incidents do not say how long the work took."
        raise UsageError(message, mend="--work MINUTES, or a column work_s") from None


def _tables(
    roads: StudyRoads, begin: datetime, hours: int, closures: Sequence[Closure]
) -> Iterable[float]:
    """Yield from which second on which closures hold, with these in force on the roads."""
    if not closures:
        yield 0.0
        return
    end = begin + hours * _HOUR
    changes = {begin} | {
        at
        for each in closures
        for at in (each.from_at, each.until_at)
        if at is not None and begin < at < end
    }
    try:
        for at in sorted(changes):
            roads.close(closures, at)
            yield (at - begin).total_seconds()
    except ClosureError as error:
        message = f"A closure cannot be placed: {error}."
        raise UsageError(message) from error
    finally:
        roads.close([], begin)
