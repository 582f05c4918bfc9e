"""Join what a page loads: one script and one style sheet a page instead of two hundred files.

Our scripts are ES modules, joined and shrunk by esbuild, page by page; a broken import fails here
and not in somebody's browser. Source maps lie beside them, so a browser's tools show the modules as
they were written. Style sheets and packages from npm are joined by flask-assets, and shrunk. Each
page has its own sentences (`page_messages`). Everything is made when it is missing or its sources
changed, and packed once for all who ask (`packing`).
"""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_assets import Bundle
from flask_assets import Environment
from pydantic_core import to_json

from webconsole.platform.errors import MissingAssetsError
from webconsole.platform.i18n import ScriptMessages
from webconsole.serving import packing
from webconsole.serving import page_messages

_HERE = Path(__file__).parents[1]
STATIC = _HERE / "static"
GENERATED = STATIC / "gen"
PACKAGES = _HERE.parent / "node_modules"
_SCRIPTS = STATIC / "js"
# A plain script: it runs before the first paint, and imports nothing.
_PLAIN = "pages/theme.js"
# Not of a page: one joins the streams of a browser's windows, one takes pushes, and a map is loaded
# by a form when somebody wants it.
_APART = (
    "live/stream_worker.js",
    "deliveries/service_worker.js",
    "kept/crew_worker.js",
    "administration/point_picker.js",
    "ways/worker.js",
)
_PACKAGED = {
    "vendor.js": ("leaflet/dist/leaflet.js", "protomaps-leaflet/dist/protomaps-leaflet.js"),
    "swagger.js": ("swagger-ui-dist/swagger-ui-bundle.js",),
    "swagger.css": ("swagger-ui-dist/swagger-ui.css",),
}
_LEAFLET = "leaflet/dist/leaflet.css"
_STYLES = {
    "console.css": (
        *("core/base", "map/map", "map/map_tools", "map/markers", "desk/console", "desk/queue"),
        *(
            "desk/incident",
            "desk/record",
            "desk/messages",
            "desk/candidates",
            "core/forms",
            *("core/crew_people", "desk/crews"),
        ),
        *("core/toasts", "map/desk_map", "desk/closures", "desk/layers", "desk/keys", "desk/bar"),
        *("desk/search", "desk/outcomes", "desk/reach"),
        "desk/plans",
        "desk/pledges",
        "desk/offers",
        "desk/merging",
        "desk/proposals",
        "desk/unconfirmed",
        "desk/cover",
        "desk/safety",
        "desk/forms",
        "desk/silence",
        "desk/shifts",
        "desk/media",
        "desk/layout",
    ),
    "replay.css": (
        *("core/base", "map/map", "map/map_tools", "desk/console", "desk/record", "pages/replay"),
    ),
    "plan.css": (
        *("core/base", "map/map", "map/map_tools", "desk/console", "core/forms", "pages/plan"),
    ),
    "crew.css": (
        *("core/base", "map/map", "pages/crew", "pages/crew_notices", "pages/crew_safety"),
        "pages/result",
        *("desk/record", "pages/crew_messages", "pages/crew_plans", "pages/crew_offers"),
        "pages/crew_cover",
        "pages/crew_phone",
        "pages/crew_outbox",
        "pages/crew_ways",
    ),
    "crew_late.css": (
        *("pages/crew_tickets", "pages/crew_shifts", "pages/crew_media"),
        "pages/crew_app",
        "pages/crew_forms",
    ),
    "audit.css": ("core/base", "core/forms", "core/plain_page", "pages/audit"),
    "pledges.css": ("core/base", "core/forms", "core/plain_page", "pages/pledges"),
    "chains.css": ("core/base", "core/forms", "core/plain_page", "pages/chains"),
    "shifts.css": ("core/base", "core/forms", "core/plain_page", "core/toasts", "pages/shifts"),
    "history.css": ("core/base", "core/forms", "core/plain_page", "pages/history"),
    "trackers.css": ("core/base", "core/forms", "core/plain_page", "core/toasts", "pages/trackers"),
    "channels.css": ("core/base", "core/forms", "core/plain_page", "pages/channels"),
    "point_picker.css": ("map/map",),
    "administration.css": (
        *(
            "core/base",
            "core/forms",
            "core/plain_page",
            "core/toasts",
            "core/crew_people",
            "pages/administration",
        ),
        "pages/access",
    ),
    "sign_in.css": ("core/base", "pages/sign_in", "pages/factors"),
    "account.css": (
        *("core/base", "core/forms", "core/plain_page", "core/toasts"),
        *("pages/factors", "pages/account"),
    ),
    "work_report.css": ("pages/work_report",),
    "caller.css": ("pages/caller",),
    "api_docs.css": ("core/base", "pages/api_docs"),
}
"""The sheets of each page, in the order in which they overrule one another."""
_WITH_MAP = {"console.css", "replay.css", "plan.css", "crew.css", "point_picker.css"}
# Whatever these load with `import()` comes in files of its own, after their first paint.
_SPLIT = ("pages/crew.js",)
_IMAGES = "leaflet/dist/images"  # named by leaflet.css relative to itself
_BUNDLING_S = 60.0


