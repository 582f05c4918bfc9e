"""`nearcrew plan …`: which crews each kind of incident needs, at which alarm level."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from pydantic_core import to_json

from dispatch.core.field_errors import refused
from dispatch.plans.types import PlanAnswer
from dispatch.plans.types import SetPlan
from dispatch.plans.types import TaskAnswer
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import UsageError
from scripts.people.operator import operator

plan_app = typer.Typer(
    no_args_is_help=True,
    help="Response plans: which crews each kind of incident needs, at which alarm level.",
)


@plan_app.command("list")
def list_plans(
    kind: Annotated[str | None, typer.Argument(help="Of one kind only.")] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="As `plan set` reads it; needs a kind.")
    ] = False,
) -> None:
    """List response plans; levels add up."""
    if as_json and kind is None:
        message = "--json needs a kind"
        raise UsageError(message)
    with opened_services(look_around()) as services:
        if kind is None:
            plans = services.plans.all(operator())["plans"]
        else:
            plans = [services.plans.of_kind(operator(), kind)]
    if as_json:
        print(to_json({"tasks": plans[0]["tasks"]}, indent=2).decode())
        return
    for plan in plans:
        _print_plan(plan)


@plan_app.command("set")
def set_plan(
    kind: Annotated[str, typer.Argument(help="Code of an incident kind, such as gas_leak.")],
    file: Annotated[
        str, typer.Argument(help="JSON as `plan list KIND --json` writes it; - reads it.")
    ],
) -> None:
    """Put a plan in place of the present one, whole; open incidents follow it, too."""
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise UsageError(message) from error
    try:
        wanted = SetPlan.read_json(body)
    except ValidationError as error:
        raise UsageError(refused(error).message()) from error
    with opened_services(look_around()) as services:
        plan = services.plans.set(operator(), kind, wanted)
    _print_plan(plan)


def _print_plan(plan: PlanAnswer) -> None:
    print(plan["kind"])
    for task in plan["tasks"]:
        print(f"  {_line(task)}")


def _line(task: TaskAnswer) -> str:
    skills = ", ".join(task["skills"]) or "any"
    what = f"{task['crews']} {task['name_en']} ({task['name_zh']})"
    return f"level {task['level']}: {what}: {task['task']}, {task['role']}, skills: {skills}"
