"""`nearcrew tracker …`: phones' own programs that report where crews are."""

import sys
from typing import Annotated

import segno
import typer

from dispatch.trackers.setup_links import link_of
from dispatch.trackers.states import TROUBLE_LABELS
from dispatch.trackers.states import Protocol
from dispatch.trackers.types import AddTracker
from dispatch.trackers.types import TrackerAnswer
from geodata.crs.datum import Datum
from scripts.commands.opened_services import crew_named
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.people.operator import operator

tracker_app = typer.Typer(no_args_is_help=True, help="Trackers: programs on crews' phones.")


@tracker_app.command("add")
def add_tracker(
    crew: str,
    url: Annotated[str, typer.Option(help="Where phones find this console: https://…")],
    name: Annotated[str, typer.Option(help="What the device is called.")] = "Phone",
    protocol: Annotated[Protocol, typer.Option(help="What its program speaks.")] = Protocol.OSMAND,
    datum: Annotated[Datum, typer.Option(help="What its positions refer to.")] = Datum.WGS84,
) -> None:
    """Add a tracker to a crew; print the link that sets its phone up, once."""
    with opened_services(look_around()) as services:
        wanted = AddTracker.read(
            {
                "crew_id": crew_named(services, crew),
                "name": name,
                "protocol": protocol,
                "datum": datum,
            }
        )
        issued = services.trackers.add(operator(), wanted)
    link = link_of(issued, url)
    print(f"Tracker {issued['tracker']['id']}: {crew}, {name}")
    print(f"Its link, shown this once: {link}")
    if sys.stdout.isatty():
        segno.make(link, error="m", micro=False).terminal(compact=True)


@tracker_app.command("list")
def list_trackers() -> None:
    """List the trackers, those in trouble first."""
    with opened_services(look_around()) as services:
        trackers = services.trackers.list(operator())["trackers"]
    if not trackers:
        print("There are no trackers yet: nearcrew tracker add")
    for each in trackers:
        print(_line(each))


@tracker_app.command("revoke")
def revoke_tracker(number: Annotated[int, typer.Argument(help="As `tracker list` shows.")]) -> None:
    """Take nothing more of a tracker, within a second."""
    with opened_services(look_around()) as services:
        tracker = services.trackers.revoke(operator(), number)
    print(f"Revoked: {tracker['crew_name']}, {tracker['name']}.")


def _line(tracker: TrackerAnswer) -> str:
    troubles = ", ".join(TROUBLE_LABELS[each].lower() for each in tracker["troubles"]) or "well"
    heard = tracker["heard_at"] or "never"
    return (
        f"{tracker['id']}: {tracker['crew_name']}, {tracker['name']} "
        f"({tracker['protocol'].value}), heard {heard}: {troubles}"
    )
