"""`nearcrew shift …`: the rota, its gaps, and calendar addresses of crews."""

from datetime import date
from datetime import timedelta
from typing import Annotated

import typer

from dispatch.access.permissions import SYSTEM
from dispatch.bootstrap import Services
from dispatch.shifts.rota_types import SetRotation
from dispatch.shifts.rota_types import SetRotationAnswer
from dispatch.shifts.rota_types import SetStaffingRule
from dispatch.shifts.rota_types import SetTemplate
from dispatch.shifts.types import AddShift
from dispatch.shifts.types import CancelShift
from dispatch.shifts.types import ShiftAnswer
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import UsageError

shift_app = typer.Typer(no_args_is_help=True, help="Shifts: who is to be on duty when.")
_DAY = "A day such as 2026-01-31."
_HOUR = "HH:MM by the clock at the desk."
_FREE = "-"


def register(app: typer.Typer) -> None:
    """Add the commands to the main one."""
    app.add_typer(shift_app, name="shift")


@shift_app.command("list")
def list_shifts(
    *,
    first: Annotated[str | None, typer.Option("--from", help=f"{_DAY} This Monday's.")] = None,
    last: Annotated[str | None, typer.Option("--to", help=f"{_DAY} Six days later.")] = None,
    crew: Annotated[str | None, typer.Option(help="Name of a crew; all if left out.")] = None,
) -> None:
    """List the shifts of some days."""
    with opened_services(look_around()) as services:
        crew_id = None if crew is None else _crew(services, crew)
        shown = services.shifts.list(SYSTEM, _day(first), _day(last), crew_id)
    for each in shown["shifts"]:
        print(_line(each))
    if not shown["shifts"]:
        print(f"No shifts from {shown['first']} to {shown['last']}.")


@shift_app.command("add")
def add_shift(
    crew: Annotated[str, typer.Argument(help="Name of the crew.")],
    day: Annotated[str, typer.Argument(help=_DAY)],
    from_time: Annotated[str, typer.Argument(metavar="FROM", help=_HOUR)],
    to_time: Annotated[str, typer.Argument(metavar="TO", help=f"{_HOUR} Earlier: next day's.")],
    *,
    name: Annotated[str | None, typer.Option(help="What the shift is called.")] = None,
) -> None:
    """Add a single shift, whatever the rotations say."""
    with opened_services(look_around()) as services:
        times = {"day": day, "from_time": from_time, "to_time": to_time}
        named = {} if name is None else {"name": name}
        wanted = AddShift.read({"crew_id": _crew(services, crew), **times, **named})
        made, _ = services.shifts.add(SYSTEM, wanted)
    print(_line(made))


@shift_app.command("cancel")
def cancel_shift(
    number: Annotated[int, typer.Argument(help="Number of the shift, as `shift list` says.")],
    *,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
) -> None:
    """Have a shift not take place."""
    with opened_services(look_around()) as services:
        gone = services.shifts.cancel(SYSTEM, number, CancelShift(reason=reason))
    print(f"Cancelled: {_line(gone)}")


@shift_app.command("kinds")
def list_kinds() -> None:
    """List the kinds of shifts."""
    with opened_services(look_around()) as services:
        kinds = services.rota.templates(SYSTEM)["templates"]
    for each in kinds:
        print(f"{each['id']:>4} {each['from_time']}-{each['to_time']} {each['name']}")
    if not kinds:
        print("No kinds of shifts yet: nearcrew shift kind Night 20:00 08:00")


@shift_app.command("kind")
def add_kind(
    name: Annotated[str, typer.Argument(help="Such as Night.")],
    from_time: Annotated[str, typer.Argument(metavar="FROM", help=_HOUR)],
    to_time: Annotated[str, typer.Argument(metavar="TO", help=f"{_HOUR} Earlier: next day's.")],
) -> None:
    """Add a kind of shift."""
    wanted = {"name": name, "from_time": from_time, "to_time": to_time}
    with opened_services(look_around()) as services:
        made = services.rota.set_template(SYSTEM, None, SetTemplate.read(wanted))
    print(f"{made['id']:>4} {made['from_time']}-{made['to_time']} {made['name']}")


