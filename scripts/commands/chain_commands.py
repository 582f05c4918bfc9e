"""`nearcrew chain …`: what happens while an order is not answered, or not set out to."""

import json
from typing import Annotated

import typer
from pydantic import ValidationError

from dispatch.access.permissions import SYSTEM
from dispatch.core.field_errors import refused
from dispatch.escalation.types import ChainAnswer
from dispatch.escalation.types import ChainStepAnswer
from dispatch.escalation.types import SetChain
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import UsageError

chain_app = typer.Typer(
    no_args_is_help=True, help="Escalation chains: what happens while nobody answers."
)
_STEPS = "Steps as action=seconds after the one before, such as ring_again=20,supervisor=60."


def register(app: typer.Typer) -> None:
    """Add the commands to the main one."""
    app.add_typer(chain_app, name="chain")


@chain_app.command("list")
def list_chains() -> None:
    """List the chains, that for all first."""
    with opened_services(look_around()) as services:
        for chain in services.chains.everything(SYSTEM)["chains"]:
            _print(chain)


@chain_app.command("set")
def set_chain(
    *,
    kind: Annotated[
        str | None, typer.Option(help="Code of an incident kind; every kind if left out.")
    ] = None,
    priority: Annotated[int | None, typer.Option(help="1 to 4; each if left out.")] = None,
    answer: Annotated[str, typer.Option(help=f"While it is not answered. {_STEPS}")],
    setting_out: Annotated[
        str, typer.Option(help="While it is accepted and not set out, in the same way.")
    ],
    rounds: Annotated[int, typer.Option(help="How often at most.")] = 1,
    auto_reoffer: Annotated[
        bool, typer.Option(help="Whether the next best crew is sent by itself.")
    ] = False,
) -> None:
    """Set the chain of a kind and a priority; orders that are under way keep theirs."""
    fields = {
        "kind": kind,
        "priority": priority,
        "answer_steps": _steps("answer", answer),
        "setting_out_steps": _steps("setting-out", setting_out),
        "rounds": rounds,
        "auto_reoffer": auto_reoffer,
    }
    with opened_services(look_around()) as services:
        try:
            # Through JSON, as the API reads it: enumerations are texts there.
            wanted = SetChain.read_json(json.dumps(fields).encode())
        except ValidationError as error:
            raise UsageError(refused(error).message()) from error
        _print(services.chains.set(SYSTEM, wanted))


def _steps(option: str, line: str) -> list[dict[str, object]]:
    steps: list[dict[str, object]] = []
    for each in line.split(","):
        action, _, wait = each.strip().partition("=")
        try:
            steps.append({"action": action, "wait_s": float(wait)})
        except ValueError:
            message = f"--{option}: {each.strip()} is not action=seconds."
            raise UsageError(message) from None
    return steps


def _print(chain: ChainAnswer) -> None:
    kind = chain["kind"] or "every kind"
    priority = f"P{chain['priority']}" if chain["priority"] else "each priority"
    sent = ", next best sent by itself" if chain["auto_reoffer"] else ""
    print(f"{chain['id']}: {kind}, {priority}: at most {chain['rounds']} round(s){sent}")
    print(f"   not answered: {_line(chain['answer_steps'])}")
    print(f"   not set out:  {_line(chain['setting_out_steps'])}")


def _line(steps: list[ChainStepAnswer]) -> str:
    return ",".join(f"{each['action'].value}={each['wait_s']:g}" for each in steps)
