"""Printing: apart, with limits, of what stands in the page and of nothing else."""

import json
import socket
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path

import pytest

from dispatch.work_reports.printer import PrinterLimits
from dispatch.work_reports.printing import PrintingUnavailable
from dispatch.work_reports.printing import pdf_of
from dispatch.work_reports.printing import print_apart
from tests.conftest import CHECKOUT
from tests.pdf_text import pdf_text

PAGE = '<meta charset="utf-8"><body style="font-family: \'Noto Sans CJK SC\'">'


def test_both_languages_are_printed_in_letters_that_the_file_brings() -> None:
    """Chinese is no row of empty boxes: each glyph stands for its letter."""
    pdf = print_apart(f"{PAGE}<p>抢修报告 Gas leak</p>", PrinterLimits())

    assert pdf.startswith(b"%PDF-")
    assert "抢修报告 Gas leak" in pdf_text(pdf)


def test_a_report_fetches_nothing_from_anywhere(tmp_path: Path) -> None:
    """Neither from the network nor from the disk: what asks for it is left out."""
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        asked: list[bool] = []

        def listen() -> None:
            try:
                server.accept()[0].close()
                asked.append(True)
            except TimeoutError:
                asked.append(False)

        listener = threading.Thread(target=listen)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        page = (
            f'{PAGE}<img src="{address}/a.png"><link rel="stylesheet" href="{address}/a.css">'
            f'<style>@import url("{address}/b.css"); p {{ background: url({address}/c.png) }}'
            f'@font-face {{ font-family: x; src: url("{address}/x.woff2") }}</style>'
            f'<a rel="attachment" href="{secret.as_uri()}">a</a><object data="{secret.as_uri()}">'
            '</object><img src="data:image/svg+xml,<svg/>"><p>there</p>'
        )

        pdf = print_apart(page, PrinterLimits())

        listener.start()
        listener.join()
    assert asked == [False]
    assert "there" in pdf_text(pdf)
    assert b"SECRET" not in pdf


@pytest.mark.parametrize(
    "limits",
    [PrinterLimits(memory_bytes=150_000_000), PrinterLimits(wall_s=0.001)],
    ids=["memory", "time"],
)
def test_a_printer_is_ended_by_its_limits(limits: PrinterLimits) -> None:
    """And says that it could not be printed, in a sentence."""
    with pytest.raises(PrintingUnavailable) as error:
        print_apart(f"{PAGE}<p>x", limits)

    assert error.value.code == "printing_unavailable"


def test_a_machine_without_pango_says_so(tmp_path: Path) -> None:
    """WeasyPrint is loaded when something is printed, and what it lacks is told."""
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")

    done = subprocess.run(  # noqa: S603  (ourselves)
        [
            sys.executable,
            "-m",
            "dispatch.work_reports.printer",
            json.dumps(asdict(PrinterLimits())),
        ],
        input=b"x",
        capture_output=True,
        check=True,
        cwd=CHECKOUT,
        env={"PYTHONPATH": str(tmp_path)},
    )

    assert json.loads(done.stdout) == {"missing": "cannot load library libpango-1.0-0"}
    with pytest.raises(PrintingUnavailable, match="lacks a library"):
        pdf_of(done.stdout)
