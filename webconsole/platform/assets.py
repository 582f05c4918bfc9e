"""What browsers load: our own modules as they are, front-end packages bundled.

Our ES modules import one another by relative paths, so neither joining them nor hashing their
names would work; the whole folder is served under a path that names its content instead, and may
be cached for ever. Packages from npm are joined by flask-assets into ``static/gen``.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint
from flask import Flask
from flask import Response
from flask import send_from_directory
from flask import url_for
from flask_assets import Bundle
from flask_assets import Environment

from webconsole.platform.errors import MissingAssetsError

_HERE = Path(__file__).parents[1]
STATIC = _HERE / "static"
GENERATED = STATIC / "gen"
PACKAGES = _HERE.parent / "node_modules"
BUNDLES = {
    "vendor.js": ("leaflet/dist/leaflet.js", "protomaps-leaflet/dist/protomaps-leaflet.js"),
    "vendor.css": ("leaflet/dist/leaflet.css",),
    "swagger.js": ("swagger-ui-dist/swagger-ui-bundle.js",),
    "swagger.css": ("swagger-ui-dist/swagger-ui.css",),
}
_IMAGES = "leaflet/dist/images"  # named by leaflet.css relative to itself
_YEAR_S = 31_536_000


def install(app: Flask) -> None:
    """Bundle the packages if they changed, serve everything, and give templates ``asset()``.

    Raises
    ------
    MissingAssetsError
        If the npm packages are not installed.
    """
    _bundle(app)
    version = _version_of(STATIC)
    assets = Blueprint("assets", __name__)

    def own_file(asked_version: str, name: str) -> Response:
        """Return one file; for ever under its own version, for now under another's.

        A page loaded before an update still asks for its old version: it gets what there is.
        """
        answer = send_from_directory(STATIC, name, max_age=_YEAR_S)
        if asked_version == version:
            answer.cache_control.public = True
            answer.cache_control.immutable = True
        else:
            answer.cache_control.max_age = 0
            answer.cache_control.no_cache = True
        return answer

    assets.add_url_rule("/static/<asked_version>/<path:name>", "own_file", own_file)
    app.register_blueprint(assets)

    def asset(name: str) -> str:
        """Return the address of a file under ``static``."""
        return url_for("assets.own_file", asked_version=version, name=name)

    app.jinja_env.globals["asset"] = asset


def _bundle(app: Flask) -> None:
    sources = {name: [PACKAGES / part for part in parts] for name, parts in BUNDLES.items()}
    missing = [str(part) for parts in sources.values() for part in parts if not part.exists()]
    if missing:
        message = f"front-end packages are missing ({missing[0]}); `make run` installs them"
        raise MissingAssetsError(message)
    environment = Environment(app)
    environment.directory = str(STATIC)
    environment.auto_build = False
    environment.manifest = None
    environment.cache = False
    environment.url_expire = False  # the folder's version already names the content
    with _alone():
        stamp = GENERATED / ".built-from"
        wanted = _fingerprint(sources)
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        for name, parts in sources.items():
            bundle = Bundle(*(str(part) for part in parts), output=f"gen/{name}")
            environment.register(name, bundle)
            bundle.build(force=True, disable_cache=True)
        shutil.copytree(PACKAGES / _IMAGES, GENERATED / "images", dirs_exist_ok=True)
        stamp.write_text(wanted, encoding="ascii")


@contextmanager
def _alone() -> Iterator[None]:
    """Let one worker build while the others that start with it wait."""
    GENERATED.mkdir(parents=True, exist_ok=True)
    with (GENERATED / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint(sources: dict[str, list[Path]]) -> str:
    digest = hashlib.sha256()
    for name, parts in sources.items():
        digest.update(name.encode())
        for part in parts:
            digest.update(part.read_bytes())
    return digest.hexdigest()


def _version_of(folder: Path) -> str:
    """Return a short name of everything in a folder, the same in every worker."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
