"""Run `nearcrew` in this process and see what it says."""

import sys
from dataclasses import dataclass

import pytest

from scripts.cli import main


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Nearcrew:
    """The command line, as typed by somebody whose terminal is not one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str, **variables: str) -> Answer:
        """Run `nearcrew` with these words and environment variables."""
        self._capsys.readouterr()
        with self._monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["nearcrew", *words])
            for name, value in variables.items():
                patch.setenv(name, value)
            code = _run()
        said = self._capsys.readouterr()
        return Answer(code, said.out, said.err)


def _run() -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0
