"""`nearcrew licences`: under which licence each package is that the product, or its checks, need.

The names come from the lock files, the licences from what the packages say of themselves; where one
says nothing, from the table below, with its source.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from scripts.cluster.private_cluster import CHECKOUT
from scripts.errors import UsageError

ALLOWED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0"),
        *("MIT-CMU", "PSF-2.0", "Unlicense", "ZPL-2.1", "Zlib"),
        "Apache-2.0 WITH LLVM-exception",
        # With conditions on changes of the package itself only; it is used as it is.
        *("LGPL-3.0-only", "MPL-1.1", "MPL-2.0"),
        "GNU Lesser General Public License v3 (LGPLv3)",
        # As older packages put it.
        *("Apache Software License", "BSD", "BSD License", "ISC License (ISCL)", "MIT License"),
        *("Mozilla Public License 2.0 (MPL 2.0)", "The Unlicense (Unlicense)"),
        "Python Software Foundation License",
    }
)
"""Licences that packages may have; a test refuses others, and an unknown one."""
NOT_IN_METADATA = {
    "routingkit-cch": (
        "BSD-2-Clause",
        "LICENSE of https://github.com/RoutingKit/RoutingKit, whose code it binds",
    ),
}
"""What packages do not say of themselves: licence and source, looked up by hand."""
CHOSEN = {"pyphen": ("MPL-1.1", "one of the three that its metadata offer")}
"""Which of several licences a package is taken under, where it leaves the choice."""
_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9_.-]*)(?:\[[^\]]*\])?==([^ \\;]+)", re.MULTILINE)
_JOINED = re.compile(r" AND | OR | / |[()]")
_IN_METADATA = "its metadata"


@dataclass(frozen=True, slots=True)
class Licensed:
    """A package with its licence, empty if nobody knows, and where that is written."""

    name: str
    version: str
    licence: str
    source: str

    @property
    def is_allowed(self) -> bool:
        """Tell whether every licence that is named is one that packages may have."""
        if self.licence in ALLOWED:
            return True
        parts = [part.strip() for part in _JOINED.split(self.licence) if part.strip()]
        return bool(parts) and all(part in ALLOWED for part in parts)


def licences(
    *,
    dev: Annotated[bool, typer.Option("--dev", help="Also what only the checks need.")] = False,
) -> None:
    """List all packages with their licences; exit code 1 if one is unknown or not allowed."""
    found = list(all_packages(CHECKOUT, dev=dev))
    for each in found:
        known = each.licence or "UNKNOWN"
        where = "" if each.source == _IN_METADATA else f"  ({each.source})"
        print(f"{each.name} {each.version}: {known}{where}")
    if not all(each.is_allowed for each in found):
        raise typer.Exit(1)


def all_packages(checkout: Path, *, dev: bool) -> Iterator[Licensed]:
    """Yield the locked packages of Python, then those of the pages, each once."""
    seen = set()
    for lock in ("base", "dev") if dev else ("base",):
        for name, version in _LOCKED.findall(_read(checkout / "requirements" / f"{lock}.txt")):
            if name not in seen:
                seen.add(name)
                yield _of_python(name, version)
    packages = json.loads(_read(checkout / "package-lock.json"))["packages"]
    for path, facts in packages.items():
        if path and (dev or not facts.get("dev")):
            name = path.removeprefix("node_modules/")
            yield _with_source(
                name, facts["version"], facts.get("license", ""), "package-lock.json"
            )


def _of_python(name: str, version: str) -> Licensed:
    if name in CHOSEN:
        return Licensed(name, version, *CHOSEN[name])
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return _with_source(name, version, "", _IN_METADATA)
    classified = [
        each.rpartition(" :: ")[2]
        for each in said.get_all("Classifier") or []
        if each.startswith("License :: ")
    ]
    (expression,) = said.get_all("License-Expression") or [""]
    (written,) = said.get_all("License") or [""]
    # Some have the whole text of their licence there.
    short = written if "\n" not in written else ""
    return _with_source(name, version, expression or " / ".join(classified) or short, _IN_METADATA)


def _with_source(name: str, version: str, licence: str, source: str) -> Licensed:
    if not licence and name in NOT_IN_METADATA:
        licence, source = NOT_IN_METADATA[name]
    return Licensed(name, version, licence, source)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})."
        raise UsageError(message, mend="Run it in a checkout of Nearcrew.") from error