@shift_app.command("rotate")
def add_rotation(
    name: Annotated[str, typer.Argument(help="What the rotation is called.")],
    crews: Annotated[list[str], typer.Argument(help="Names of crews, in their order.")],
    *,
    cycle: Annotated[
        str, typer.Option(help=f"Kinds of the days by number, {_FREE} for free: 1,2,-,-.")
    ],
    first: Annotated[str | None, typer.Option("--from", help=f"{_DAY} Tomorrow.")] = None,
    apart: Annotated[
        int, typer.Option(min=0, help="How many days of the cycle each crew is after the last.")
    ] = 1,
) -> None:
    """Have crews go through a cycle of days, and plan their shifts of the next six weeks."""
    days = [[] if each == _FREE else [_number(each)] for each in cycle.split(",")]
    with opened_services(look_around()) as services:
        tomorrow = (services.shifts.today() + timedelta(days=1)).isoformat()
        rotating = [
            {"crew_id": _crew(services, each), "offset_days": number * apart % len(days)}
            for number, each in enumerate(crews)
        ]
        wanted = {"name": name, "starts_on": first or tomorrow, "cycle": days, "crews": rotating}
        made = services.rota.set_rotation(SYSTEM, None, SetRotation.read(wanted))
    print(_planned(made))


@shift_app.command("rule")
def add_rule(
    name: Annotated[str, typer.Argument(help="What the rule is called.")],
    from_time: Annotated[str, typer.Argument(metavar="FROM", help=_HOUR)],
    to_time: Annotated[str, typer.Argument(metavar="TO", help=f"{_HOUR} Earlier: next day's.")],
    *,
    least: Annotated[int, typer.Option(min=1, help="How many crews at least.")] = 1,
    skill: Annotated[str | None, typer.Option(help="With this skill.")] = None,
    station: Annotated[str | None, typer.Option(help="Of the crews of this station.")] = None,
) -> None:
    """Ask for a minimum of crews at some hours."""
    with opened_services(look_around()) as services:
        where = {} if station is None else {"station_id": _station(services, station)}
        what = {} if skill is None else {"skill": skill}
        hours = {"from_time": from_time, "to_time": to_time}
        wanted = {"name": name, **hours, "least": least, **where, **what}
        made = services.staffing.set(SYSTEM, None, SetStaffingRule.read(wanted))
    print(f"{made['id']:>4} {made['name']}: at least {made['least']}")


@shift_app.command("gaps")
def list_gaps(
    *, days: Annotated[int, typer.Option(min=1, max=42, help="How far to look.")] = 14
) -> None:
    """List where and when too few crews are planned."""
    with opened_services(look_around()) as services:
        gaps = services.staffing.gaps(SYSTEM, timedelta(days=days))["gaps"]
    for each in gaps:
        where = " ".join(word for word in (each["area"], each["skill"]) if word) or each["name"]
        times = f"{each['begins_at'][:16]}Z to {each['ends_at'][:16]}Z"
        print(f"{where}: {times}, {each['have']} of {each['least']}")
    if not gaps:
        print(f"No gaps within {days} days.")


@shift_app.command("feed")
def make_feed(
    crew: Annotated[str, typer.Argument(help="Name of the crew.")],
    *,
    end: Annotated[bool, typer.Option("--end", help="End the address instead.")] = False,
) -> None:
    """Make a new secret address at which calendar programs read a crew's shifts."""
    with opened_services(look_around()) as services:
        crew_id = _crew(services, crew)
        if end:
            services.shift_feeds.revoke(SYSTEM, crew_id)
            print(f"The address of {crew} leads nowhere any more.")
            return
        print(services.shift_feeds.make(SYSTEM, crew_id)["path"])


def _line(shift: ShiftAnswer) -> str:
    times = f"{shift['day']} {shift['from_time']}-{shift['to_time']}"
    hand = " (by hand)" if shift["by_hand"] else ""
    return f"{shift['id']:>6} {times} {shift['crew_name']}: {shift['name'] or 'shift'}{hand}"


def _planned(made: SetRotationAnswer) -> str:
    rotation = made["rotation"]
    return f"{rotation['name']}: {made['added']} shifts, until {rotation['made_until']}."


def _day(words: str | None) -> date | None:
    if words is None:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        message = f"{words} is no day."
        raise UsageError(message, mend=_DAY) from None


def _number(words: str) -> int:
    if not words.strip().isdecimal():
        message = f"{words} is no number of a kind of shift."
        raise UsageError(message, mend="nearcrew shift kinds lists them.")
    return int(words)


def _crew(services: Services, name: str) -> int:
    for each in services.crews.list(SYSTEM)["crews"]:
        if each["name"] == name:
            return each["id"]
    message = f"There is no crew named {name}."
    raise UsageError(message, mend="Names are written as on the board.")


def _station(services: Services, name: str) -> int:
    for each in services.stations.list(SYSTEM)["stations"]:
        if each["name"] == name:
            return each["id"]
    message = f"There is no station named {name}."
    raise UsageError(message, mend="Names are written as on the board.")
