"""Whether reports can be printed (PDF): the libraries, and a font with Chinese letters."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dispatch.work_reports.printer import PrinterLimits
from dispatch.work_reports.printing import LIBRARIES
from dispatch.work_reports.printing import PrintingUnavailable
from dispatch.work_reports.printing import print_apart
from scripts.doctor.findings import Finding
from scripts.doctor.findings import good
from scripts.doctor.findings import odd

_FONTS: Final = ("NotoSansCJK*", "NotoSansSC*", "SourceHanSans*", "wqy-*", "DroidSansFallback*")
_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_MEND: Final = f"sudo apt-get install --no-install-recommends {' '.join(LIBRARIES)}"


def examine() -> Iterator[Finding]:
    """Yield the findings: one page is printed for trial."""
    try:
        print_apart("<p>x</p>", PrinterLimits())
    except PrintingUnavailable:
        yield odd("Reports cannot be printed (PDF): a library of the system is missing.", _MEND)
        return
    yield chinese_font(_FOLDERS)


def chinese_font(folders: tuple[Path, ...]) -> Finding:
    """Check that one of the usual fonts with Chinese letters is installed."""
    files = (each for folder in folders for name in _FONTS for each in folder.rglob(name))
    if next(files, None) is None:
        sentence = "Reports are printed (PDF), but no font has Chinese letters: boxes stand there."
        return odd(sentence, _MEND)
    return good("Reports can be printed (PDF).")
