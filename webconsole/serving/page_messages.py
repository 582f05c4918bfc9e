"""The Chinese of each page's scripts: only the sentences that its own modules can show.

The whole catalogue is four times as large: it also holds what only the server says, and what the
other pages say.
"""

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path

from pydantic_core import to_json

from webconsole.platform.i18n import ScriptMessages

_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_IMPORT = re.compile(r'^import\s+(?:[^"]*?\sfrom\s+)?"(\.[^"]+)"', re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')


def page_name(script: str) -> str:
    """Return by which name a page's sentences are kept.

    Parameters
    ----------
    script
        Its first module, as below ``js`` and without ending: ``pages/console``,
        ``gateways/administration``.
    """
    return script.removeprefix("pages/").replace("/", "-")


def write(
    folder: Path,
    pages: Mapping[str, Path],
    catalogues: Mapping[str, ScriptMessages],
    served: set[str],
) -> None:
    """Write a page's sentences in each language as ``<language>/<page>.json``.

    Parameters
    ----------
    pages
        The first module of each page, by the page's name.
    catalogues
        All sentences by language, as scripts read them.
    served
        Sentences that the server names to every page, beyond those in the modules.
    """
    for name, page in pages.items():
        said = served | {words for module in modules_of(page) for words in texts_in(module)}
        for language, messages in catalogues.items():
            own = {msgid: words for msgid, words in messages.items() if msgid in said}
            path = folder / language / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(to_json({"locale": language, "messages": own}))


def modules_of(first: Path) -> list[Path]:
    """Return a module and all that it imports, at once or later."""
    found: list[Path] = []
    waiting = [first.resolve()]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.append(module)
        source = module.read_text(encoding="utf-8")
        named = (*_IMPORT.findall(source), *_LATER.findall(source))
        waiting.extend((module.parent / each).resolve() for each in named)
    return found


def texts_in(module: Path) -> Iterator[str]:
    """Yield every text between double quotes."""
    for written in _TEXT.findall(module.read_text(encoding="utf-8")):
        try:
            yield json.loads(f'"{written}"')
        except ValueError:  # an escape that only JavaScript knows: no sentence of ours has one
            continue
