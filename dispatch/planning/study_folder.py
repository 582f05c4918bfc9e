"""Where a study's files lie: what it is given, what it wrote, and all of it as one ZIP file."""

import csv
import json
import re
import shutil
import zipfile
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Final

REPORT: Final = "report.html"
ZIPPED: Final = "study.zip"
_SERVED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
OUT: Final = "out"
_IN: Final = "in"


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """The folder of one attempt at a study, in which its command runs.

    The command is given names within it, so that no report tells where on the machine it lies.

    Attributes
    ----------
    root
        Of all studies.
    """

    root: Path
    study_id: int
    attempt: int

    @property
    def path(self) -> Path:
        """The folder."""
        return self.root / str(self.study_id) / str(self.attempt)

    @property
    def out(self) -> Path:
        """Where the command writes."""
        return self.path / OUT

    @property
    def said(self) -> Path:
        """What the command says in plain sentences: its standard output."""
        return self.path / "said.txt"

    @property
    def log(self) -> Path:
        """Progress, and why it was refused: its standard error."""
        return self.path / "log.txt"

    @property
    def zipped(self) -> Path:
        """All files as one."""
        return self.path / ZIPPED

    def prepare(self) -> None:
        """Make it anew, without what earlier attempts left."""
        forget(self.root, self.study_id)
        self.out.mkdir(parents=True)
        (self.path / _IN).mkdir()

    def put_table(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
        """Write a table that the command reads; return its name as seen from the folder."""
        path = self.path / _IN / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
        return f"{_IN}/{name}"

    def put_json(self, name: str, content: Mapping[str, Any]) -> str:
        """Write a file that the command reads; return its name as seen from the folder."""
        path = self.path / _IN / name
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return f"{_IN}/{name}"

    def written(self) -> list[tuple[str, int]]:
        """Return the files that the command wrote, with their bytes, the report first."""
        files = [
            each
            for each in self.out.iterdir()
            if each.is_file() and not each.is_symlink() and _SERVED.fullmatch(each.name)
        ]
        files.sort(key=lambda each: (each.name != REPORT, each.name))
        return [(each.name, each.stat().st_size) for each in files]

    def zip(self, names: Iterable[str]) -> None:
        """Put files into one; pictures and GeoPackages hardly shrink, tables do."""
        with zipfile.ZipFile(self.zipped, "w", zipfile.ZIP_DEFLATED) as file:
            for name in names:
                file.write(self.out / name, name)


def forget(root: Path, study_id: int) -> None:
    """Delete what there is of a study."""
    shutil.rmtree(root / str(study_id), ignore_errors=True)


def numbers_kept(root: Path) -> list[int]:
    """Return the studies that have a folder."""
    if not root.is_dir():
        return []
    return [int(each.name) for each in root.iterdir() if each.name.isdecimal()]
