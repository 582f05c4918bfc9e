"""docs/planning.md: its commands run, and say what stands there."""

import re
from pathlib import Path

import pytest

from scripts.cluster import private_cluster as cluster
from tests.benchmarks.planning.pictures import DOCUMENT
from tests.benchmarks.planning.pictures import EXTRACT
from tests.benchmarks.planning.pictures import commands
from tests.scripts.command_line import Nearcrew


@pytest.fixture
def at_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand where the document's paths begin, with a state folder apart."""
    monkeypatch.chdir(cluster.CHECKOUT)
    monkeypatch.setenv("NEARCREW_VAR", str(tmp_path / "var"))


@pytest.mark.long
@pytest.mark.usefixtures("at_the_checkout")
def test_every_study_of_the_document_runs(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monaco_pbf: Path,
) -> None:
    """And the first one says what the document prints."""
    nearcrew = Nearcrew(monkeypatch, capsys)
    said = [nearcrew(*words[1:]) for words in commands(monaco_pbf, tmp_path)]

    assert len(said) == 4
    assert [answer.code for answer in said] == [0, 0, 0, 0], [answer.err for answer in said]
    printed = re.search(r"```text\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert printed is not None
    assert said[0].out.startswith(printed[1])


@pytest.mark.long
@pytest.mark.usefixtures("at_the_checkout")
def test_the_program_of_the_document_runs(
    capsys: pytest.CaptureFixture[str], monaco_pbf: Path
) -> None:
    """With the numbers of the command."""
    block = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None

    exec(block[1].replace(EXTRACT, str(monaco_pbf)), {})  # noqa: S102 - our own document

    assert capsys.readouterr().out.startswith("(0.2887")
