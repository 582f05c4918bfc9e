"""Chinese and English: who reads which, and that no sentence is missing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from flask.testing import FlaskClient

from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.bootstrap import Services
from dispatch.events.kinds import EVENT_FACTS
from dispatch.events.kinds import EventKind
from tests.conftest import PASSWORD
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import csrf_token
from tests.webconsole.conftest import told
from webconsole.platform.i18n import Catalogues

ROOT = Path(__file__).resolve().parents[3]
CHINESE = Catalogues(ROOT / "webconsole" / "translations").by_language["zh"]
_SAID = re.compile(r'\b(?:_|ngettext)\("((?:[^"\\\n]|\\.)*)"')


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("en-GB,zh;q=0.3", "en"),
        ("de,fr", "en"),
        ("", "en"),
    ],
)
def test_the_browser_asks_for_a_language(client: FlaskClient, asked: str, given: str) -> None:
    """Anything Chinese reads Chinese, all else English."""
    page = client.get("/sign-in", headers={"Accept-Language": asked}).text

    assert f'<html lang="{given}">' in page


def test_what_was_chosen_on_this_device_goes_first(client: FlaskClient) -> None:
    """Before what the browser asks for."""
    form = {"csrf_token": csrf_token(client), "language": "zh", "next": "/sign-in"}

    answer = client.post("/language", data=form)

    assert answer.headers["Location"] == "/sign-in"
    page = client.get("/sign-in", headers={"Accept-Language": "en"}).text
    assert '<html lang="zh-CN">' in page


def test_an_unknown_language_is_not_kept(client: FlaskClient) -> None:
    """There are two."""
    form = {"csrf_token": csrf_token(client), "language": "xx"}

    client.post("/language", data=form)

    assert client.get_cookie("language") is None


def test_an_account_has_a_language(
    services: Services, browser: Callable[[str], FlaskClient]
) -> None:
    """It goes before the browser's."""
    services.accounts.create(
        CreateAccount(username="wang", password=PASSWORD, roles=(Role.DISPATCHER,), language="zh")
    )

    page = browser("wang").get("/", headers={"Accept-Language": "en"}).text

    assert '<html lang="zh-CN">' in page


def test_programs_read_what_they_ask_for_and_english_otherwise(desk: Program) -> None:
    """Field names stay the same in both."""
    chinese = desk.post("/api/v1/incidents", {}, headers={"Accept-Language": "zh-CN"})
    silent = desk.post("/api/v1/incidents", {})

    assert {each["field"] for each in told(chinese)["errors"]} == {"kind", "lon", "lat"}
    assert told(chinese)["errors"][0]["message"] == _chinese("is required")
    assert told(silent)["errors"][0]["message"] == "is required"


def _chinese(msgid: Any) -> Any:  # noqa: ANN401
    found = CHINESE.get(msgid)
    return found.string if found is not None else None


def _forms(msgid: Any) -> tuple[str, ...]:  # noqa: ANN401
    return msgid if isinstance(msgid, tuple) else (msgid,)


def every_message() -> Catalog:
    """Return every sentence that the sources show to people."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog()
    for folder in ("dispatch", "webconsole"):
        inside = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        how = {pattern.removeprefix(f"{folder}/"): chosen for pattern, chosen in options.items()}
        for _name, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, inside, how
        ):
            found.add(message, context=context)
    return found


def test_every_sentence_has_its_chinese() -> None:
    """In templates, scripts and Python alike."""
    sources = every_message()
    missing = [message.id for message in sources if message.id and not _chinese(message.id)]

    assert len(sources) > 100
    assert missing == []


def test_no_sentence_of_the_scripts_is_hidden_from_the_catalogue() -> None:
    """Babel finds none with an object beside it inside a template: write it outside."""
    known = {words for each in every_message() for words in _forms(each.id)}
    scripts = (ROOT / "webconsole" / "static" / "js").rglob("*.js")
    said = {words for each in scripts for words in _SAID.findall(each.read_text("utf-8"))}

    assert {each.replace('\\"', '"') for each in said} - known == {"…"}  # in a comment


def test_the_chinese_keeps_every_named_place() -> None:
    """A sentence that loses %(id)s says nothing."""
    wrong = [
        message.id
        for message in CHINESE
        if message.id and message.string and message.check(CHINESE)
    ]

    assert wrong == []


def test_the_catalogue_holds_no_sentence_that_nobody_says() -> None:
    """Old sentences hide missing new ones."""
    sources = every_message()
    stale = [message.id for message in CHINESE if message.id and message.id not in sources]

    assert stale == []


def test_every_kind_of_event_has_words() -> None:
    """What the log is written with is told in words, not by its name."""
    assert set(EVENT_FACTS) == set(EventKind)
    assert all(_chinese(facts.label) for facts in EVENT_FACTS.values())
