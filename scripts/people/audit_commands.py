"""`nearcrew audit …`: verify the trail, and let somebody read again who was blocked."""

from typing import Annotated

import typer

from dispatch.audit.types import LiftBlock
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.people.operator import operator

audit_app = typer.Typer(
    no_args_is_help=True, help="Audit trail: that nobody rewrote it, and who is blocked."
)


def register(app: typer.Typer) -> None:
    """Add the commands to the main one."""
    app.add_typer(audit_app, name="audit")


@audit_app.command()
def verify() -> None:
    """Follow the hash chains and name the first row that is not as it was written.

    Exit code 1 if there is one. Keep the hashes that are printed outside of this machine: whoever
    owns the database could write a whole chain anew, but not one that ends in the same hash.
    """
    broken = []
    with opened_services(look_around()) as services:
        for found in services.chain_verification.verify():
            older = f", {found.older} older than the chain" if found.older else ""
            if found.why:
                broken.append(f"{found.chain} {found.broken_at}: {found.why}")
            else:
                print(f"{found.chain}: {found.rows} rows hold{older}; newest {found.hash}")
    if broken:
        message = "The trail is not as it was written. " + "; ".join(broken) + "."
        raise ScriptError(message)


@audit_app.command()
def blocked() -> None:
    """List who read too many callers' numbers."""
    with opened_services(look_around()) as services:
        found = services.reading_blocks.list(operator())
    for each in found["blocks"]:
        print(f"{each['username']}: {each['records']} records, since {each['blocked_at']}")
    if not found["blocks"]:
        print("Nobody is blocked.")


@audit_app.command()
def lift(
    username: Annotated[str, typer.Argument(help="Of the account.")],
    *,
    reason: Annotated[str, typer.Option(help="What was found out.")],
) -> None:
    """Let somebody read callers' numbers again."""
    with opened_services(look_around()) as services:
        found = services.reading_blocks.list(operator())["blocks"]
        account_ids = [each["account_id"] for each in found if each["username"] == username]
        if not account_ids:
            message = f"{username} is not blocked."
            raise UsageError(message)
        wanted = LiftBlock.read({"reason": reason})
        services.reading_blocks.lift(operator(), account_ids[0], wanted)
    print(f"{username} may read callers' numbers again.")
