"""Behind the real nginx, as documented: live, with buffering and without, and by whose address."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from tests.conftest import PASSWORD
from tests.conftest import CrewYard
from tests.looking import looking
from tests.webconsole.nginx import proxying
from tests.webconsole.served_console import ANSWER_S
from tests.webconsole.served_console import Board
from tests.webconsole.served_console import Message
from tests.webconsole.served_console import report_position
from tests.webconsole.served_console import serving

Pin = Callable[..., dict[str, Any]]
TIMES = 4
"""A message that is held back comes with the next tick: then there is a tick behind each."""
WAIT_AN_HOUR = """
    UPDATE sign_in_count SET free_at = now() + interval '1 hour' WHERE kind = 'account'
"""


@dataclass(frozen=True, slots=True)
class Proxied:
    """One server behind two proxies."""

    buffering: str
    plain: str
    """Addresses: the proxy that buffers what it may, and the one that never does."""


@pytest.fixture
def proxied(services: Services, tmp_path: Path) -> Iterator[Proxied]:
    """Serve with one worker that trusts one proxy, behind nginx with buffering and without."""
    with ExitStack() as stack:
        server = stack.enter_context(serving(services.settings, {"NEARCREW_TRUSTED_PROXIES": "1"}))
        port = int(server.url.rpartition(":")[2])
        addresses = []
        for buffering in (True, False):
            folder = tmp_path / f"buffering-{buffering}"
            folder.mkdir()
            addresses.append(stack.enter_context(proxying(port, folder, buffering=buffering)))
        yield Proxied(*addresses)


@pytest.mark.real_time
def test_live_streams_pass_at_once_and_people_keep_their_addresses(
    proxied: Proxied,
    services: Services,
    dispatcher: Actor,
    integration: Actor,
    yard: CrewYard,
    pin: Pin,
) -> None:
    """One server for all of it: starting one takes longer than asking it everything."""
    crew_ids = (yard.put("A", 1, 1), yard.put("B", 2, 2))
    token = services.accounts.issue_token(dispatcher)["token"]
    tracker = services.accounts.issue_token(integration)["token"]
    for address, crew_id in zip((proxied.buffering, proxied.plain), crew_ids, strict=True):
        for encoding in ("gzip", "identity"):
            passes_at_once(address, token, encoding, pin)
        positions_pass(address, token, tracker, crew_id, yard)
        pages_pass(address)
    # Where dora signed in before she is known by her address, and not held up by others' guesses.
    assert sign_in(proxied.plain, "127.0.0.2", PASSWORD) == 200
    while sign_in(proxied.plain, "127.0.0.3", "wrong") == 401:
        pass
    with looking(services.engine) as connection:  # the wait, longer than this test's
        connection.execute(text(WAIT_AN_HOUR))
    assert sign_in(proxied.plain, "127.0.0.3", PASSWORD) == 429
    assert sign_in(proxied.plain, "127.0.0.2", PASSWORD) == 200
    # And nobody gets another address by saying so.
    assert sign_in(proxied.plain, "127.0.0.3", PASSWORD, forwarded_for="127.0.0.2") == 429
    metrics_stay_here(proxied.plain)
    refused_by_the_server_itself(proxied.plain)


def next_after_ticks(board: Board, kind: str) -> tuple[Message, int]:
    """Take messages until one of this kind; return it, and how many ticks came before it."""
    ticks = 0
    while (message := board.take()).kind != kind:
        ticks += message.kind == "tick"
    return message, ticks


def passes_at_once(address: str, token: str, encoding: str, pin: Pin) -> None:
    """Open a stream and see changes on it while they happen."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": encoding}
    with Board(address, headers) as board:
        board.next("hello")
        ticks = []
        for _ in range(TIMES):
            incident = pin(2, 2)
            change, before = next_after_ticks(board, "change")
            assert change.body["incident"]["id"] == incident["id"]
            ticks.append(before)

        assert 0 in ticks[1:]
        assert board.answer_headers.get("Content-Encoding", "identity") == encoding


def positions_pass(address: str, token: str, tracker: str, crew_id: int, yard: CrewYard) -> None:
    """Report positions through the proxy and see them on the stream."""
    with Board(address, {"Authorization": f"Bearer {token}"}) as board:
        board.next("hello")
        ticks = []
        for time_no in range(TIMES):
            lon, lat = yard.city.at(3, 3 + time_no / 10)
            report_position(address, tracker, crew_id, (lon, lat))
            positions, before = next_after_ticks(board, "positions")
            assert positions.body["positions"][0][:3] == [crew_id, lon, lat]
            ticks.append(before)

        assert 0 in ticks[1:]


def pages_pass(address: str) -> None:
    """Come as a stranger: led to the sign-in page of this very address, with its styles."""
    answer = httpx.get(f"{address}/", timeout=ANSWER_S)
    assert answer.is_redirect
    assert httpx.URL(address).join(answer.headers["Location"]).netloc == httpx.URL(address).netloc
    page = httpx.get(f"{address}/sign-in", timeout=ANSWER_S)
    style = page.text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    assert page.status_code == 200
    assert httpx.get(httpx.URL(address).join(style), timeout=ANSWER_S).status_code == 200


def sign_in(address: str, come_from: str, password: str, **forwarded: str) -> int:
    """Try a password from one of this machine's own addresses."""
    headers = {"X-Forwarded-For": forwarded["forwarded_for"]} if forwarded else {}
    transport = httpx.HTTPTransport(local_address=come_from)
    with httpx.Client(transport=transport, timeout=ANSWER_S) as client:
        return client.post(
            f"{address}/api/v1/login",
            json={"username": "dora", "password": password},
            headers=headers,
        ).status_code


def metrics_stay_here(address: str) -> None:
    """Ask for the metrics through the proxy: as somebody on this machine, who may read them."""
    assert httpx.get(f"{address}/metrics", timeout=ANSWER_S).status_code == 200


def refused_by_the_server_itself(address: str) -> None:
    """Send what gunicorn refuses before there is a request: it is told as everything else is."""
    answer = httpx.get(f"{address}/healthz?{'x' * 5_000}", timeout=ANSWER_S)

    assert answer.status_code == 414
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "address_too_long"
