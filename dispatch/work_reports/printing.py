"""Printing a report in a process of its own, few at a time."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import TooMany
from dispatch.work_reports.printer import PrinterLimits

_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_PRINTER: Final = "dispatch.work_reports.printer"
AT_ONCE: Final = 2
"""In one worker: each takes some 150 MB and a second of a processor."""
_WAIT_S: Final = 20.0
LIBRARIES: Final = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk")
"""Packages of the system that printing needs."""


class PrintingUnavailable(Conflict):
    """No report can be printed here: the machine lacks a library, or the printer failed."""

    def __init__(self, msgid: str) -> None:
        super().__init__("printing_unavailable", msgid)


class Printing:
    """Prints reports."""

    def __init__(self, limits: PrinterLimits | None = None) -> None:
        self._limits = limits or PrinterLimits()
        self._free = BoundedSemaphore(AT_ONCE)

    def print_page(self, html: str) -> bytes:
        """Return the PDF of a page.

        Raises
        ------
        PrintingUnavailable
            If the machine lacks a library, or the page took more than a report may.
        TooMany
            ``too_many_reports`` while others are printed.
        """
        if not self._free.acquire(timeout=_WAIT_S):
            message = N_("Too many reports are being printed at this moment.")
            raise TooMany("too_many_reports", message, {}, retry_after_s=_WAIT_S)
        try:
            return print_apart(html, self._limits)
        finally:
            self._free.release()


def print_apart(html: str, limits: PrinterLimits) -> bytes:
    """Return the PDF of a page, printed by a child process.

    Raises
    ------
    PrintingUnavailable
        If it cannot be started, fails, or is ended by its limits.
    """
    try:
        done = subprocess.run(  # noqa: S603  (ourselves)
            [sys.executable, "-m", _PRINTER, json.dumps(asdict(limits))],
            input=html.encode(),
            capture_output=True,
            timeout=limits.wall_s,
            check=False,
            cwd=_CHECKOUT,
            # Neither passwords nor addresses of databases; fonts are those of the system.
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent"},
        )
    except (OSError, subprocess.TimeoutExpired):
        raise _failed() from None
    if done.returncode != 0:
        raise _failed()
    return pdf_of(done.stdout)


def pdf_of(answer: bytes) -> bytes:
    """Return the PDF out of the printer's answer.

    Raises
    ------
    PrintingUnavailable
        If the answer is that a library is missing.
    """
    line, _, pdf = answer.partition(b"\n")
    if "missing" in json.loads(line):
        raise PrintingUnavailable(
            N_("Reports cannot be printed: this server lacks a library. Run nearcrew doctor.")
        )
    return pdf


def _failed() -> PrintingUnavailable:
    return PrintingUnavailable(N_("The report could not be printed. Try again later."))
