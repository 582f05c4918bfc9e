"""Accounts: invited, changed, disabled, given other roles; and what one may do."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.accounts.types import CreateAccount
from dispatch.core.bulk import BulkAnswer
from dispatch.people.types import AccessAnswer
from dispatch.people.types import ChangeAccounts
from dispatch.people.types import ChangeRoles
from dispatch.people.types import InviteAccount
from dispatch.people.types import LinkAnswer
from dispatch.people.types import MoveAccount
from dispatch.people.types import RenameAccount
from dispatch.people.types import SendLink
from dispatch.people.types import UserAnswer
from dispatch.people.types import UserListQuery
from dispatch.people.types import UsersAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

accounts = Area("accounts", __name__, url_prefix="/api/v1/accounts", tag="Accounts")
READS = (Permission.ACCOUNT_READ,)
CHANGES = (Permission.ACCOUNT_WRITE,)
PERSON = described(UserAnswer)


@accounts.get("", needs=READS)
@accounts.input(UserListQuery, location="query", arg_name="query")
@accounts.output(described(UsersAnswer))
def list_accounts(query: UserListQuery) -> Response:
    """List accounts, all by user name unless a page is asked for."""
    return answer(services().people.list(actor(), query))


@accounts.patch("", needs=CHANGES)
@accounts.input(ChangeAccounts, arg_name="body")
@accounts.output(described(BulkAnswer))
@accounts.doc(responses={409: "bulk_refused or last_administrator"})
def change_accounts(body: ChangeAccounts) -> Response:
    """Change many accounts at once: all of them, or none."""
    return answer(services().account_bulk.change(actor(), body))


@accounts.post("", needs=CHANGES)
@accounts.input(CreateAccount, arg_name="body")
@accounts.output(PERSON, 201)
@accounts.doc(responses={409: "name_taken or unknown_crew"})
def add_account(body: CreateAccount) -> Response:
    """Add an account with a password; to let its owner choose one, invite instead."""
    account_id = services().accounts.create(body, actor=actor())
    return answer(services().people.get(actor(), account_id), 201)


@accounts.post("/invitations", needs=CHANGES)
@accounts.input(InviteAccount, arg_name="body")
@accounts.output(described(LinkAnswer), 201)
@accounts.doc(responses={409: "name_taken or unknown_crew"})
def invite_account(body: InviteAccount) -> Response:
    """Add an account whose owner chooses the password at ``/invitation/<secret>``."""
    return answer(services().invitations.invite(actor(), body), 201)


@accounts.get("/<int:account_id>", needs=READS)
@accounts.output(PERSON)
def show_account(account_id: int) -> Response:
    """Show an account."""
    return answer(services().people.get(actor(), account_id))


@accounts.get("/<int:account_id>/access", needs=READS)
@accounts.output(described(AccessAnswer))
def show_access(account_id: int) -> Response:
    """Show what an account may do, and through which of its roles."""
    return answer(services().people.access(actor(), account_id))


@accounts.put("/<int:account_id>/name", needs=CHANGES)
@accounts.input(RenameAccount, arg_name="body")
@accounts.output(PERSON)
@accounts.doc(responses={409: "name_taken"})
def rename_account(account_id: int, body: RenameAccount) -> Response:
    """Give an account another user name; who is signed in with it stays so."""
    services().account_changes.rename(actor(), account_id, body)
    return answer(services().people.get(actor(), account_id))


@accounts.put("/<int:account_id>/roles", needs=CHANGES)
@accounts.input(ChangeRoles, arg_name="body")
@accounts.output(PERSON)
@accounts.doc(responses={409: "last_administrator or unknown_crew"})
def change_roles(account_id: int, body: ChangeRoles) -> Response:
    """Give an account other roles; it has to sign in again."""
    services().account_changes.change_roles(actor(), account_id, body)
    return answer(services().people.get(actor(), account_id))


@accounts.put("/<int:account_id>/unit", needs=CHANGES)
@accounts.input(MoveAccount, arg_name="body")
@accounts.output(PERSON)
@accounts.doc(responses={409: "follows_crew or last_administrator"})
def move_account(account_id: int, body: MoveAccount) -> Response:
    """Move an account to another unit; it has to sign in again."""
    services().account_changes.move(actor(), account_id, body)
    return answer(services().people.get(actor(), account_id))


@accounts.post("/<int:account_id>/disable", needs=CHANGES)
@accounts.output(PERSON)
@accounts.doc(responses={409: "last_administrator"})
def disable_account(account_id: int) -> Response:
    """Keep an account from signing in; its sessions, tokens and live streams end."""
    services().account_changes.disable(actor(), account_id)
    return answer(services().people.get(actor(), account_id))


@accounts.post("/<int:account_id>/enable", needs=CHANGES)
@accounts.output(PERSON)
def enable_account(account_id: int) -> Response:
    """Let a disabled account sign in again."""
    services().account_changes.enable(actor(), account_id)
    return answer(services().people.get(actor(), account_id))


@accounts.post("/<int:account_id>/invitation", needs=CHANGES)
@accounts.input(SendLink, arg_name="body")
@accounts.output(described(LinkAnswer))
@accounts.doc(responses={409: "has_password or account_disabled"})
def invite_again(account_id: int, body: SendLink) -> Response:
    """Make a new link for whoever has not chosen a password yet; the one before is void."""
    return answer(services().invitations.again(actor(), account_id, body))


@accounts.post("/<int:account_id>/reset", needs=CHANGES)
@accounts.input(SendLink, arg_name="body")
@accounts.output(described(LinkAnswer))
@accounts.doc(responses={409: "last_administrator or account_disabled"})
def reset_password(account_id: int, body: SendLink) -> Response:
    """Make the password void and a link by which another is chosen; all sign-ins end."""
    return answer(services().invitations.reset(actor(), account_id, body))
