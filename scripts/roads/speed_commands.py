"""`nearcrew speeds …`: observed speeds, and taking them over as speed factors."""

import json
from pathlib import Path
from typing import Annotated
from typing import Any

import typer

from dispatch.access.permissions import SYSTEM
from dispatch.driven_tracks.types import ObservedSpeedAnswer
from dispatch.driven_tracks.types import ObservedSpeedsAnswer
from routing.engine.hourly_speeds import SpeedTable
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import ScriptError
from scripts.errors import UsageError

KILOMETRE_M = 1000.0
speed_app = typer.Typer(
    no_args_is_help=True, help="Speeds: what crews drove, and the factors of travel times."
)
Days = Annotated[int, typer.Option(min=1, max=3_650, help="Of how many days.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the main one."""
    app.add_typer(speed_app, name="speeds")


@speed_app.command("observed")
def observed(*, days: Days = 90) -> None:
    """List how quickly roads of each class were driven, beside the factors in use.

    A factor is a share of the free-flow speed. Errors are those of predicted times of the stretches
    driven: with the present factor, and with the observed one.
    """
    found = _observed(days)
    if not found["speeds"]:
        print("Nothing has been driven yet: tracks are made once orders have ended.")
        return
    print(
        f"{'class':<15} {'days':<7} {'hours':<7} {'drives':>6} {'km':>8} {'observed':>9} "
        f"{'present':>8} {'error now':>10} {'then':>6}"
    )
    for each in found["speeds"]:
        print(_line(each))
    error = found["predicted_error"]
    if error is not None:
        print(
            f"Orders took {abs(error):.0%} {'longer' if error >= 0 else 'less'} than predicted, "
            "the middle one of them."
        )


@speed_app.command("accept")
def accept(
    classes: Annotated[
        list[str] | None, typer.Argument(help="Road classes; all that are known well enough.")
    ] = None,
    *,
    days: Days = 90,
    file: Annotated[
        Path | None, typer.Option(help="Of speed factors; the one of NEARCREW_SPEEDS if left out.")
    ] = None,
    all_of_them: Annotated[
        bool, typer.Option("--few", help="Those of fewer drives than usual, too.")
    ] = False,
) -> None:
    """Write observed speeds into the file of speed factors, where they replace the present ones.

    What else stands in the file stays. Servers and workers read it when they start.
    """
    surroundings = look_around()
    target = file or surroundings.settings.speeds_file
    if target is None:
        message = "No file of speed factors is set."
        raise UsageError(message, mend="Set NEARCREW_SPEEDS, or give --file FILE.")
    found = _observed(days)
    chosen = [
        each
        for each in found["speeds"]
        if (not classes or each["road_class"] in classes) and (each["enough"] or all_of_them)
    ]
    unknown = set(classes or ()) - {each["road_class"] for each in found["speeds"]}
    if unknown:
        message = f"Nothing was observed of {', '.join(sorted(unknown))}."
        raise UsageError(message, mend="nearcrew speeds observed")
    if not chosen:
        message = "Nothing was observed often enough."
        raise ScriptError(message, mend="nearcrew speeds observed; --few takes what there is.")
    written = _read(target, found["time_zone"])
    written["rules"] = [*written.get("rules", []), *(_rule(each) for each in chosen)]
    _write(target, written)
    for each in chosen:
        print(_line(each))
    print(f"Written to {target}. Restart the service: it reads the file when it starts.")


def _observed(days: int) -> ObservedSpeedsAnswer:
    with opened_services(look_around()) as services:
        return services.driven_tracks.speeds(SYSTEM, days)


def _line(each: ObservedSpeedAnswer) -> str:
    weekdays = "Mon-Fri" if 1 in each["days"] else "Sat-Sun"
    return (
        f"{each['road_class']:<15} {weekdays:<7} {each['from_hour']:02}-{each['until_hour']:02}   "
        f"{each['drives']:>6} {each['driven_m'] / KILOMETRE_M:>8.1f} {each['observed']:>9.2f} "
        f"{each['present']:>8.2f} {each['present_error']:>10.0%} {each['observed_error']:>6.0%}"
        + ("" if each["enough"] else "  too few")
    )


def _rule(each: ObservedSpeedAnswer) -> dict[str, Any]:
    return {
        "classes": [each["road_class"]],
        "days": each["days"],
        "from_hour": each["from_hour"],
        "until_hour": each["until_hour"],
        "factor": each["observed"],
    }


def _read(file: Path, time_zone: str) -> dict[str, Any]:
    """Return what stands in a file of factors that can be read; a new one if there is none."""
    if not file.exists():
        return {"time_zone": time_zone, "rules": []}
    SpeedTable.load(file)
    written: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if "hourly" in written:
        message = f"{file} has hourly factors, which win over rules."
        raise ScriptError(message, mend="Remove them, or give another --file.")
    if written["time_zone"] != time_zone:
        message = f"{file} counts hours in {written['time_zone']}, not in {time_zone}."
        raise ScriptError(message, mend="Set NEARCREW_TIME_ZONE to the same, or give another file.")
    return written


def _write(file: Path, written: dict[str, Any]) -> None:
    """Write it beside the file, check it as the service will, and put it in place at once."""
    fresh = file.with_name(file.name + ".new")
    try:
        fresh.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
        SpeedTable.load(fresh)
        fresh.replace(file)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}."
        raise ScriptError(message) from error
