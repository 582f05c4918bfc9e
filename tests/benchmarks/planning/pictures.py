"""Draws the pictures of docs/planning.md by the commands that stand there.

``python -m tests.benchmarks.planning.pictures monaco.osm.pbf`` writes PNG files into
``docs/images``: the top of the report, the map of two variants, and cover by hour.
"""

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from scripts.cluster import private_cluster as cluster
from tests.chromium import open_chromium

DOCUMENT = cluster.CHECKOUT / "docs" / "planning.md"
EXTRACT = "var/demo/monaco.osm.pbf"
_IMAGES = cluster.CHECKOUT / "docs" / "images"
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_COLOURS = 256


def commands(extract: Path, folder: Path) -> Iterator[list[str]]:
    """Yield the studies of the document, their extract and their folders replaced."""
    for block in _BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words[:2] != ["nearcrew", "study"]:
                continue
            words = [str(extract) if word == EXTRACT else word for word in words]
            if "--out" in words:
                at = words.index("--out") + 1
                words[at] = str(folder / Path(words[at]).name)
            yield words


def main() -> None:
    """Run the document's studies and photograph what they wrote."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for words in commands(Path(sys.argv[1]).resolve(), folder):
            subprocess.run(  # noqa: S603 - our own document
                [sys.executable, "-m", "scripts.cli", *words[1:]], check=True, cwd=cluster.CHECKOUT
            )
        _photograph(folder / "cover", "main", "planning-report.png", height=860)
        _photograph(folder / "works", ".map", "planning-difference.png")
        _photograph(folder / "hours", "figure:has(#figure_1):nth-child(2)", "planning-hours.png")


def _photograph(report: Path, selector: str, name: str, height: int | None = None) -> None:
    file = _IMAGES / name
    with open_chromium() as browser:
        page = browser.new_page(
            viewport={"width": 1080, "height": height or 900}, locale="en-GB", color_scheme="light"
        )
        page.goto((report / "report.html").as_uri())
        page.locator("#map[data-ready]").wait_for()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)  # tiles fade in
        if height is None:
            page.locator(selector).first.screenshot(path=file)
        else:
            page.screenshot(path=file)
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
            file, optimize=True
        )


if __name__ == "__main__":
    main()
