"""Serve what browsers load under a path that names its content, so that it may be kept for ever."""

import base64
import hashlib
import mimetypes
import re
from functools import cache

from flask import Flask
from flask import Response
from flask import request
from flask import send_from_directory
from flask import url_for

from webconsole.platform.i18n import script_messages
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages
from webconsole.serving.bundles import GENERATED
from webconsole.serving.bundles import STATIC
from webconsole.serving.bundles import make_bundles
from webconsole.serving.packing import CODINGS

_YEAR_S = 31_536_000
_IMPORTED = re.compile(r'\bfrom"\.\./chunks/([^"]+)"')


def install(app: Flask, *, served: set[str]) -> None:
    """Make the bundles if their sources changed, serve them, and give templates ``asset()``.

    Parameters
    ----------
    served
        Sentences that the server names to every page, for its scripts to translate.

    Raises
    ------
    MissingAssetsError
        If the npm packages are not installed, or a script cannot be joined.
    """
    make_bundles(app, catalogues=script_messages(), served=served)
    version.cache_clear()
    version()
    assets = Pages("assets", __name__)
    assets.add_url_rule("/static/<asked_version>/<path:name>", "own_file", _own_file, needs=ANYBODY)
    app.register_blueprint(assets)
    app.jinja_env.globals["asset"] = address
    app.jinja_env.globals["imported_first"] = imported_first
    app.jinja_env.globals["mark"] = _inline("img/mark.svg")


def _inline(name: str) -> str:
    """Return a picture as an address that holds it: not worth a request of its own."""
    kind, _ = mimetypes.guess_type(name)
    content = base64.b64encode((STATIC / name).read_bytes()).decode("ascii")
    return f"data:{kind};base64,{content}"


def messages_address(page: str, language: str) -> str | None:
    """Return the address of a page's sentences; None for English: its own stand in the scripts."""
    name = f"gen/messages/{language}/{page}.json"
    return None if language == "en" else address(name)


def address(name: str) -> str:
    """Return the address of a file under ``static``."""
    return url_for("assets.own_file", asked_version=version(), name=name)


def imported_first(page: str) -> list[str]:
    """Return the addresses of what a page's script imports at once, to be asked for ahead of it."""
    script = (GENERATED / "js" / "pages" / f"{page}.js").read_text(encoding="utf-8")
    return [address(f"gen/js/chunks/{name}") for name in _IMPORTED.findall(script)]


def files_of(page: str) -> list[str]:
    """Return the addresses of all that a page may load of ours, at once or later, in any language.

    Workers of a page lie beside its rooms' modules.
    """
    names = ["gen/vendor.js", "gen/js/pages/theme.js", f"gen/js/pages/{page}.js"]
    names += [f"gen/{each.name}" for each in sorted(GENERATED.glob(f"{page}*.css"))]
    names += [
        each.relative_to(STATIC).as_posix()
        for each in sorted((GENERATED / "js").glob("*/worker.js"))
    ]
    names += [
        f"gen/js/chunks/{each.name}"
        for each in sorted((GENERATED / "js" / "chunks").glob(f"{page}-*.js"))
    ]
    names += sorted(
        each.relative_to(STATIC).as_posix()
        for each in (GENERATED / "messages").glob(f"*/{page}.json")
        if each.parent.name != "en"
    )
    return [address(name) for name in names]


def _own_file(asked_version: str, name: str) -> Response:
    """Return one file; for ever under its own version, for now under another's.

    A page loaded before an update still asks for its old version: it gets what there is.
    """
    answer = _best_copy(name)
    if asked_version == version():
        answer.cache_control.public = True
        answer.cache_control.immutable = True
    else:
        answer.cache_control.max_age = 0
        answer.cache_control.no_cache = True
    return answer


def _best_copy(name: str) -> Response:
    """Return the file as small as the one who asks can read it."""
    packed = [
        (coding, name + ending)
        for coding, ending in CODINGS
        if name.startswith("gen/") and (STATIC / (name + ending)).is_file()
    ]
    for coding, copy in packed:
        if request.accept_encodings.quality(coding) > 0:
            kind, _ = mimetypes.guess_type(name)
            answer = send_from_directory(STATIC, copy, mimetype=kind, max_age=_YEAR_S)
            answer.content_encoding = coding
            break
    else:
        answer = send_from_directory(STATIC, name, max_age=_YEAR_S)
    if packed:
        answer.vary.add("Accept-Encoding")
    return answer


@cache
def version() -> str:
    """Return a short name of everything that is served, the same in every worker."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            digest.update(path.relative_to(STATIC).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
