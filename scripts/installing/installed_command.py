"""The command `nearcrew` of an installed service: with its settings, as its account.

Without it, an administrator would work on the database of the checkout, or leave files of root's
where the service must write.
"""

import os
import pwd
import sys
from pathlib import Path

from scripts.cluster.private_cluster import KEPT_ELSEWHERE
from scripts.installing.installation import read_settings

# Needs root; it touches no database.
_FOR_ROOT = "service"


def main() -> None:
    """Run `nearcrew` with the words behind the settings file and the account."""
    settings, account, *words = sys.argv[1:]
    try:
        for name, value in read_settings(Path(settings).read_text(encoding="utf-8")).items():
            os.environ.setdefault(name, value)
    except OSError as error:
        sys.exit(f"{settings} cannot be read: {error.strerror}.\n→ Run this as root.")
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault(KEPT_ELSEWHERE, "1")
    if os.geteuid() == 0 and words[:1] != [_FOR_ROOT]:
        become(account)
    command = [sys.executable, "-m", "scripts.cli", *words]
    os.execv(command[0], command)  # noqa: S606  (our own interpreter)


def become(account: str) -> None:
    """Give up root's rights for those of an account."""
    entry = pwd.getpwnam(account)
    os.initgroups(account, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ["HOME"] = entry.pw_dir


if __name__ == "__main__":
    main()