def make_bundles(app: Flask, *, catalogues: Mapping[str, ScriptMessages], served: set[str]) -> None:
    """Make what is missing or older than its sources; one process makes it, others wait.

    Parameters
    ----------
    catalogues
        The sentences of the scripts, by language.
    served
        Sentences that the server names to every page.

    Raises
    ------
    MissingAssetsError
        If the npm packages are not installed, or a script cannot be joined; says why.
    """
    joined = {name: tuple(PACKAGES / part for part in parts) for name, parts in _PACKAGED.items()}
    for name, parts in _STYLES.items():
        sheets = tuple(STATIC / "css" / f"{part}.css" for part in parts)
        joined[name] = (PACKAGES / _LEAFLET, *sheets) if name in _WITH_MAP else sheets
    packages = [part for parts in joined.values() for part in parts]
    missing = [str(part) for part in (_esbuild(), *packages) if not part.is_file()]
    if missing:
        message = f"front-end packages are missing ({missing[0]}); `make run` installs them"
        raise MissingAssetsError(message)
    with _alone():
        stamp = GENERATED / ".built-from"
        makers = (Path(__file__), *(Path(str(each.__file__)) for each in (packing, page_messages)))
        sources = [*packages, *_SCRIPTS.rglob("*.js"), *makers]
        wanted = _fingerprint(sources, to_json([catalogues, sorted(served)]))
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        kept = packing.packed_copies(GENERATED)
        _empty(GENERATED)
        _join(app, joined)
        _shrink_styles()
        _bundle_scripts()
        page_messages.write(GENERATED / "messages", _pages(), catalogues, served)
        shutil.copytree(PACKAGES / _IMAGES, GENERATED / "images")
        packing.pack(GENERATED, kept)
        stamp.write_text(wanted, encoding="ascii")


def _join(app: Flask, joined: dict[str, tuple[Path, ...]]) -> None:
    environment = Environment(app)
    environment.directory = str(STATIC)
    environment.auto_build = False
    environment.manifest = None
    environment.cache = False
    environment.url_expire = False  # the folder's version already names the content
    for name, parts in joined.items():
        bundle = Bundle(*(str(part) for part in parts), output=f"gen/{name}")
        environment.register(name, bundle)
        bundle.build(force=True, disable_cache=True)


def _shrink_styles() -> None:
    sheets = sorted(GENERATED.glob("*.css"))
    _run_esbuild(*sheets, "--minify", f"--outdir={GENERATED}", "--allow-overwrite")


def _bundle_scripts() -> None:
    split = [_SCRIPTS / each for each in _SPLIT]
    whole = [each for each in _first_modules() if each not in split]
    entries = [*whole, *(_SCRIPTS / each for each in _APART), _SCRIPTS / _PLAIN]
    shape = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--sourcemap")
    into = (f"--outbase={_SCRIPTS}", f"--outdir={GENERATED / 'js'}")
    _run_esbuild(*entries, *shape, *into)
    for page in split:
        _run_esbuild(page, *shape, "--splitting", f"--chunk-names=chunks/{page.stem}-[hash]", *into)


def _first_modules() -> list[Path]:
    """Return the module that each page begins with; those of administration lie in their rooms."""
    of_pages = set((_SCRIPTS / "pages").glob("*.js")) - {_SCRIPTS / _PLAIN}
    return sorted(of_pages | set(_SCRIPTS.glob("*/administration*.js")))


def _pages() -> dict[str, Path]:
    """Return the first module of each page by the page's name."""
    by_script = {
        each.relative_to(_SCRIPTS).with_suffix("").as_posix(): each for each in _first_modules()
    }
    return {page_messages.page_name(script): each for script, each in by_script.items()}


def _run_esbuild(*arguments: Path | str) -> None:
    command = [str(_esbuild()), *(str(each) for each in arguments), "--log-level=warning"]
    done = subprocess.run(  # noqa: S603  (our own files, our own tool)
        command, capture_output=True, text=True, check=False, timeout=_BUNDLING_S
    )
    if done.returncode != 0:
        message = f"the pages' files cannot be joined: {done.stderr.strip()}"
        raise MissingAssetsError(message)


def _esbuild() -> Path:
    """Return esbuild's program for this machine; npm installs the one that fits."""
    found = next(PACKAGES.glob("@esbuild/*/bin/esbuild"), None)
    return found or PACKAGES / "@esbuild"


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != ".lock":
            path.unlink()


@contextmanager
def _alone() -> Iterator[None]:
    """Let one worker build while the others that start with it wait."""
    GENERATED.mkdir(parents=True, exist_ok=True)
    with (GENERATED / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint(sources: Iterable[Path], words: bytes) -> str:
    digest = hashlib.sha256(words)
    for path in sorted(set(sources)):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
