"""`nearcrew study reach`: how much demand each of many candidate sites reaches in time."""

from pathlib import Path
from typing import Annotated

import typer

from scripts.roads.route_commands import Pbf
from scripts.roads.route_commands import Profile
from scripts.roads.route_commands import ProfileName
from scripts.studies.study_options import ClusterOption
from scripts.studies.study_options import DaysOption
from scripts.studies.study_options import DemandOption
from scripts.studies.study_options import NeededOutOption
from scripts.studies.study_options import RoadPointsOption
from scripts.studies.study_options import ShardsOption
from scripts.studies.study_options import SpeedsOption
from scripts.studies.study_options import WeightOption
from scripts.studies.study_options import WorkersOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reach")(reach)


def reach(
    *,
    sites: Annotated[Path, typer.Option(help="Candidate sites: CSV, GeoPackage or GeoJSON.")],
    demand: DemandOption = "roads",
    minutes: Annotated[
        list[float] | None, typer.Option(help="Driving time; may be given several times.")
    ] = None,
    out: NeededOutOption,
    road_step: Annotated[
        float | None,
        typer.Option(min=1.0, help="Sum demand on the streets, at points so many metres apart."),
    ] = None,
    workers: WorkersOption = 0,
    cluster: ClusterOption = None,
    shards: ShardsOption = None,
    pbf: Pbf = None,
    profile: Profile = ProfileName.NORMAL,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="The hour whose speeds count, as 2026-11-30T08:00+01:00."
        ),
    ] = None,
    speeds: SpeedsOption = None,
    crs: Annotated[
        str | None, typer.Option(help="Of the files' coordinates, where they do not say.")
    ] = None,
    weight: WeightOption = None,
    days: DaysOption = 365,
    road_points: RoadPointsOption = 20_000,
) -> None:
    """Count how much demand each candidate site reaches within some minutes of driving.

    One bounded search a site: for thousands of sites and millions of customers, on as many
    processes as there are. The numbers are the same on one and on many.
    """
    # The study needs geopandas, matplotlib and the router: a second that --help must not take.
    from scripts.studies.spread.reach_run import Asked  # noqa: PLC0415
    from scripts.studies.spread.reach_run import run  # noqa: PLC0415

    run(
        Asked(
            sites=sites,
            demand=demand,
            minutes=tuple(minutes or (5.0, 10.0, 15.0)),
            out=out,
            road_step=road_step,
            workers=workers,
            cluster=cluster,
            shards=shards,
            pbf=pbf,
            profile=profile,
            at=at,
            speeds=speeds,
            crs=crs,
            weight=weight,
            days=days,
            road_points=road_points,
        )
    )
