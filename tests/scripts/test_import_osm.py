"""`nearcrew import-osm` as it is typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cities import GridCity
from tests.conftest import CHECKOUT
from tests.conftest import Database

pytestmark = pytest.mark.postgis


def _import(database: Database, var_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    urls = {
        "DATABASE_URL": database.app_url,
        "DATABASE_ADMIN_URL": database.owner_url,
        "NEARCREW_VAR": str(var_dir),
    }
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from scripts.cli import main; main()", "import-osm", *arguments],
        env=os.environ | urls,
        cwd=CHECKOUT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_an_import_tells_what_it_did_and_what_it_took(database: Database, tmp_path: Path) -> None:
    """Streets, shapes, seconds per stage and memory."""
    # 13 × 13 crossings, 12 blocks of 200 m in each of 13 rows and 13 columns: 62.4 km.
    extract = GridCity().write(tmp_path / "grid.osm")

    done = _import(database, tmp_path / "var", str(extract), "--name", "Grid")

    assert done.returncode == 0, done.stderr
    assert "Grid is the ground in use" in done.stdout
    assert "62 km in 312 segments, 169 nodes, 26 names" in done.stdout
    assert "MB of memory at most" in done.stdout
    assert "Reading streets …" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.osm.pbf", b"Dear Sir or Madam, " * 20, "is not an OpenStreetMap extract"),
        ("cut.osm", b'<?xml version="1.0"?><osm version="0.6"><node id="1"', "is cut off"),
        ("empty.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>', "is empty"),
        (
            "point.osm",
            b'<osm version="0.6"><node id="1" version="1" lon="7" lat="43"/></osm>',
            "holds no road",
        ),
    ],
)
def test_a_bad_file_is_refused_in_words_and_with_2(
    database: Database, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    """No traceback; the ground in use is not touched."""
    bad = tmp_path / name
    bad.write_bytes(content)

    done = _import(database, tmp_path / "var", str(bad))

    assert done.returncode == 2
    assert said in done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistyped_name_is_refused_with_2(database: Database, tmp_path: Path) -> None:
    """The likeliest mistake of all."""
    done = _import(database, tmp_path / "var", str(tmp_path / "nowhere.osm.pbf"))

    assert done.returncode == 2
    assert "here is no file" in done.stderr
