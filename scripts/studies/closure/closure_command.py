"""`nearcrew study closure`: which closures hurt most."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scripts.studies.study_options import AtOption
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
from scripts.studies.study_options import SpeedsOption
from scripts.studies.study_options import StrictOption
from scripts.studies.study_options import TimeZoneOption
from scripts.studies.study_options import TurnoutOption
from scripts.studies.study_options import WeightOption


class By(StrEnum):
    """What closures are ranked by."""

    COVER = "cover"
    TIME = "time"
    CUT_OFF = "cut-off"


class Closed(StrEnum):
    """What is closed at a time."""

    STRETCH = "stretch"
    STREET = "street"


def closure(
    *,
    posts: PostsOption = "standby",
    demand: DemandOption = "roads",
    minutes: Annotated[float, typer.Option(help="In time within so many.")] = 10.0,
    turnout: TurnoutOption = 0.0,
    by: Annotated[
        By, typer.Option(help="Rank by demand losing cover, by time added, or by demand cut off.")
    ] = By.COVER,
    close: Annotated[
        Closed, typer.Option(help="Close a stretch between junctions, or a whole named street.")
    ] = Closed.STRETCH,
    count: Annotated[int, typer.Option(min=1, max=10_000, help="How many to list.")] = 20,
    every: Annotated[
        bool, typer.Option("--every", help="Find the loss of every street, for a whole map.")
    ] = False,
    worst: Annotated[
        float, typer.Option(help="Minutes that a later arrival, or none, counts as in added time.")
    ] = 60.0,
    also: Annotated[
        Path | None,
        typer.Option(help="Tell what these do together, too: a map of closed areas or lines."),
    ] = None,
    pbf: PbfOption = None,
    profile: ProfileOption = "normal",
    at: AtOption = None,
    speeds: SpeedsOption = None,
    crs: CrsOption = None,
    posts_crs: PostsCrsOption = None,
    layer: LayerOption = None,
    weight: WeightOption = None,
    time_zone: TimeZoneOption = None,
    strict: StrictOption = False,
    days: DaysOption = 365,
    road_points: RoadPointsOption = 20_000,
    out: OutOption = None,
) -> None:
    """Rank single closures of streets by what they cost: exactly, and with proof.

    One street at a time is closed, in both directions; places on it are still reached from its \
ends. No street that is not listed costs more than the last one listed.
    """
    # The study needs geopandas, matplotlib and the router: a second that --help must not take.
    from scripts.studies.closure.closure_run import Asked  # noqa: PLC0415
    from scripts.studies.closure.closure_run import run  # noqa: PLC0415
    from scripts.studies.closure.losses import Measure  # noqa: PLC0415
    from scripts.studies.closure.street_pieces import ClosedAtOnce  # noqa: PLC0415
    from scripts.studies.roads.asked_inputs import AskedInputs  # noqa: PLC0415

    run(
        AskedInputs(
            posts=posts,
            demand=demand,
            pbf=pbf,
            profile=profile,
            at=at,
            speeds=speeds,
            crs=crs,
            posts_crs=posts_crs,
            layer=layer,
            weight=weight,
            time_zone=time_zone,
            strict=strict,
            days=days,
            road_points=road_points,
        ),
        Asked(
            minutes=minutes,
            turnout=turnout,
            measure=Measure(by.value),
            at_once=ClosedAtOnce(close.value),
            count=count,
            every=every,
            worst=worst,
            also=also,
            out=out,
        ),
    )
