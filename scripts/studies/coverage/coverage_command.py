"""`nearcrew study coverage`: who is reached in time."""

from pathlib import Path
from typing import Annotated

import typer

from scripts.studies.study_options import AtOption
from scripts.studies.study_options import ClusterOption
from scripts.studies.study_options import CrsOption
from scripts.studies.study_options import DaysOption
from scripts.studies.study_options import DemandOption
from scripts.studies.study_options import LayerOption
from scripts.studies.study_options import OutOption
from scripts.studies.study_options import PbfOption
from scripts.studies.study_options import PostsCrsOption
from scripts.studies.study_options import PostsOption
from scripts.studies.study_options import ProfileOption
from scripts.studies.study_options import RoadPointsOption
from scripts.studies.study_options import ShardsOption
from scripts.studies.study_options import SpeedsOption
from scripts.studies.study_options import StrictOption
from scripts.studies.study_options import TimeZoneOption
from scripts.studies.study_options import TurnoutOption
from scripts.studies.study_options import WeightOption
from scripts.studies.study_options import WorkersOption


def coverage(
    *,
    posts: PostsOption = "standby",
    demand: DemandOption = "roads",
    minutes: Annotated[
        list[float] | None, typer.Option(help="In time within so many; may be given several times.")
    ] = None,
    turnout: TurnoutOption = 0.0,
    against: Annotated[
        Path | None, typer.Option(help="Compare with other posts: a file of them.")
    ] = None,
    against_closures: Annotated[
        Path | None, typer.Option(help="Compare with roads closed: a map of areas or lines.")
    ] = None,
    hours: Annotated[
        str | None, typer.Option(help="Cover by hour in addition, such as 0-23 or 7,8,17.")
    ] = None,
    zones: Annotated[
        Path | None, typer.Option(help="A map of areas by which cover is told, with their names.")
    ] = None,
    pbf: PbfOption = None,
    profile: ProfileOption = "normal",
    at: AtOption = None,
    speeds: SpeedsOption = None,
    crs: CrsOption = None,
    posts_crs: PostsCrsOption = None,
    layer: LayerOption = None,
    weight: WeightOption = None,
    zone: Annotated[str | None, typer.Option(help="Column of the zones of demand.")] = None,
    time_zone: TimeZoneOption = None,
    strict: StrictOption = False,
    days: DaysOption = 365,
    road_points: RoadPointsOption = 20_000,
    workers: WorkersOption = 0,
    cluster: ClusterOption = None,
    shards: ShardsOption = None,
    out: OutOption = None,
) -> None:
    """Tell which share of demand is reached within some minutes by road, and where it is not.

    Without --out the result is only told. --posts and --demand read CSV (lon, lat or x, y), \
GeoPackage, GeoJSON and shapefiles.
    """
    # The study needs geopandas, matplotlib and the router: a second that --help must not take.
    from scripts.studies.coverage.coverage_run import Asked  # noqa: PLC0415
    from scripts.studies.coverage.coverage_run import run  # noqa: PLC0415

    run(
        Asked(
            posts=posts,
            demand=demand,
            minutes=tuple(minutes or (5.0, 10.0, 15.0)),
            turnout=turnout,
            against=against,
            against_closures=against_closures,
            hours=hours,
            zones=zones,
            pbf=pbf,
            profile=profile,
            at=at,
            speeds=speeds,
            crs=crs,
            posts_crs=posts_crs,
            layer=layer,
            weight=weight,
            zone=zone,
            time_zone=time_zone,
            strict=strict,
            days=days,
            road_points=road_points,
            workers=workers,
            cluster=cluster,
            shards=shards,
            out=out,
        )
    )
