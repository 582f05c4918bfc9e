"""A stage of set-up that fails says its last real error first, and what to do."""

import subprocess

import pytest

from scripts.cluster import private_cluster as cluster

_FAILURE = cluster.CHECKOUT / "scripts" / "setup" / "failure.sh"

OLD_PIP = """\
Looking in indexes: here
WARNING: Location 'file:///nowhere/simple/flask/' is ignored: it is neither a file nor a directory.
ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==. \
These do not:
    pydantic[email]>=2.0 (from apiflask)
WARNING: Location 'file:///nowhere/simple/pip/' is ignored: it is neither a file nor a directory.
WARNING: There was an error checking the latest version of pip.
"""
UNREACHABLE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError': /simple/flask/
ERROR: Could not find a version that satisfies the requirement flask==3.1.2 (from versions: none)
ERROR: No matching distribution found for flask==3.1.2
"""
FULL_DISK = """\
Unpacking postgresql-15 ...
dpkg: error processing archive: cannot copy extracted data: No space left on device
E: Sub-process /usr/bin/dpkg returned an error code (1)
W: Some index files failed to download.
"""
INCOMPLETE = """\
Successfully installed apiflask-3.1
apiflask 3.1 requires email-validator, which is not installed.
"""
NPM = """\
npm warn Unknown user config "x".
npm error code EINTEGRITY
npm error sha512-abc integrity checksum failed when using sha512
npm error A complete log of this run can be found in: /root/.npm/_logs/x.log
"""


def _ask(function: str, printed: str) -> str:
    script = f'log=var/log/setup.log; . "{_FAILURE}"; {function}'
    done = subprocess.run(  # noqa: S603
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        input=printed,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("printed", "error"),
    [
        (OLD_PIP, "ERROR: In --require-hashes mode, all requirements must have their versions"),
        (UNREACHABLE, "ERROR: No matching distribution found for flask==3.1.2"),
        (FULL_DISK, "E: Sub-process /usr/bin/dpkg returned an error code (1)"),
        (INCOMPLETE, "apiflask 3.1 requires email-validator, which is not installed."),
        (NPM, "npm error sha512-abc integrity checksum failed when using sha512"),
        ("one\ntwo\n", "two"),
        ("", ""),
    ],
    ids=["old pip", "unreachable", "full disk", "incomplete", "npm", "no error", "nothing"],
)
def test_the_last_real_error_is_found_among_warnings(printed: str, error: str) -> None:
    """Package managers print warnings after what went wrong."""
    assert _ask("last_error", printed).startswith(error)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (UNREACHABLE, "cannot be reached"),
        (FULL_DISK, "The disk is full"),
        (NPM, "something else than what was locked"),
        ("ERROR: No matching distribution found for flask==9\n", "bring the mirror up to date"),
        (OLD_PIP, "send var/log/setup.log"),
    ],
    ids=["unreachable", "full disk", "hashes", "old mirror", "unknown"],
)
def test_what_to_do_is_one_line(printed: str, words: str) -> None:
    """Whoever sets Nearcrew up reads the advice, not the package manager's output."""
    advised = _ask("advice", printed)

    assert words in advised
    assert "\n" not in advised
