"""Measure sign-in while one crew uploads the worst pictures it can.

``make bench-uploads`` runs it; ``python -m tests.benchmarks.uploads --help`` tells what can be
chosen.
"""

import argparse
import io
import os
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from http.client import HTTPConnection
from http.client import HTTPException
from itertools import cycle
from pathlib import Path
from time import perf_counter
from time import sleep

from rich.console import Console
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from scripts.cluster import private_cluster as cluster
from scripts.demo.demo_city import fetch_demo_city
from scripts.serving.worker_command import worker_command
from tests.benchmarks import results
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.clients import Client
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.processes import children
from tests.benchmarks.processes import rss_bytes
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles
from tests.benchmarks.server import HOST
from tests.benchmarks.server import Server
from tests.benchmarks.server import serving
from tests.benchmarks.uploads.worst_pictures import worst_pictures

NAME = "uploads"
UPLOADS_AT_ONCE = 12
SIGN_INS = 60
_BETWEEN_S = 0.25  # an address may sign in 300 times a minute
_LOOK_EVERY_S = 0.05
_WORST_SIGN_IN_MS = 1_000
_MOST_MEMORY_MB = 500
_GONE_S = 30.0
_PASSWORD = "worst at the bench"  # noqa: S105  (of an account that lives for a minute)
_BOUNDARY = "nearcrew-benchmark"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/uploads.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    with ExitStack() as stack:
        var_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nearcrew-bench-")))
        city = stack.enter_context(open_city(asked.pbf, var_dir, Scale(crews=60, near=40)))
        machine = describe_machine(
            database=city.versions, uploads=f"{UPLOADS_AT_ONCE} at once, of one account"
        )
        found = measure(city, console, asked.times)
        machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def measure(city: City, console: Console, times: int = SIGN_INS) -> list[Result]:
    """Return how long signing in takes, alone and beside the uploads, and what they cost."""
    with serving(city.settings) as server, _job_worker(city) as worker:
        console.print("Signing in, alone …")
        alone_s = _sign_ins(server, city, times)
        console.print("Signing in, beside the worst pictures …")
        with _watching_memory(server, worker) as memory, _uploading(server, city) as uploads:
            beside_s = _sign_ins(server, city, times)
        console.print(f"Uploads by status: {dict(uploads.answers)}", highlight=False)
    count = sum(uploads.answers.values())
    return [
        *percentiles("sign-in, alone", alone_s),
        *percentiles("sign-in, one crew uploading", beside_s, p95_ms=_WORST_SIGN_IN_MS),
        Result("uploads answered meanwhile", count, "", better="higher"),
        Result("memory of a web worker, most", memory.web_mb, "MB", _MOST_MEMORY_MB),
        Result("memory of job worker and decoders, most", memory.jobs_mb, "MB"),
    ]


@contextmanager
def _job_worker(city: City) -> Iterator[subprocess.Popen[bytes]]:
    variables = {
        **os.environ,
        "DATABASE_URL": city.settings.database_url,
        "NEARCREW_VAR": str(city.settings.var_dir),
    }
    process = subprocess.Popen(worker_command(), env=variables, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_GONE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_GONE_S)


def _sign_ins(server: Server, city: City, times: int) -> list[float]:
    """Return how long each of many sign-ins took; seconds."""
    took_s = []
    body = {"username": city.desk.username, "password": city.desk_password}
    client = Client(HOST, server.port, "")
    for _ in range(times):
        began_s = perf_counter()
        client.post_json("/api/v1/login", body)
        took_s.append(perf_counter() - began_s)
        sleep(_BETWEEN_S)
    client.close()
    return took_s


@dataclass(slots=True)
class _Uploads:
    """What the server answered to uploads, by status."""

    answers: Counter[int] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def _uploading(server: Server, city: City) -> Iterator[_Uploads]:
    """Upload from many connections of one account until the block ends."""
    uploads = _Uploads()
    path, token = _crew_of(city)
    bodies = [_form(content) for content in worst_pictures().values()]
    threads = [
        threading.Thread(
            target=_upload, args=(uploads, server.port, path, token, bodies[n % 4 :] + bodies)
        )
        for n in range(UPLOADS_AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    try:
        yield uploads
    finally:
        uploads.over.set()
        for thread in threads:
            thread.join(_GONE_S)


def _crew_of(city: City) -> tuple[str, str]:
    """Return where a crew with an order adds its photos, and its token."""
    sent = next(
        each for each in city.services.incidents.list(city.desk)["incidents"] if each["assignments"]
    )
    crew_id = sent["assignments"][0]["crew_id"]
    account_id = city.services.accounts.create(
        CreateAccount(username="worst", password=_PASSWORD, roles=(Role.CREW,), crew_id=crew_id)
    )
    actor = Actor(account_id, "worst", "worst", frozenset({Role.CREW}), crew_id)
    token = city.services.accounts.issue_token(actor)["token"]
    return f"/api/v1/incidents/{sent['id']}/photos", token


def _form(content: bytes) -> bytes:
    file = FileStorage(io.BytesIO(content), "p.jpg", "photo")
    return encode_multipart({"photo": file}, boundary=_BOUNDARY)[1]


def _upload(uploads: _Uploads, port: int, path: str, token: str, bodies: Sequence[bytes]) -> None:
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
    }
    for body in cycle(bodies):
        if uploads.over.is_set():
            return
        with suppress(OSError, HTTPException):
            connection = HTTPConnection(HOST, port, timeout=_GONE_S)
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            uploads.answers[answer.status] += 1
            connection.close()


@dataclass(slots=True)
class _Memory:
    """The most that was held at any look."""

    web_mb: float = 0.0
    jobs_mb: float = 0.0


@contextmanager
def _watching_memory(server: Server, worker: subprocess.Popen[bytes]) -> Iterator[_Memory]:
    memory, over = _Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_EVERY_S):
            with suppress(OSError):  # a decoder may just have ended
                for pid in children(server.pid):
                    memory.web_mb = max(memory.web_mb, rss_bytes([pid]) / 1e6)
                jobs = [worker.pid, *children(worker.pid)]
                memory.jobs_mb = max(memory.jobs_mb, rss_bytes(jobs) / 1e6)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join(_GONE_S)


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-uploads", description=__doc__)
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--times", type=int, default=SIGN_INS, help="how often to sign in")
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    asked = parser.parse_args(arguments)
    asked.pbf = asked.pbf or fetch_demo_city(cluster.default_var_dir())
    return asked
