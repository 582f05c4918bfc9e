#!/usr/bin/env bash
# Install exactly what a lock file names:  scripts/setup/install_locked.sh PYTHON LOCK
#
# The lock is complete, so nothing is resolved: what is newest in the index, or which pip this is,
# cannot change what is installed. `pip check` then says whether the lock was complete.
set -euo pipefail
python=$1 lock=$2
pip() { "$python" -m pip "$@" --disable-pip-version-check --no-input; }

# pip would compile one file after the other; install.sh compiles all of them on every core.
pip install --no-deps --no-compile --require-hashes -r "$lock"
pip check
