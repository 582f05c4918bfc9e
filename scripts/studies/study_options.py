"""Options that the commands of studies have in common: one name and one meaning each."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

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
    Path | None, typer.Option(help="Folder for the report, tables, pictures and GeoPackage.")
]
WorkersOption = Annotated[
    int, typer.Option(min=0, max=64, help="Processes of this machine that search as well.")
]
ClusterOption = Annotated[
    str | None, typer.Option(help="Search on a Dask cluster: tcp://HOST:PORT of its scheduler.")
]
ShardsOption = Annotated[
    Path | None,
    typer.Option(help="Folder for their files, seen by all; a study goes on where it stopped."),
]
