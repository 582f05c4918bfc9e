"""`nearcrew gateway …`: the utility's own ways to an SMS, a call or a chat."""

import asyncio
import secrets
import sys
from typing import Annotated
from typing import Any

import typer
from pydantic import SecretStr

from dispatch.bootstrap import Services
from dispatch.deliveries.states import FAILURE_LABELS
from dispatch.gateways.states import GatewayKind
from dispatch.gateways.types import DEFAULT_TIMEOUT_S
from dispatch.gateways.types import AddGateway
from scripts.commands.opened_services import opened_services
from scripts.environment import look_around
from scripts.errors import DatabaseError
from scripts.errors import ScriptError
from scripts.people.operator import operator

gateway_app = typer.Typer(no_args_is_help=True, help="Gateways: ways to an SMS, a call, a chat.")

Url = Annotated[str, typer.Option(help="Where it takes what is to be told: http or https.")]
PageUrl = Annotated[
    str | None, typer.Option(help="Where phones find this console, for links in messages.")
]


@gateway_app.command("add")
def add_gateway(
    name: str,
    url: Url,
    kind: Annotated[GatewayKind, typer.Option(help="What it makes of it.")] = GatewayKind.OTHER,
    page_url: PageUrl = None,
    timeout_s: Annotated[
        float, typer.Option(help="Seconds within which it has to answer.")
    ] = DEFAULT_TIMEOUT_S,
    *,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Take its secret from the first line of standard input.")
    ] = False,
) -> None:
    """Add a gateway. Its secret is made and printed, once, unless one is given."""
    secret = sys.stdin.readline().strip() if stdin else secrets.token_urlsafe(24)
    wanted = AddGateway.read(
        {
            "name": name,
            "kind": kind,
            "url": url,
            "page_url": page_url,
            "timeout_s": timeout_s,
            "secret": SecretStr(secret),
        }
    )
    with opened_services(look_around()) as services:
        added = services.gateways.add(operator(), wanted)
    print(f"Gateway {added['id']}: {name}")
    if not stdin:
        print(f"Its secret, shown this once: {secret}")
    print(f"It answers at /api/v1/gateways/{added['id']}/callback, see docs/gateways.md.")


@gateway_app.command("list")
def list_gateways() -> None:
    """List the gateways."""
    with opened_services(look_around()) as services:
        gateways = services.gateways.list(operator())["gateways"]
    if not gateways:
        print("There are no gateways yet: nearcrew gateway add")
    for each in gateways:
        state = "" if each["enabled"] else ", switched off"
        state += ", does not answer" if each["paused_until"] is not None else ""
        print(f"{each['id']}: {each['name']} ({each['kind'].value}) {each['url']}{state}")


@gateway_app.command("test")
def test_gateway(
    name: str,
    to: Annotated[str, typer.Option(help="The number, chat or topic to send a test to.")],
) -> None:
    """Send a test through a gateway and say what came of it; nothing is kept."""
    with opened_services(look_around()) as services:
        gateway = _named(services, name)
        outcome = asyncio.run(services.delivery_sending.try_gateway(gateway["id"], to))
    if outcome.failure is not None:
        detail = f" ({outcome.detail})" if outcome.detail else ""
        message = f"{name} did not take it: {FAILURE_LABELS[outcome.failure]}{detail}."
        raise ScriptError(message, mend="See docs/gateways.md for what it has to answer.")
    print(f"{name} took the test for {to}.")


def _named(services: Services, name: str) -> Any:  # noqa: ANN401  (an answer of the list)
    for each in services.gateways.list(operator())["gateways"]:
        if each["name"] == name:
            return each
    message = f"There is no gateway named {name}."
    raise DatabaseError(message, mend="nearcrew gateway list shows them.")
