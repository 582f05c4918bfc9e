"""`nearcrew pledge …`: what is promised, and the shipped examples with their sources."""

from typing import Annotated

import typer

from dispatch.access.permissions import SYSTEM
from dispatch.pledges.presets import BY_CODE
from dispatch.pledges.presets import DEMO_CODES
from dispatch.pledges.types import PledgeAnswer
from dispatch.pledges.types import UsePreset
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import UsageError

pledge_app = typer.Typer(
    no_args_is_help=True, help="Pledges: how soon a crew is to be there, or supply to be back."
)


def register(app: typer.Typer) -> None:
    """Add the commands to the main one."""
    app.add_typer(pledge_app, name="pledge")


def limit_words(seconds: float) -> str:
    """Return a limit in hours where it is some, else in minutes."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours:g} h" if rest == 0 else f"{seconds / 60:g} min"


@pledge_app.command("list")
def list_pledges() -> None:
    """List what is promised."""
    with opened_services(look_around()) as services:
        pledges = services.pledges.list(SYSTEM)["pledges"]
    if not pledges:
        print("Nothing is pledged yet, so no clocks run: nearcrew pledge presets")
    for each in pledges:
        print(_line(each))


def _line(pledge: PledgeAnswer) -> str:
    state = "on " if pledge["enabled"] else "off"
    kinds = ", ".join(pledge["kinds"]) or "all kinds"
    mark = " [example]" if pledge["example"] else ""
    source = f"; {pledge['source']}" if pledge["source"] else ""
    return (
        f"{state} {pledge['utility']:<5} {limit_words(pledge['limit_s']):>7} "
        f"{pledge['start']} → {pledge['stop']}: {pledge['name_en']} ({kinds}){mark}{source}"
    )


@pledge_app.command("presets")
def list_presets() -> None:
    """List the shipped examples with their sources; none holds until it is used."""
    with opened_services(look_around()) as services:
        presets = services.pledges.list(SYSTEM)["presets"]
    print("Examples with their sources, no national standards; use CODE to switch one on.")
    for each in presets:
        print(
            f"{'on ' if each['enabled'] else 'off'} {each['code']:<22} "
            f"{limit_words(each['limit_s']):>7}  {each['name_en']} – "
            f"{each['source']}, {each['place']} ({each['source_date']})"
        )


@pledge_app.command("use")
def use_presets(
    codes: Annotated[
        list[str] | None, typer.Argument(help="Codes of examples, as `pledge presets` lists them.")
    ] = None,
    *,
    off: Annotated[bool, typer.Option("--off", help="Switch them off instead.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Those that the demo runs, a few for each utility.")
    ] = False,
) -> None:
    """Switch shipped examples on, or off; what is edited afterwards is your own."""
    chosen = [*(codes or []), *(DEMO_CODES if demo else ())]
    unknown = [code for code in chosen if code not in BY_CODE]
    if unknown or not chosen:
        message = f"There is no example named {unknown[0]}." if unknown else "Name an example."
        raise UsageError(message, mend="nearcrew pledge presets lists them.")
    with opened_services(look_around()) as services:
        for code in chosen:
            services.pledges.use_preset(SYSTEM, code, UsePreset(enabled=not off))
    print(f"{'Off' if off else 'On'}: {', '.join(chosen)}.")
