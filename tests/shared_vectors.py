"""Values that the server's code and the pages' scripts are both held to."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "webconsole" / "js" / "vectors"


def vectors(name: str) -> Any:  # noqa: ANN401  (JSON)
    """Return the values under a name; the test of the same name in JavaScript reads them too."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
