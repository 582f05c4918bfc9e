"""`nearcrew study site`: where to stand."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scripts.studies.study_options import AtOption
from scripts.studies.study_options import DaysOption
from scripts.studies.study_options import DemandOption
from scripts.studies.study_options import OutOption
from scripts.studies.study_options import PbfOption
from scripts.studies.study_options import ProfileOption
from scripts.studies.study_options import SpeedsOption
from scripts.studies.study_options import StrictOption
from scripts.studies.study_options import TurnoutOption
from scripts.studies.study_options import WeightOption


class ModelName(StrEnum):
    """The location models; `scripts.studies.site.model_choice.Model` knows the same."""

    MCLP = "mclp"
    LSCP = "lscp"
    LSCP_B = "lscp_b"
    P_MEDIAN = "p_median"
    P_CENTER = "p_center"
    DOUBLE_STANDARD = "double_standard"
    MEXCLP = "mexclp"


def site(
    *,
    candidates: Annotated[Path, typer.Option(help="A file of places where one could stand.")],
    demand: DemandOption = "roads",
    model: Annotated[
        ModelName,
        typer.Option(
            help="mclp: most cover; lscp: fewest sites for all; lscp_b: with most backup; "
            "p_median: least mean time; p_center: least longest time; double_standard: two limits; "
            "mexclp: cover by crews that may be busy."
        ),
    ] = ModelName.MCLP,
    minutes: Annotated[float, typer.Option(help="In time within so many.")] = 10.0,
    count: Annotated[
        int | None, typer.Option(help="Sites in all, existing ones included; not for lscp.")
    ] = None,
    existing: Annotated[
        Path | None, typer.Option(help="A file of sites that stand already and stay.")
    ] = None,
    may_close: Annotated[
        list[str] | None, typer.Option(help="The name of an existing site that may be given up.")
    ] = None,
    forbid: Annotated[
        list[str] | None, typer.Option(help="The name of a candidate that must not be taken.")
    ] = None,
    forbidden: Annotated[
        Path | None, typer.Option(help="A map of areas in which no candidate may be taken.")
    ] = None,
    second_minutes: Annotated[
        float | None, typer.Option(help="Of double_standard: everybody within so many.")
    ] = None,
    alpha: Annotated[
        float, typer.Option(help="Of double_standard: share within the minutes.")
    ] = 0.9,
    busy: Annotated[
        float | None, typer.Option(help="Of mexclp: share of its time that a crew is busy.")
    ] = None,
    work_log: Annotated[
        Path | None,
        typer.Option(help="Instead of --busy: a CSV table of jobs, columns sent_at and free_at."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.0, help="Time that the model may take for its proof.")
    ] = 30.0,
    turnout: TurnoutOption = 0.0,
    pbf: PbfOption = None,
    profile: ProfileOption = "normal",
    at: AtOption = None,
    speeds: SpeedsOption = None,
    crs: Annotated[str | None, typer.Option(help="Of files that do not say theirs: EPSG:…")] = None,
    weight: WeightOption = None,
    strict: StrictOption = False,
    days: DaysOption = 365,
    road_points: Annotated[
        int, typer.Option(min=1, max=200_000, help="Points that stand for the roads.")
    ] = 2_000,
    out: OutOption = None,
) -> None:
    """Find where crews should stand, and say how far from the best that is at most.

    A good answer comes at once; the rest of the seconds goes into its proof. Without --out the \
result is only told.
    """
    # The study needs numba, geopandas and the router: a second that --help must not take.
    from scripts.studies.site.site_run import Asked  # noqa: PLC0415
    from scripts.studies.site.site_run import run  # noqa: PLC0415

    run(
        Asked(
            candidates=candidates,
            demand=demand,
            model=model.value,
            minutes=minutes,
            count=count,
            existing=existing,
            may_close=tuple(may_close or ()),
            forbid=tuple(forbid or ()),
            forbidden=forbidden,
            second_minutes=second_minutes,
            alpha=alpha,
            busy=busy,
            work_log=work_log,
            seconds=seconds,
            turnout=turnout,
            pbf=pbf,
            profile=profile,
            at=at,
            speeds=speeds,
            crs=crs,
            weight=weight,
            strict=strict,
            days=days,
            road_points=road_points,
            out=out,
        )
    )
