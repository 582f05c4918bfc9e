"""Where a study cannot write is said before the study is made."""

from pathlib import Path

import pytest

from scripts.errors import UsageError
from scripts.studies.report.out_folder import writable_file
from scripts.studies.report.out_folder import writable_folder
from tests.scripts.command_line import Nearcrew

_NEEDED = {
    "reach": ("--sites", "none.csv"),
    "site": ("--candidates", "none.csv"),
    "visits": ("none.csv", "none.csv", "--day", "2026-11-30"),
}


@pytest.mark.parametrize(
    "study", ["coverage", "reach", "site", "fleet", "simulate", "closure", "learned", "visits"]
)
def test_every_study_refuses_a_folder_that_it_cannot_write_before_it_reads_anything(
    study: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The extract is missing, too: it would be complained of, were it looked at first."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    out = tmp_path / "file" / "out"

    said = Nearcrew(monkeypatch, capsys)(
        "study", study, *_NEEDED.get(study, ()), "--pbf", "none.pbf", "--out", str(out)
    )

    assert said.code == 2
    assert said.err.splitlines() == [f"{out} cannot be written: Not a directory.", "→ --out FOLDER"]


def test_a_folder_that_can_be_made_is_not_made_yet(tmp_path: Path) -> None:
    """A study that is refused afterwards leaves nothing behind."""
    folder = tmp_path / "new" / "one"

    assert writable_folder(folder) == folder
    assert list(tmp_path.iterdir()) == []


def test_a_trace_needs_a_folder_that_is_there(tmp_path: Path) -> None:
    """It is one file beside others; a folder with its name is none."""
    assert writable_file(tmp_path / "day.json") == tmp_path / "day.json"
    with pytest.raises(UsageError, match="there is no folder"):
        writable_file(tmp_path / "none" / "day.json")
    with pytest.raises(UsageError, match="is a folder"):
        writable_file(tmp_path)
