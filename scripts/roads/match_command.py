"""`nearcrew match`: which streets a recorded track was driven along."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from routing.matching.matched_track import Fate
from routing.matching.matched_track import MatchedTrack
from scripts.commands.progress import waiting
from scripts.roads.answers_file import put
from scripts.roads.command_router import open_router
from scripts.roads.matched_file import as_text
from scripts.roads.matched_file import instant
from scripts.roads.matched_file import wanted_ending
from scripts.roads.route_commands import KILOMETRE_M
from scripts.roads.route_commands import MINUTE_S
from scripts.roads.route_commands import Pbf
from scripts.roads.route_commands import refusals
from scripts.roads.track_file import read_track
from scripts.roads.track_points import RecordedTrack

_WORDS = {
    Fate.DUPLICATE: "with the time of another",
    Fate.OUTSIDE: "outside the ground",
    Fate.OFF_ROAD: "near no street",
    Fate.JUMP: "where nobody can have driven so quickly",
    Fate.NO_WAY: "where no permitted way leads in the time",
}
_GAP_WORDS = {
    "off_road": "off every street",
    "silence": "no fixes",
    "jump": "goes on elsewhere",
    "no_way": "no permitted way in the time",
}


def register(app: typer.Typer) -> None:
    """Add the command to the main one."""
    app.command()(match)


def match(
    *,
    track: Annotated[
        Path,
        typer.Argument(
            help="A .gpx file, or a .csv table with lon, lat, time, and accuracy_m if known."
        ),
    ],
    pbf: Pbf = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "--output", "-o", help="Where to: .geojson (path, gaps, stops), .gpx or .csv."
        ),
    ] = None,
) -> None:
    """Match a recorded track to the streets it was driven along, and say what was found.

    One-way signs and turn restrictions are obeyed. Times without a zone are UTC. A table has one
    row for each fix with the OpenStreetMap way and the metres along the street between two
    junctions, in driving direction.
    """
    ending = wanted_ending(out) if out else ""
    recorded = read_track(track)
    for remark in recorded.remarks:
        print(remark, file=sys.stderr)
    router = open_router(pbf, "normal")
    with waiting(f"Matching {len(recorded.at_s):,} fixes"), refusals():
        matched = router.match(
            recorded.lonlat,
            recorded.at_s,
            recorded.accuracy_m,
            heading_deg=recorded.heading_deg,
            speed_mps=recorded.speed_mps,
        )
    if out:
        put(as_text(ending, recorded, matched, router.network), out)
    print("\n".join(_summary(recorded, matched)))


def _summary(recorded: RecordedTrack, matched: MatchedTrack) -> list[str]:
    said = [f"{len(matched):,} fixes, {100.0 * matched.matched_share:.1f} % matched"]
    left_out = matched.left_out()
    said += [f"  {count:,} {_WORDS[fate]}" for fate, count in left_out.items()]
    if left_out.get(Fate.OUTSIDE, 0) == len(matched) > 0:
        return [*said, "The whole track is outside the ground."]
    said.append(f"{matched.driven_m / KILOMETRE_M:.2f} km driven")
    said.append(f"{len(matched.gaps)} gaps, {len(matched.stops)} stops")
    for gap in matched.gaps:
        said.append(
            f"  Gap {_between(recorded, gap.from_s, gap.until_s)}, {gap.straight_m:,.0f} m: "
            f"{_GAP_WORDS[gap.reason]}"
        )
    for stop in matched.stops:
        minutes = (stop.until_s - stop.from_s) / MINUTE_S
        said.append(
            f"  Stop {_between(recorded, stop.from_s, stop.until_s)}, {minutes:.0f} min at "
            f"{stop.lonlat[0]:.5f},{stop.lonlat[1]:.5f}"
        )
    return said


def _between(recorded: RecordedTrack, from_s: float, until_s: float) -> str:
    begin, end = (instant(at_s, timed=recorded.timed) for at_s in (from_s, until_s))
    if begin is None or end is None:
        return f"after {from_s - float(recorded.at_s.min()):,.0f} s"
    return f"{begin[:19]}Z to {end[:19]}Z"
