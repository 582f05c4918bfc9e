"""The program that prints one report: ``python -m dispatch.work_reports.printer``.

It is started anew for each, limits itself before it has read a byte, and is handed no settings and
no database. HTML comes on standard input; a line of JSON goes to standard output, then the PDF.
Nothing is fetched: pictures stand in the HTML itself.
"""

import json
import os
import resource
import sys
from dataclasses import dataclass
from typing import Any
from typing import Final

_LESS_URGENT: Final = 5
_AFTER_WARNING_S: Final = 1
_LARGEST_FILE_BYTES: Final = 50_000_000
PICTURES: Final = "data:image/jpeg;base64,"
"""How every address begins that may stand in a report."""


@dataclass(frozen=True, slots=True)
class PrinterLimits:
    """How much one report may take: addresses, whole seconds of processor, seconds of waiting."""

    memory_bytes: int = 1_200_000_000
    cpu_s: int = 20
    wall_s: float = 60.0


def limit_this_process(limits: PrinterLimits) -> None:
    """Let this process have no more than that, and go behind who answers requests."""
    os.nice(_LESS_URGENT)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + _AFTER_WARNING_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE_BYTES, _LARGEST_FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def print_page(html: str) -> bytes:
    """Return the PDF of a page; what it would fetch from anywhere is left out.

    Raises
    ------
    OSError
        If a library is missing that WeasyPrint stands on.
    """
    # Here, for it loads libraries of the system that a machine may lack.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    class OnlyItsOwn(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ANN401
            if not url.startswith(PICTURES):
                message = "a report fetches nothing"
                raise ValueError(message)
            return super().fetch(url, headers)

    pages = HTML(string=html, url_fetcher=OnlyItsOwn(allowed_protocols=["data"]))
    pdf: bytes = pages.write_pdf()
    return pdf


def main() -> None:
    """Read, print, answer."""
    limit_this_process(PrinterLimits(**json.loads(sys.argv[1])))
    html = sys.stdin.buffer.read().decode()
    try:
        pdf = print_page(html)
    except OSError as error:
        _answer({"missing": str(error).splitlines()[0]}, b"")
        return
    _answer({"bytes": len(pdf)}, pdf)


def _answer(facts: dict[str, Any], pdf: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(facts).encode() + b"\n" + pdf)
    out.flush()


if __name__ == "__main__":
    main()
