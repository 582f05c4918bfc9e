"""A relay keeps what the public sends until it was asked from inside: each report comes in once."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.public_reports import proof_of_work
from dispatch.public_reports.polling import RelayPolling
from dispatch.public_reports.relay_messages import PATH
from tests.cities import GridCity
from tests.own_loop import run_to_its_end
from tests.pictures import drawn
from tests.pictures import encoded
from tests.waiting import wait_until
from webconsole.relay.kept_reports import KeptReports

pytestmark = [pytest.mark.postgis, pytest.mark.real_time]
_PATIENCE_S = 240
"""Until the relay's process has begun, on a machine that has much else to do."""
SECRET = "a secret shared with the relay"  # noqa: S105  (of a relay that lives for one test)


@contextmanager
def relaying(file: Path, port: int) -> Iterator[str]:
    """Run a relay as a process of its own, as it runs for users, without any database."""
    env = {
        **{name: value for name, value in os.environ.items() if "DATABASE" not in name},
        "NEARCREW_RELAY_SECRET": SECRET,
    }
    command = [sys.executable, "-m", "scripts.cli", "relay", f"--port={port}", f"--file={file}"]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=env) as process:  # noqa: S603  (our own command)
        try:
            wait_until(lambda: _answers(url), _PATIENCE_S)
            yield url
        finally:
            process.terminate()


def _now() -> datetime:
    return datetime.now(UTC)  # a relay's clock is the real one


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/report", timeout=2).status_code in {200, 503}
    except httpx.HTTPError:
        return False


@pytest.fixture
def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def solved_in(page: str) -> dict[str, str]:
    """Return the proof that a browser would send with a page's form."""
    found = re.search(r'data-challenge="([^"]+)"', page)
    assert found is not None
    challenge = found.group(1)
    bits, number = int(challenge.split(".")[1]), 0
    while proof_of_work.zero_bits(f"{challenge}:{number}") < bits:
        number += 1
    return {"challenge": challenge, "solution": str(number)}


def test_what_a_relay_kept_comes_in_once_whatever_ends_in_between(
    services: Services,
    dispatcher: Actor,
    grid_city: GridCity,
    tmp_path: Path,
    free_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The relay is ended and begun again; the inside ends after storing, before it said so."""
    rules = replace(services.report_receiving.rules, bits=6)
    monkeypatch.setattr(services.report_receiving, "rules", rules)
    lon, lat = grid_city.at(2, 2)
    said = {"kind": "gas_leak", "phone": "+86 1", "lon": str(lon), "lat": str(lat), "words": "hiss"}
    file = tmp_path / "relay.sqlite"
    with relaying(file, free_port) as url:
        inside, stranger = (
            RelayPolling(services.report_receiving, services.incidents, _now, (url, secret))
            for secret in (SECRET, "of somebody else's")
        )
        assert httpx.get(f"{url}/report").status_code == 503  # nobody has told it what to show
        assert run_to_its_end(inside.poll()) == 0
        page = httpx.get(f"{url}/report?lang=en").text
        proof = solved_in(page)
        photo = {"photo": ("spot.jpg", BytesIO(encoded(drawn())), "image/jpeg")}
        unproved = httpx.post(f"{url}/report", data=said)
        sent = [httpx.post(f"{url}/report", data={**said, **proof}, files=photo) for _ in range(2)]
        assert httpx.post(f"{url}{PATH}", content=b"{}").status_code == 401
        assert run_to_its_end(stranger.poll()) == 0
    with relaying(file, free_port) as url:
        # As if the worker had been ended once its reports were stored: nothing is forgotten there.
        for each in KeptReports(file).waiting():
            assert inside._take(each)
        first, second = (run_to_its_end(inside.poll()) for _ in range(2))
        left = KeptReports(file).waiting()

    assert (unproved.status_code, [each.status_code for each in sent]) == (422, [303, 303])
    assert (first, second, left) == (0, 0, [])
    (report,) = services.public_reports.list(dispatcher)["reports"]
    assert (report["words"], report["has_photo"], report["state"]) == ("hiss", True, "waiting")
