"""`nearcrew study simulate`: dispatch rules on the same days."""

import time
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from scripts.errors import UsageError
from scripts.roads.route_commands import Pbf
from scripts.roads.route_commands import Profile
from scripts.roads.route_commands import ProfileName
from scripts.studies.report.out_folder import writable_file
from scripts.studies.study_options import BeginOption
from scripts.studies.study_options import ClockOption
from scripts.studies.study_options import DaysBackOption
from scripts.studies.study_options import HourOption
from scripts.studies.study_options import LengthOption
from scripts.studies.study_options import LoggedTurnoutOption
from scripts.studies.study_options import LoggedWorkOption
from scripts.studies.study_options import LogOption
from scripts.studies.study_options import OutOption
from scripts.studies.study_options import ReplicationsOption
from scripts.studies.study_options import SeedOption
from scripts.studies.study_options import SpeedsOption
from scripts.studies.study_options import WarmUpOption

MINUTE_S = 60.0
Tell = Callable[[str, int, int], None]


def simulate(
    *,
    incidents: LogOption = None,
    days_back: DaysBackOption = 365,
    crews: Annotated[
        Path | None,
        typer.Option(
            help="A row a crew: name, lon, lat; skills, shifts (06:00-14:00), breaks if any."
        ),
    ] = None,
    posts: Annotated[
        Path | None,
        typer.Option(help="Instead: posts, with as many crews at each as its weight says."),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            help="best_arrival, nearest_line, batch or grab, each with +move_up if crews move up; "
            "may be given several times. Others are compared with the first."
        ),
    ] = None,
    days: LengthOption = 7.0,
    replications: ReplicationsOption = 20,
    seed: SeedOption = 1,
    warm_up_hours: WarmUpOption = 12.0,
    as_logged: Annotated[
        bool, typer.Option("--as-logged", help="Play the incidents when they happened.")
    ] = False,
    begin: BeginOption = None,
    time_zone: ClockOption = "UTC",
    turnout: LoggedTurnoutOption = None,
    work: LoggedWorkOption = None,
    drive_spread: Annotated[
        float, typer.Option(min=0.0, max=2.0, help="Spread of real drives about the table's.")
    ] = 0.0,
    answer: Annotated[
        float, typer.Option(min=0.0, help="Grab: seconds until a crew answers, on average.")
    ] = 30.0,
    batch: Annotated[
        float, typer.Option(min=0.0, help="Batch: seconds for which incidents are collected.")
    ] = 60.0,
    radius: Annotated[
        float, typer.Option(min=0.0, help="Grab: metres within which it asks.")
    ] = 5_000.0,
    no_redirect: Annotated[
        bool, typer.Option("--no-redirect", help="Crews are sent from their posts only.")
    ] = False,
    turnout_on_road: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Share of the turnout for a crew on the road.")
    ] = 1.0,
    limit: Annotated[
        float | None, typer.Option(min=0.0, help="Minutes pledged until a crew is there.")
    ] = None,
    limits: Annotated[
        Path | None, typer.Option(help="Instead: a table with kind, priority, minutes.")
    ] = None,
    within: Annotated[
        float, typer.Option(min=0.1, help="Move-ups: minutes within which a place is covered.")
    ] = 10.0,
    closures: Annotated[
        Path | None, typer.Option(help="GeoJSON; from_at and until_at among the properties.")
    ] = None,
    trace: Annotated[
        Path | None,
        typer.Option(
            help="Write the first replication for the replay page, .json.", callback=writable_file
        ),
    ] = None,
    trace_from: Annotated[
        float, typer.Option(min=0.0, help="Hour of the replication at which the trace begins.")
    ] = 12.0,
    trace_hours: Annotated[float, typer.Option(min=0.1, max=24.0)] = 2.0,
    pbf: Pbf = None,
    profile: Profile = ProfileName.NORMAL,
    at: HourOption = None,
    speeds: SpeedsOption = None,
    out: OutOption = None,
) -> None:
    """Compare dispatch rules on the same past or drawn days, by the desk's own rules.

    Travel times come from a table made once of the roads; incidents wait while no crew is free, the
    most urgent first. All rules meet the same incidents, so differences are told with intervals.
    """
    # What computes takes seconds to import, and `nearcrew --help` needs none of it.
    from scripts.commands.progress import telling_stages  # noqa: PLC0415
    from scripts.studies.inputs.closure_file import read_closures  # noqa: PLC0415
    from scripts.studies.report.text import Text  # noqa: PLC0415
    from scripts.studies.roads.asked_inputs import tell_left_out  # noqa: PLC0415
    from scripts.studies.roads.study_roads import StudyRoads  # noqa: PLC0415
    from scripts.studies.simulation.demand import asked  # noqa: PLC0415
    from scripts.studies.simulation.findings.replay_trace import write_trace  # noqa: PLC0415
    from scripts.studies.simulation.findings.simulation_report import report_simulation  # noqa: PLC0415
    from scripts.studies.simulation.study import Wanted  # noqa: PLC0415
    from scripts.studies.simulation.study import study_simulation  # noqa: PLC0415

    zone = asked.zone_named(time_zone)
    hour = asked.instant(at, zone, "--at")
    begins = asked.instant(begin, zone, "--begin")
    if crews is not None and posts is not None:
        message = "Give --crews or --posts, not both."
        raise UsageError(message)
    started_s = time.monotonic()
    since = datetime.now(UTC) - timedelta(days=days_back)
    log = asked.incidents(incidents, since, time_zone)
    log = asked.with_limits(log, limit, limits)
    places, plans = asked.crews(crews, posts, log)
    roads = StudyRoads.open(pbf, profile=profile, speeds=speeds)
    if hour is not None:
        roads = roads.under(at=hour)
    first = begins or log.at[0]
    wanted = Wanted(
        rules=tuple(dict.fromkeys(rule or ("best_arrival", "nearest_line"))),
        days=days,
        replications=replications,
        seed=seed,
        warm_up_h=warm_up_hours,
        as_logged=as_logged,
        begin=begins,
        zone=zone,
        turnout_s=None if turnout is None else turnout * MINUTE_S,
        work_s=None if work is None else work * MINUTE_S,
        drive_spread=drive_spread,
        answer_s=answer,
        batch_s=batch,
        radius_m=radius,
        redirect=not no_redirect,
        turnout_on_road=turnout_on_road,
        within_s=within * MINUTE_S,
        closures=() if closures is None else tuple(read_closures(closures, first, zone)),
    )
    with telling_stages() as tell:
        study = study_simulation(roads, places, plans, log, wanted, tell=tell)
    conditions = [
        (Text("Profile", "车型"), profile.value),
        (Text("Hour", "时刻"), Text("free flow", "畅通") if hour is None else hour.isoformat()),
        (Text("Speeds", "车速"), Text("as tagged", "按地图") if speeds is None else speeds.name),
    ]
    report = report_simulation(
        study,
        seconds=time.monotonic() - started_s,
        roads=roads.router.network,
        conditions=conditions,
    )
    for sentence in report.summary:
        print(sentence.en)
    tell_left_out(report.left_out)
    if out is not None:
        print(f"Report: {report.write(out)[0]}")
    if trace is not None:
        write_trace(study, roads.router, trace, from_h=trace_from, hours=trace_hours)
        print(f"Trace: {trace}; open it at /replay/file on the console.")
