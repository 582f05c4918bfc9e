"""Options that the commands of studies have in common: one name and one meaning each."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from scripts.studies.report.out_folder import writable_folder
from scripts.studies.report.out_folder import writable_shards

PostsOption = Annotated[
    str, typer.Option(help="Where crews set out: a file, standby (stations) or live (crews).")
]
DemandOption = Annotated[
    str, typer.Option(help="Who is to be reached: a file, incidents or roads.")
]
TurnoutOption = Annotated[
    float, typer.Option(min=0.0, help="Minutes from the alarm until a crew drives.")
]
PbfOption = Annotated[
    Path | None, typer.Option(help="An OpenStreetMap extract; the imported city if left out.")
]
ProfileOption = Annotated[str, typer.Option(help="normal or emergency.")]
AtOption = Annotated[
    datetime | None, typer.Option(help="The hour whose speeds count; free flow if left out.")
]
SpeedsOption = Annotated[
    Path | None, typer.Option(help="A file of speed factors by class and hour.")
]
CrsOption = Annotated[
    str | None, typer.Option(help="Of demand, where its file does not say: EPSG:…")
]
PostsCrsOption = Annotated[
    str | None, typer.Option(help="Of posts, where their file does not say.")
]
LayerOption = Annotated[str | None, typer.Option(help="Of a GeoPackage of demand.")]
WeightOption = Annotated[str | None, typer.Option(help="Column of the weights of demand.")]
TimeZoneOption = Annotated[
    str | None, typer.Option(help="Of times that do not say theirs, such as Europe/Lisbon.")
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Stop at the first row that does not count.")
]
DaysOption = Annotated[int, typer.Option(min=1, help="Of past incidents.")]
RoadPointsOption = Annotated[
    int, typer.Option(min=1, max=1_000_000, help="Points that stand for the roads.")
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder for the report, tables, pictures and GeoPackage.", callback=writable_folder
    ),
]
NeededOutOption = Annotated[
    Path,
    typer.Option(
        help="Folder for the report, tables, pictures and GeoPackage.", callback=writable_folder
    ),
]
WorkersOption = Annotated[
    int, typer.Option(min=0, max=64, help="Processes of this machine that search as well.")
]
ClusterOption = Annotated[
    str | None, typer.Option(help="Search on a Dask cluster: tcp://HOST:PORT of its scheduler.")
]
ShardsOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder for their files, seen by all; a study goes on where it stopped.",
        callback=writable_shards,
    ),
]
LogOption = Annotated[
    Path | None,
    typer.Option(
        help="Past incidents: lon, lat, reported_at; kind, priority, turnout_s, work_s, skills "
        "if known. The desk's own if left out."
    ),
]
DaysBackOption = Annotated[
    int, typer.Option(min=1, max=3_650, help="Of the desk's incidents, the last so many days.")
]
LengthOption = Annotated[float, typer.Option(min=0.05, help="Days that a replication lasts.")]
ReplicationsOption = Annotated[
    int, typer.Option(min=1, max=10_000, help="How many times the days are drawn.")
]
SeedOption = Annotated[int, typer.Option(min=0, help="The same seed, the same answer.")]
WarmUpOption = Annotated[
    float, typer.Option(min=0.0, help="Hours before each replication that do not count.")
]
BeginOption = Annotated[
    str | None, typer.Option(help="When drawn days begin, such as 2026-01-05T00:00.")
]
ClockOption = Annotated[
    str, typer.Option(help="Time zone of shifts, hours of the week, and times that name none.")
]
LoggedTurnoutOption = Annotated[
    float | None,
    typer.Option(min=0.0, help="Minutes until a crew drives; as logged if left out."),
]
LoggedWorkOption = Annotated[
    float | None, typer.Option(min=0.0, help="Minutes on scene; as logged if left out.")
]
HourOption = Annotated[
    str | None, typer.Option(help="Whose hour's speeds count, such as 2026-01-05T08:00.")
]
