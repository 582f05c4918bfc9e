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
from scripts.studies.study_options import OutOption
from scripts.studies.study_options import SpeedsOption

_MINUTE_S = 60.0


def fleet(
    *,
    posts: Annotated[
        Path | None,
        typer.Option(help="Where crews may stand: a file; the desk's stations if left out."),
    ] = None,
    incidents: Annotated[
        Path | None,
        typer.Option(
            help="Past incidents: lon, lat, reported_at; turnout_s, work_s if known. "
            "The desk's own if left out."
        ),
    ] = None,
    days_back: Annotated[
        int, typer.Option(min=1, max=3_650, help="Of the desk's incidents, the last so many days.")
    ] = 365,
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
    days: Annotated[float, typer.Option(min=0.05, help="Length of a replication.")] = 7.0,
    replications: Annotated[int, typer.Option(min=1, max=10_000)] = 5,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same answer.")] = 1,
    warm_up_hours: Annotated[float, typer.Option(min=0.0)] = 12.0,
    begin: Annotated[
        str | None, typer.Option(help="When drawn days begin, such as 2026-01-05T00:00.")
    ] = None,
    time_zone: Annotated[
        str, typer.Option(help="Of hours, and of times that do not say theirs.")
    ] = "UTC",
    turnout: Annotated[
        float | None,
        typer.Option(min=0.0, help="Minutes until a crew drives; as logged if left out."),
    ] = None,
    work: Annotated[
        float | None, typer.Option(min=0.0, help="Minutes on scene; as logged if left out.")
    ] = None,
    pbf: Pbf = None,
    profile: Profile = ProfileName.NORMAL,
    at: Annotated[
        str | None, typer.Option(help="Whose hour's speeds count, such as 2026-01-05T08:00.")
    ] = None,
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
    if report.left_out:
        print(f"{len(report.left_out):,} incidents are left out; the report says why.")
    if out is not None:
        print(f"Report: {report.write(out)[0]}")
