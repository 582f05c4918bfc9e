"""`nearcrew role …` and `nearcrew token …`: what roles permit, and what programs carry."""

from typing import Annotated

import typer

from dispatch.access.permission_words import SENTENCES
from dispatch.access.permissions import Permission
from dispatch.people.types import IssueToken
from dispatch.roles.types import AddRole
from dispatch.roles.types import ChangeRolePermissions
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.people.operator import operator

role_app = typer.Typer(no_args_is_help=True, help="Roles: what each permits.")
token_app = typer.Typer(no_args_is_help=True, help="Tokens: what programs prove themselves with.")

Permits = Annotated[list[Permission], typer.Option("--permit", help="May be repeated.")]


@role_app.command("list")
def list_roles() -> None:
    """List the roles, and how many accounts have each."""
    with opened_services(look_around()) as services:
        roles = services.access_roles.list(operator())["roles"]
    for each in roles:
        whose = "" if each["company_id"] is None else f", of company {each['company_id']}"
        names = f"{each['name_en']}, {each['name_zh']}"
        print(f"{each['code']} ({names}{whose}): {each['accounts']} accounts")


@role_app.command("show")
def show_role(code: str) -> None:
    """Show what a role permits."""
    with opened_services(look_around()) as services:
        roles = services.access_roles.list(operator())["roles"]
    for role in roles:
        if role["code"] == code:
            for each in role["permissions"]:
                print(f"{each}: {SENTENCES[each]}")


@role_app.command("add")
def add_role(
    name_en: Annotated[str, typer.Option(help="What English readers call it.")],
    name_zh: Annotated[str, typer.Option(help="What Chinese readers call it.")],
    permit: Permits,
) -> None:
    """Add a role that holds everywhere."""
    wanted = AddRole.read({"name_en": name_en, "name_zh": name_zh, "permissions": tuple(permit)})
    with opened_services(look_around()) as services:
        role = services.access_roles.add(operator(), wanted)
    print(f"Role {role['code']}: {len(role['permissions'])} permissions.")


@role_app.command("set")
def set_role(code: str, permit: Permits) -> None:
    """Let a role permit exactly what is named; it holds from the next request of everybody on."""
    wanted = ChangeRolePermissions.read({"permissions": tuple(permit)})
    with opened_services(look_around()) as services:
        role = services.access_roles.change(operator(), code, wanted)
    print(f"{code} permits: {', '.join(role['permissions'])}.")


@role_app.command("remove")
def remove_role(code: str) -> None:
    """Remove a role that no account has."""
    with opened_services(look_around()) as services:
        services.access_roles.remove(operator(), code)
    print(f"There is no role {code} any more.")


@token_app.command("add")
def add_token(
    username: str,
    name: Annotated[str, typer.Option(help="What it is for.")],
    scope: Annotated[
        list[Permission] | None,
        typer.Option(help="A permission that it is limited to; may be repeated."),
    ] = None,
    days: Annotated[int, typer.Option(help="Days until it ends.")] = 90,
) -> None:
    """Make a token for a program's account and print it, once."""
    scopes = tuple(scope) if scope else None
    wanted = IssueToken.read({"name": name, "scopes": scopes, "valid_days": days})
    with opened_services(look_around()) as services:
        token = services.tokens.issue(operator(), username, wanted)
    print(f"Token {token['id']} of {username}, shown this once: {token['token']}")
    print(f"It ends at {token['expires_at'][:16]}Z.")


@token_app.command("list")
def list_tokens() -> None:
    """List the tokens of programs."""
    with opened_services(look_around()) as services:
        tokens = services.tokens.list(operator())["tokens"]
    for each in tokens:
        limits = "everything that it may" if each["scopes"] is None else ", ".join(each["scopes"])
        used = "never used" if each["used_at"] is None else f"used {each['used_at'][:16]}Z"
        ends = each["expires_at"][:10]
        print(f"{each['id']}: {each['name']} of {each['username']}, {limits}, {used}, ends {ends}")


@token_app.command("revoke")
def revoke_token(token_id: int) -> None:
    """Revoke a token: whatever carries it is refused from now on."""
    with opened_services(look_around()) as services:
        services.tokens.revoke(operator(), token_id)
    print(f"Token {token_id} counts no more.")
