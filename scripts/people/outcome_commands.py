"""`nearcrew outcome …`: how orders can end, for each kind of incident."""

from collections.abc import Mapping
from typing import Annotated

import typer
from pydantic import ValidationError

from dispatch.bootstrap import Services
from dispatch.core.field_errors import refused
from dispatch.outcomes.types import SetOutcome
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import UsageError
from scripts.people.operator import operator

outcome_app = typer.Typer(
    no_args_is_help=True, help="Outcomes: how orders can end, for each kind of incident."
)
Kind = Annotated[str, typer.Argument(help="Code of an incident kind, such as gas_leak.")]
Code = Annotated[str, typer.Argument(help="Code of the outcome, such as no_access.")]


@outcome_app.command("list")
def list_outcomes(
    kind: Annotated[str | None, typer.Argument(help="Of one kind only.")] = None,
) -> None:
    """List the outcomes that are offered."""
    with opened_services(look_around()) as services:
        known = [each["code"] for each in services.incidents.kinds()["kinds"]]
        for code in [kind] if kind else known:
            _print_kind(services, code)


@outcome_app.command("set")
def set_outcome(
    kind: Kind,
    code: Code,
    *,
    name_en: Annotated[str, typer.Option(help="What English readers call it.")],
    name_zh: Annotated[str, typer.Option(help="What Chinese readers call it.")],
    effect: Annotated[
        str, typer.Option(help="done, follow_up (made safe, repair to follow) or not_done.")
    ],
    sort: Annotated[
        int | None, typer.Option(help="Place in the list; as before, or last, if left out.")
    ] = None,
) -> None:
    """Add an outcome, change it, or offer a retired one again."""
    fields = {"name_en": name_en, "name_zh": name_zh, "effect": effect, "sort": sort}
    with opened_services(look_around()) as services:
        outcome = services.outcomes.set(operator(), kind, code, _wanted(fields))
    print(f"{kind}: {outcome['code']} means {outcome['effect']}: {outcome['name_en']}.")


@outcome_app.command("retire")
def retire_outcome(kind: Kind, code: Code) -> None:
    """Offer an outcome no longer; what ended with it stays as it was."""
    with opened_services(look_around()) as services:
        outcome = services.outcomes.retire(operator(), kind, code)
    print(f"{kind}: {outcome['code']} is offered no longer.")


def _wanted(fields: Mapping[str, str | int | None]) -> SetOutcome:
    """Return the command; what cannot be is a usage error: exit code 2."""
    given = {name: str(value) for name, value in fields.items() if value is not None}
    try:
        return SetOutcome.model_validate_strings(given)
    except ValidationError as error:
        raise UsageError(refused(error).message()) from error


def _print_kind(services: Services, kind: str) -> None:
    print(kind)
    for each in services.outcomes.of_kind(kind)["outcomes"]:
        print(f"  {each['code']}: {each['effect']}, {each['name_en']} ({each['name_zh']})")
