"""`nearcrew study fleet`: how many crews."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from scripts.roads.route_commands import Pbf
from scripts.roads.route_commands import Profile
from scripts.roads.route_commands import ProfileName
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

_MINUTE_S = 60.0


def fleet(
    *,
    posts: Annotated[
        Path | None,
        typer.Option(help="Where crews may stand: a file; the desk's stations if left out."),
    ] = None,
    incidents: LogOption = None,
    days_back: DaysBackOption = 365,
    minutes: Annotated[
        float, typer.Option(min=0.1, help="In time: from the report to arrival.")
    ] = 15.0,
    least: Annotated[int | None, typer.Option(min=1, help="Smallest fleet.")] = None,
    most: Annotated[int | None, typer.Option(min=1, help="Largest fleet.")] = None,
    crews: Annotated[
        int | None,
        typer.Option(min=1, help="Whose move-ups are compared; where the curve bends if left out."),
    ] = None,
    least_gain: Annotated[
        float, typer.Option(min=0.0, help="Per cent of incidents for which a crew is worth it.")
    ] = 1.0,
    nested: Annotated[
        bool, typer.Option("--nested", help="A compliance table in which each row holds the next.")
    ] = False,
    days: LengthOption = 7.0,
    replications: ReplicationsOption = 5,
    seed: SeedOption = 1,
    warm_up_hours: WarmUpOption = 12.0,
    begin: BeginOption = None,
    time_zone: ClockOption = "UTC",
    turnout: LoggedTurnoutOption = None,
    work: LoggedWorkOption = None,
    pbf: Pbf = None,
    profile: Profile = ProfileName.NORMAL,
    at: HourOption = None,
    speeds: SpeedsOption = None,
    out: OutOption = None,
) -> None:
    """Tell what fleets of different sizes reach, where the curve bends, and what moving up adds.

    Each fleet meets the same drawn days. The compliance table says which posts to hold while k \
crews are free.
    """
    # What computes takes seconds to import, and `nearcrew --help` needs none of it.
    from scripts.commands.progress import telling_stages  # noqa: PLC0415
    from scripts.studies.fleet.fleet_report import make_report  # noqa: PLC0415
    from scripts.studies.fleet.fleet_study import FleetWanted  # noqa: PLC0415
    from scripts.studies.fleet.fleet_study import study_fleet  # noqa: PLC0415
    from scripts.studies.inputs.reading import Reading  # noqa: PLC0415
    from scripts.studies.report.text import Text  # noqa: PLC0415
    from scripts.studies.roads.asked_inputs import tell_left_out  # noqa: PLC0415
    from scripts.studies.roads.chosen_points import STANDBY  # noqa: PLC0415
    from scripts.studies.roads.chosen_points import read_posts  # noqa: PLC0415
    from scripts.studies.roads.study_roads import StudyRoads  # noqa: PLC0415
    from scripts.studies.simulation.demand import asked  # noqa: PLC0415

    zone, now = asked.zone_named(time_zone), datetime.now(UTC)
    hour = asked.instant(at, zone, "--at")
    begins = asked.instant(begin, zone, "--begin")
    log = asked.incidents(incidents, now - timedelta(days=days_back), time_zone)
    standing = read_posts(STANDBY if posts is None else str(posts), Reading(strict=True), now=now)
    roads = StudyRoads.open(pbf, profile=profile, speeds=speeds)
    if hour is not None:
        roads = roads.under(at=hour)
    wanted = FleetWanted(
        within_s=minutes * _MINUTE_S,
        least=least,
        most=most,
        crews=crews,
        least_gain=least_gain / 100.0,
        nested=nested,
        days=days,
        replications=replications,
        seed=seed,
        warm_up_h=warm_up_hours,
        begin=begins,
        zone=zone,
        turnout_s=None if turnout is None else turnout * _MINUTE_S,
        work_s=None if work is None else work * _MINUTE_S,
    )
    with telling_stages() as tell:
        study = study_fleet(roads, standing, log, wanted, tell=tell)
    conditions = [
        (Text("Profile", "车型"), profile.value),
        (Text("Hour", "时刻"), Text("free flow", "畅通") if hour is None else hour.isoformat()),
        (Text("Speeds", "车速"), Text("as tagged", "按地图") if speeds is None else speeds.name),
    ]
    report = make_report(study, roads.router.network, conditions)
    for sentence in report.summary:
        print(sentence.en)
    tell_left_out(report.left_out)
    if out is not None:
        print(f"Report: {report.write(out)[0]}")
