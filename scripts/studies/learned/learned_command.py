"""`nearcrew study learned`: predicted against actual travel times."""

from pathlib import Path
from typing import Annotated

import typer

from scripts.studies.study_options import OutOption
from scripts.studies.study_options import PbfOption


def learned(
    *,
    trips: Annotated[
        Path | None,
        typer.Option(
            help="A table of trips: from_lon, from_lat, to_lon, to_lat, departed_at, arrived_at; "
            "the desk's own orders if left out."
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3_650, help="Of the desk's orders.")] = 90,
    speeds: Annotated[
        Path | None,
        typer.Option(help="The speed factors in use; those of NEARCREW_SPEEDS for the desk's."),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            help="In which hours and days are counted, and times that do not say theirs: that of "
            "the speed factors if left out, or of NEARCREW_TIME_ZONE for the desk's orders."
        ),
    ] = None,
    pbf: PbfOption = None,
    out: OutOption = None,
) -> None:
    """Compare predicted with actual travel times, and learn speed factors from them.

    Tells the bias and the band that holds nine of ten drives, by road class and hour, and how \
good both are on days that were not learned from. With --out, speeds.json holds the new factors, \
as NEARCREW_SPEEDS and --speeds read them; nothing is put in force.
    """
    # The study needs the router and matplotlib: a second that --help must not take.
    from scripts.studies.learned.learned_run import Asked  # noqa: PLC0415
    from scripts.studies.learned.learned_run import run  # noqa: PLC0415

    run(Asked(trips=trips, days=days, speeds=speeds, time_zone=time_zone, pbf=pbf, out=out))
