"""What a lock names is installed, whatever else the index offers."""

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.cluster import private_cluster as cluster
from tests.scripts.setup.made_up_index import MadeUpIndex

INSTALL_LOCKED = cluster.CHECKOUT / "scripts" / "setup" / "install_locked.sh"
REQUIREMENTS = cluster.CHECKOUT / "requirements"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([^]]*)\])?==", re.MULTILINE)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> MadeUpIndex:
    """Return an index where a newer release of everything has appeared since the lock was made."""
    made = MadeUpIndex(tmp_path_factory.mktemp("index"))
    for version in ("1.0", "2.0"):
        made.add("ncmail", version)
        made.add("ncmodel", version, requires=("ncmail>=1.0; extra == 'email'",))
        made.add("ncflask", version, requires=("ncmodel[email]>=1.0",))
    return made


@pytest.fixture(scope="module")
def new_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new virtual environment, with the pip that Python brings."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)  # noqa: S603
    return folder


@pytest.fixture
def python(new_environment: Path, tmp_path: Path) -> Path:
    """Return the interpreter of a virtual environment that holds nothing yet."""
    copy = shutil.copytree(new_environment, tmp_path / "venv", symlinks=True)
    return copy / "bin" / "python"


def _install(python: Path, lock: Path, index: MadeUpIndex) -> subprocess.CompletedProcess[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    only_ours = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index.url}
    return subprocess.run(  # noqa: S603
        [INSTALL_LOCKED, python, lock],
        env=others | only_ours,
        capture_output=True,
        text=True,
        check=False,
    )


def _versions(python: Path) -> str:
    names = ("ncflask", "ncmodel", "ncmail")
    script = f"import {', '.join(names)}; print(" + ", ".join(f"{n}.VERSION" for n in names) + ")"
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


@pytest.mark.parametrize("model", ["ncmodel==1.0", "ncmodel[email]==1.0"])
def test_a_newer_release_in_the_index_changes_nothing(
    index: MadeUpIndex, python: Path, tmp_path: Path, model: str
) -> None:
    """An extra that a package asks for is not resolved anew, named in the lock or not."""
    lock = index.lock(tmp_path / "lock.txt", "ncflask==1.0", model, "ncmail==1.0")

    done = _install(python, lock, index)

    assert done.returncode == 0, done.stdout + done.stderr
    assert _versions(python) == "1.0 1.0 1.0"


def test_a_lock_that_lacks_a_package_fails_and_names_it(
    index: MadeUpIndex, python: Path, tmp_path: Path
) -> None:
    """The end of set-up is where this shows, not the first import of the console."""
    lock = index.lock(tmp_path / "lock.txt", "ncflask==1.0", "ncmail==1.0")

    done = _install(python, lock, index)

    assert done.returncode != 0
    assert "requires ncmodel, which is not installed" in done.stdout


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_a_lock_names_every_extra_that_its_packages_ask_for(name: str) -> None:
    """Otherwise an older pip that resolves would look the extra up anew."""
    locked: dict[str, set[str]] = {}
    for package, extras in _PIN.findall((REQUIREMENTS / name).read_text(encoding="utf-8")):
        locked[canonicalize_name(package)] = set(filter(None, extras.split(",")))
    missing = [
        f"{package} asks for {wanted}"
        for package in locked
        for wanted in map(Requirement, metadata.requires(package) or ())
        if wanted.extras and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
        if not wanted.extras <= locked.get(canonicalize_name(wanted.name), wanted.extras)
    ]

    assert missing == []


@pytest.mark.parametrize("path", sorted(REQUIREMENTS.glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_carries_hashes_and_no_address(path: Path) -> None:
    """Whatever mirror it comes from, a package is the one that was locked."""
    content = path.read_text(encoding="utf-8")

    pins = re.findall(r"^[A-Za-z0-9._\[\],-]+==\S+ \\$", content, re.MULTILINE)
    assert pins
    assert all(f"{pin}\n    --hash=sha256:" in content for pin in pins)
    assert "://" not in content
