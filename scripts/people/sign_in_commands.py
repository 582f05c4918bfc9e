"""`nearcrew user factors …` and `nearcrew user sign-on …`: how people sign in."""

from datetime import timedelta
from typing import Annotated

import typer

from dispatch.factors.types import SetFactorRule
from dispatch.signon.types import InviteToSignOn
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.people.operator import operator

factors_app = typer.Typer(no_args_is_help=True, help="Second factors: who has one, who must.")
sign_on_app = typer.Typer(
    no_args_is_help=True, help="Sign-on through the company's provider: who may."
)


@factors_app.command("show")
def show_factors(username: str) -> None:
    """Show which second factors an account has."""
    with opened_services(look_around()) as services:
        found = services.factors.of(operator(), username)
    app = f"since {found['app_since'][:10]}" if found["app_since"] else "none"
    keys = ", ".join(each["name"] for each in found["security_keys"]) or "none"
    print(f"{username}: authenticator app: {app}; security keys: {keys}")
    print(f"recovery codes left: {found['recovery_codes']}; demanded: {_yes(found['required'])}")


@factors_app.command("reset")
def reset_factors(username: str) -> None:
    """Forget an account's second factors and end its sign-ins: for who lost the device."""
    with opened_services(look_around()) as services:
        ended = services.factors.reset(operator(), username)
    print(f"{username} has no second factor any more; sign-ins ended: {ended}.")


@factors_app.command("require")
def require_factor(
    role: Annotated[str, typer.Argument(help="Code of a role, such as dispatcher.")],
    *,
    off: Annotated[bool, typer.Option("--off", help="Demand none any more.")] = False,
    grace_days: Annotated[
        int, typer.Option(min=0, max=365, help="Days for which setting one up may be put off.")
    ] = 0,
) -> None:
    """Demand a second factor of whoever has a role, from the next sign-in on."""
    with opened_services(look_around()) as services:
        until = services.clock() + timedelta(days=grace_days) if grace_days else None
        wanted = SetFactorRule(required=not off, grace_until=until)
        rule = services.factor_rules.set(operator(), role, wanted)
    state = "must have" if rule["required"] else "need not have"
    have = f"{rule['with_factor']} of {rule['accounts']} have one"
    print(f"{role}: {state} a second factor; {have}.")


@factors_app.command("rules")
def list_rules() -> None:
    """List which roles demand a second factor, and how far that is fulfilled."""
    with opened_services(look_around()) as services:
        rules = services.factor_rules.list(operator())["rules"]
    for each in rules:
        grace = f", until {each['grace_until'][:10]} it may wait" if each["grace_until"] else ""
        have = f"{each['with_factor']} of {each['accounts']} accounts have one"
        print(f"{each['role']}: demanded: {_yes(each['required'])}{grace}; {have}")


@sign_on_app.command("list")
def list_sign_ons() -> None:
    """List the providers, and which accounts are linked or invited."""
    with opened_services(look_around()) as services:
        providers = services.sign_on.providers
        sign_ons = services.sign_on_invitations.list(operator())["sign_ons"]
    if not providers:
        print("NEARCREW_SIGNON names no providers; see docs/sign-in.md")
    for provider in providers:
        print(f"{provider.id}: {provider.name}, {provider.issuer}")
    for each in sign_ons:
        state = f"waits for {each['claimed_name']}"
        if each["linked_at"] is not None:
            state = f"linked, last used {(each['seen_at'] or '')[:10]}"
        print(f"  {each['username']} at {each['provider']}: {state}")


@sign_on_app.command("invite")
def invite(
    username: str,
    provider: Annotated[str, typer.Argument(help="The provider's id in the file.")],
    claimed_name: Annotated[str, typer.Argument(help="The user name that the provider says.")],
) -> None:
    """Let an account be signed in by whom the provider knows by a user name."""
    wanted = InviteToSignOn.read({"provider": provider, "claimed_name": claimed_name})
    with opened_services(look_around()) as services:
        services.sign_on_invitations.invite(operator(), username, wanted)
    print(f"{username} waits for {claimed_name} of {provider}.")


@sign_on_app.command("unlink")
def unlink(username: str, provider: str) -> None:
    """Forget that an account belongs to somebody at a provider."""
    with opened_services(look_around()) as services:
        services.sign_on_invitations.unlink(operator(), username, provider)
    print(f"{username} is linked to nobody of {provider} any more.")


def _yes(value: bool) -> str:  # noqa: FBT001  (a word for it)
    return "yes" if value else "no"
