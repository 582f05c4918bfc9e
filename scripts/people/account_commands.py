"""`nearcrew user …`: add accounts, list them, and change what they may do."""

from typing import Annotated

import typer

from dispatch.access.permission_words import SENTENCES
from dispatch.accounts.types import CreateAccount
from dispatch.bootstrap import Services
from dispatch.people.link_sending import PATH
from dispatch.people.types import ChangeRoles
from dispatch.people.types import InviteAccount
from dispatch.people.types import LinkAnswer
from dispatch.people.types import RenameAccount
from dispatch.people.types import SetPassword
from scripts.commands.opened_services import crew_named
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import UsageError
from scripts.people.operator import operator
from scripts.people.passwords import FromStdin
from scripts.people.passwords import Generate
from scripts.people.passwords import new_password
from scripts.people.sign_in_commands import factors_app
from scripts.people.sign_in_commands import sign_on_app

user_app = typer.Typer(no_args_is_help=True, help="Accounts: who may sign in.")
user_app.add_typer(factors_app, name="factors")
user_app.add_typer(sign_on_app, name="sign-on")

Roles = Annotated[
    list[str],
    typer.Option(help="A role, as `nearcrew role list` shows them; may be repeated."),
]
Crew = Annotated[str | None, typer.Option(help="Name of the crew it belongs to.")]
ShownName = Annotated[str | None, typer.Option(help="The name shown to others.")]


@user_app.command("add")
def add_user(
    username: str,
    role: Roles,
    crew: Crew = None,
    name: ShownName = None,
    language: Annotated[str, typer.Option(help="Language of the pages: zh or en.")] = "zh",
    *,
    generate: Generate = False,
    stdin: FromStdin = False,
) -> None:
    """Add an account. The password is prompted for, or taken from NEARCREW_PASSWORD."""
    with opened_services(look_around()) as services:
        crew_id = crew_named(services, crew) if crew is not None else None
        _require_roles(services, role)
        password = new_password(username, generate=generate, stdin=stdin)
        account = CreateAccount.read(
            {
                "username": username,
                "password": password,
                "roles": tuple(role),
                "display_name": name,
                "crew_id": crew_id,
                "language": language,
            }
        )
        services.accounts.create(account, actor=operator())
    print(f"{username} may sign in as {', '.join(role)}.")


@user_app.command("list")
def list_users() -> None:
    """List the accounts: what each is for, and when it was last active."""
    asking = operator()
    with opened_services(look_around()) as services:
        accounts = services.accounts.list_accounts(asking)["accounts"]
        crews = {each["id"]: each["name"] for each in services.crews.list(asking)["crews"]}
    if not accounts:
        print("There are no accounts yet: nearcrew init")
    for each in accounts:
        shown = f" ({each['display_name']})" if each["display_name"] != each["username"] else ""
        crew = f" of {crews[each['crew_id']]}" if each["crew_id"] is not None else ""
        state = "disabled" if each["disabled"] else "not signed in"
        if each["seen_at"] is not None:
            state = f"active {each['seen_at'][:16]}Z"
        print(f"{each['username']}{shown}: {', '.join(each['roles'])}{crew}, {state}")


@user_app.command("disable")
def disable_user(username: str) -> None:
    """Keep an account from signing in, and end its sessions, tokens and live streams."""
    with opened_services(look_around()) as services:
        ended = services.account_changes.disable(operator(), username)
    print(f"{username} may not sign in any more; sign-ins ended: {ended}.")


@user_app.command("enable")
def enable_user(username: str) -> None:
    """Let a disabled account sign in again, with the password that it had."""
    with opened_services(look_around()) as services:
        services.account_changes.enable(operator(), username)
    print(f"{username} may sign in.")


@user_app.command("role")
def change_roles(username: str, role: Roles, crew: Crew = None) -> None:
    """Give an account other roles instead of those it has; it has to sign in again."""
    with opened_services(look_around()) as services:
        crew_id = crew_named(services, crew) if crew is not None else None
        wanted = ChangeRoles.read({"roles": tuple(role), "crew_id": crew_id})
        ended = services.account_changes.change_roles(operator(), username, wanted)
    print(f"{username} may sign in as {', '.join(role)}; sign-ins ended: {ended}.")


@user_app.command("password")
def set_password(
    username: str,
    *,
    generate: Generate = False,
    stdin: FromStdin = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="It need not be replaced at the next sign-in.")
    ] = False,
) -> None:
    """Give an account a new password; it has to sign in again, and to choose another one then.

    The password is prompted for, or taken from NEARCREW_PASSWORD.
    """
    with opened_services(look_around()) as services:
        services.account_changes.require_known(operator(), username)
        password = new_password(username, generate=generate, stdin=stdin)
        wanted = SetPassword.read({"password": password, "must_change": not keep})
        ended = services.account_changes.set_password(operator(), username, wanted)
    print(f"{username} has a new password; sign-ins ended: {ended}.")


@user_app.command("rename")
def rename_user(username: str, new: str, name: ShownName = None) -> None:
    """Give an account another user name; who is signed in with it stays so."""
    wanted = RenameAccount.read({"username": new, "display_name": name})
    with opened_services(look_around()) as services:
        services.account_changes.rename(operator(), username, wanted)
    print(f"{username} is now {new}.")


@user_app.command("invite")
def invite_user(
    username: str,
    role: Roles,
    crew: Crew = None,
    name: ShownName = None,
    language: Annotated[str, typer.Option(help="Language of the pages: zh or en.")] = "zh",
) -> None:
    """Add an account whose owner chooses the password by a link, which is printed once."""
    with opened_services(look_around()) as services:
        crew_id = crew_named(services, crew) if crew is not None else None
        wanted = InviteAccount.read(
            {
                "username": username,
                "roles": tuple(role),
                "display_name": name,
                "crew_id": crew_id,
                "language": language,
            }
        )
        _print_link(services.invitations.invite(operator(), wanted))


@user_app.command("reset")
def reset_user(username: str) -> None:
    """Make a password void and print a link, once, by which its owner chooses another."""
    with opened_services(look_around()) as services:
        _print_link(services.invitations.reset(operator(), username))


@user_app.command("may")
def show_access(username: str) -> None:
    """Show what an account may do, and through which of its roles."""
    with opened_services(look_around()) as services:
        access = services.people.access(operator(), username)
    for each in access["permissions"]:
        through = ", ".join(each["roles"])
        print(f"{each['permission']} ({through}): {SENTENCES[each['permission']]}")


def _require_roles(services: Services, wanted: list[str]) -> None:
    """Refuse roles that there are not, before somebody is asked for a password."""
    known = {each["code"] for each in services.access_roles.list(operator())["roles"]}
    for role in wanted:
        if role not in known:
            message = f"There is no role {role} (known: {', '.join(sorted(known))})."
            raise UsageError(message, mend="nearcrew role add adds one.")


def _print_link(link: LinkAnswer) -> None:
    print(f"The link for {link['username']}, shown this once, behind the console's address:")
    print(f"{PATH}{link['secret']}")
    print(f"It counts until {link['expires_at'][:16]}Z.")
