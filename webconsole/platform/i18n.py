"""Chinese and English: which one a request gets, and where the sentences come from.

English sentences are the message ids. Catalogues are read from the ``.po`` files at start, so that
no compiled copy can be older than its source.
"""

import functools
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from babel.support import Translations
from flask import Flask
from flask import Request
from flask import g
from flask import request
from flask_babel import Babel
from flask_babel import Domain
from flask_babel import get_locale
from flask_babel import refresh
from typing_extensions import override
from werkzeug.wrappers import Response

from webconsole.platform import context

LANGUAGES = ("zh", "en")
COOKIE = "language"
COOKIE_MAX_AGE_S = 365 * 86_400
_DEFAULT = "en"  # what programs that ask for no language read
_TRANSLATIONS = Path(__file__).parents[1] / "translations"


ScriptMessages = dict[str, str | list[str]]
"""Sentences by their English; of numbers of things, all forms, by the English of one thing."""


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel carries no types
    """The product's sentences in each language, kept in memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.by_language = {language: _read(folder, language) for language in LANGUAGES}
        self._translations = {
            language: _translations(catalogue) for language, catalogue in self.by_language.items()
        }

    @override
    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return self._translations[locale.language if locale is not None else _DEFAULT]


class _OneDomainBabel(Babel):  # type: ignore[misc]  # as above
    """Flask-Babel makes its own domain from ``.mo`` files unless it is given one."""

    def __init__(self, domain: Catalogues) -> None:
        super().__init__()
        self.__dict__["domain_instance"] = domain


def install(app: Flask) -> None:
    """Make every request, template and error speak the language of the one who asks."""
    catalogues = _catalogues()
    _OneDomainBabel(catalogues).init_app(
        app, default_locale=_DEFAULT, locale_selector=chosen_language
    )
    app.context_processor(lambda: {"locale": chosen_language()})


@functools.cache
def _catalogues() -> Catalogues:
    """Return the product's own catalogues, read once in a process."""
    return Catalogues(_TRANSLATIONS)


def chosen_language() -> str:
    """Return the language of this request: ``"zh"`` or ``"en"``.

    People: what they chose on this device, else what their account says, else what their browser
    asks for. Programs with a token: what they ask for, else English, whoever's token it is.
    """
    spoken = g.get("spoken")
    if spoken is not None:
        return str(spoken)
    asked = _asked_for()
    if context.by_token():
        return asked or _DEFAULT
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    actor = context.asking()
    if actor is not None and actor.language in LANGUAGES:
        return actor.language
    return asked or _DEFAULT


def speak(wanted: str | None, *, otherwise: str) -> None:
    """Have the rest of a request that nobody is signed in for speak a language.

    Parameters
    ----------
    wanted
        As the address says it; if that is none of ours, the browser's language counts.
    otherwise
        If the browser asks for none of ours.
    """
    g.spoken = wanted if wanted in LANGUAGES else _asked_for() or otherwise
    refresh()


def remember(answer: Response, asked: Request, language: str) -> None:
    """Keep on this device which language its people read."""
    answer.set_cookie(
        COOKIE,
        language,
        max_age=COOKIE_MAX_AGE_S,
        secure=asked.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _asked_for() -> str | None:
    """Return the first of our languages that the request accepts, any dialect of it.

    Werkzeug's own ``best_match`` takes "zh" for "en-GB, zh;q=0.3": exact matches go first there.
    """
    for tag in request.accept_languages.values():
        primary = tag.partition("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return None


def _read(folder: Path, language: str) -> Catalog:
    """Return all sentences of a language: one file per area, and messages.po for the rest.

    A language without files is the message ids themselves, as English is.
    """
    whole = Catalog(locale=language, domain="messages")
    for path in sorted((folder / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, domain="messages"):
                if message.id:
                    whole[message.id] = message
    return whole


def _translations(catalogue: Catalog) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain="messages")


def script_messages() -> dict[str, ScriptMessages]:
    """Return all sentences by language, as scripts read them."""
    return {
        language: _for_script(catalogue)
        for language, catalogue in _catalogues().by_language.items()
        if language != _DEFAULT
    }


def _for_script(catalogue: Catalog) -> ScriptMessages:
    messages: ScriptMessages = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, str):
            if message.string:
                messages[message.id] = str(message.string)
        elif isinstance(message.string, list | tuple) and any(message.string):
            messages[message.id[0]] = list(message.string)
    return messages
