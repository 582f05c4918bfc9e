"""`nearcrew unit …`: the tree of group, companies, stations and teams."""

from typing import Annotated

import typer

from dispatch.bootstrap import Services
from dispatch.core.errors import NotFound
from dispatch.units.states import HINDRANCE_LABELS
from dispatch.units.states import UnitKind
from dispatch.units.types import AddUnit
from dispatch.units.types import ChangeUnit
from dispatch.units.types import DeleteUnit
from dispatch.units.types import PutGroupAbove
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import UsageError
from scripts.people.operator import operator

unit_app = typer.Typer(no_args_is_help=True, help="Units: whose rows are whose.")
_UNIT = "unit"
Code = Annotated[str, typer.Argument(help="Its unified code.")]
Below = Annotated[str, typer.Option(help="Code of the unit that it belongs to.")]


@unit_app.command("list")
def list_units() -> None:
    """List the tree, from the root down."""
    with opened_services(look_around()) as services:
        units = services.units.list(operator())["units"]
    for each in units:
        counted = f"{each['crews']} crews, {each['accounts']} accounts"
        print(f"{'  ' * each['depth']}{each['code']} {each['name']} ({each['kind']}): {counted}")


@unit_app.command("add")
def add_unit(kind: UnitKind, code: Code, name: str, *, below: Below) -> None:
    """Add a company, station or team below another unit."""
    with opened_services(look_around()) as services:
        wanted = {"parent_id": _id_of(services, below), "kind": kind, "code": code, "name": name}
        services.units.add(operator(), AddUnit.read(wanted))
    print(f"{code} {name} belongs to {below}.")


@unit_app.command("change")
def change_unit(
    code: Code,
    *,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    new_code: Annotated[str | None, typer.Option(help="Another code.")] = None,
    below: Annotated[str | None, typer.Option(help="Code of the unit to move it to.")] = None,
) -> None:
    """Rename a unit, give it another code, or move it with all below it."""
    with opened_services(look_around()) as services:
        wanted = {
            "name": name,
            "code": new_code,
            "parent_id": None if below is None else _id_of(services, below),
        }
        change = ChangeUnit.read({key: value for key, value in wanted.items() if value is not None})
        unit = services.units.change(operator(), _id_of(services, code), change)
    print(f"{unit['code']} {unit['name']} belongs to {unit['parent_name'] or 'nobody'}.")


@unit_app.command("delete")
def delete_unit(
    code: Code,
    *,
    move_to: Annotated[
        str | None, typer.Option(help="Code of the unit that gets what it still has.")
    ] = None,
) -> None:
    """Delete a unit; refused while something still belongs to it."""
    with opened_services(look_around()) as services:
        unit_id = _id_of(services, code)
        left = services.units.hindrances(operator(), unit_id)
        if left["hindrances"] and (move_to is None or not left["movable"]):
            things = ", ".join(
                f"{each['count']} {HINDRANCE_LABELS[each['what']]}" for each in left["hindrances"]
            )
            hint = " Name a unit with --move-to." if left["movable"] else ""
            raise UsageError(f"{code} still has {things}.{hint}")  # noqa: TRY003, EM102
        there = None if move_to is None else _id_of(services, move_to)
        services.units.delete(operator(), unit_id, DeleteUnit(move_to=there))
    print(f"{code} is deleted.")


@unit_app.command("group")
def put_group_above(code: Code, name: str) -> None:
    """Make the one company a company of a group."""
    with opened_services(look_around()) as services:
        services.units.put_group_above(operator(), PutGroupAbove.read({"code": code, "name": name}))
    print(f"{code} {name} is above the company.")


def _id_of(services: Services, code: str) -> int:
    units = services.units.list(operator())["units"]
    found = next((each["id"] for each in units if each["code"] == code), None)
    if found is None:
        raise NotFound.thing(_UNIT, code)
    return found
