"""Many phones accept one offer in the same instant: how soon each of them is answered."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from time import perf_counter

import numpy as np

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from tests.benchmarks.city import SEED
from tests.benchmarks.city import City
from tests.benchmarks.clients import Client
from tests.benchmarks.clients import RefusedError
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.dispatch.traffic import pin
from tests.benchmarks.server import HOST
from tests.benchmarks.server import Server

_SEEN_WITHIN_S = 10.0
_TAKEN = 409


@dataclass(slots=True)
class Grabbed:
    """How long each answer took, and the news that the offer was taken; seconds."""

    answer_s: list[float] = field(default_factory=list)
    heard_s: list[float] = field(default_factory=list)


def grab(server: Server, city: City, *, phones: int, rounds: int) -> Grabbed:
    """Offer an incident to so many idle crews; all accept in one instant, round after round.

    Each phone has a connection of its own, as it has in life. One crew that only looks follows the
    live stream. All phones run in this process: their share of the machine is in the numbers.
    """
    rng = np.random.default_rng(SEED)
    watcher_id, *crew_ids = city.idle[: phones + 1]
    tokens = [_token(city, crew_id) for crew_id in crew_ids]
    grabbed = Grabbed()
    with (
        server.clients(city.desk_token, 1) as (desk,),
        _clients(server, tokens) as connected,
        ThreadPoolExecutor(len(crew_ids)) as pool,
    ):
        for client, crew_id in zip(connected, crew_ids, strict=True):
            client.get(f"/api/v1/crews/{crew_id}")  # connected, signed in, its worker warm
        for _ in range(rounds):
            city.report_everybody()
            incident_id, _ = pin(desk, city, rng)
            with _watching(server, _token(city, watcher_id)) as news:
                body = {"crew_ids": [watcher_id, *crew_ids], "accept_within_s": 60}
                offer = desk.post_json(f"/api/v1/incidents/{incident_id}/offers", body)
                start = threading.Barrier(len(crew_ids) + 1)

                def accept(
                    client: Client, start: threading.Barrier = start, id_: int = offer["id"]
                ) -> tuple[float, bool]:
                    start.wait()
                    began_s = perf_counter()
                    won = _accept(client, id_)
                    return perf_counter() - began_s, won

                running = [pool.submit(accept, client) for client in connected]
                start.wait()
                began_s = perf_counter()
                answers = [each.result() for each in running]
                if not news.taken.wait(_SEEN_WITHIN_S):
                    message = "that the offer was taken was not seen on the live stream"
                    raise UnexpectedAnswerError(message)
            if sum(won for _, won in answers) != 1:
                message = f"{sum(won for _, won in answers)} of {len(answers)} crews won"
                raise UnexpectedAnswerError(message)
            grabbed.answer_s += [took_s for took_s, _ in answers]
            grabbed.heard_s.append(news.taken_s - began_s)
            desk.post_json(f"/api/v1/incidents/{incident_id}/cancel", {"reason": "next round"})
    return grabbed


def _accept(client: Client, offer_id: int) -> bool:
    """Accept, and return whether the order is this crew's."""
    try:
        client.post_json(f"/api/v1/offers/{offer_id}/accept", {})
    except RefusedError as refused:
        if refused.status != _TAKEN or "offer_taken" not in str(refused):
            raise
        return False
    return True


def _token(city: City, crew_id: int) -> str:
    """Sign a crew up, and its phone in."""
    username = f"phone{crew_id}"
    services = city.services
    known = city.phones.get(crew_id)
    if known is not None:
        return known
    role = Role.CREW
    account = CreateAccount(
        username=username, password=f"{username} at the bench", roles=(role,), crew_id=crew_id
    )
    actor = Actor(services.accounts.create(account), username, username, frozenset({role}), crew_id)
    token = services.accounts.issue_token(actor)["token"]
    city.phones[crew_id] = token
    return token


@contextmanager
def _clients(server: Server, tokens: list[str]) -> Iterator[list[Client]]:
    clients = [Client(HOST, server.port, token) for token in tokens]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


@dataclass(slots=True)
class _News:
    connected: threading.Event = field(default_factory=threading.Event)
    taken: threading.Event = field(default_factory=threading.Event)
    taken_s: float = 0.0

    def follow(self, client: Client) -> None:
        """Read the stream until it ends."""
        for kind, data in client.stream():
            now_s = perf_counter()
            if kind == "hello":
                self.connected.set()
            elif kind == "change" and json.loads(data)["kind"] == "offer.taken":
                self.taken_s = now_s
                self.taken.set()


@contextmanager
def _watching(server: Server, token: str) -> Iterator[_News]:
    """Follow the live stream as a crew until the end of the block."""
    client, news = Client(HOST, server.port, token), _News()
    reader = threading.Thread(target=news.follow, args=(client,), daemon=True)
    reader.start()
    try:
        if not news.connected.wait(_SEEN_WITHIN_S):
            message = "the live stream did not begin"
            raise UnexpectedAnswerError(message)
        yield news
    finally:
        client.hang_up()
        reader.join(_SEEN_WITHIN_S)
        client.close()
