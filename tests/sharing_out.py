"""How tests are shared out among xdist's workers: file by file, and what is dear to start once.

Whatever a worker starts (database, ground, server, browser) is its own, so no worker can disturb
another. A file stays on one worker, for its tests share what it set up. So do all files that share
what the session sets up at great cost. The dearest go first; whoever is free takes the next file.
"""

from pathlib import PurePosixPath

import pytest
from typing_extensions import override
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

_TOGETHER = {
    "tests/e2e": "a served city and a browser",
    "tests/scripts/commands": "a cluster",
    "tests/scripts/roads": "a cluster",
    "tests/scripts/people": "a cluster",
    "tests/scripts/cluster": "a cluster",
    "tests/scripts/doctor": "a cluster",
    "tests/scripts/serving": "a cluster",
}
"""Folders by what their tests share for the session; the dearest first."""


def group_of(nodeid: str) -> str:
    """Return what a test's worker is chosen by: its file, or what its folder shares."""
    path = PurePosixPath(nodeid.partition("::")[0])
    shared = (what for folder, what in _TOGETHER.items() if path.is_relative_to(folder))
    return next(shared, str(path))


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives whole groups to whoever is free, in the order in which they were collected."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Share out by our groups, whatever `--dist` says; largest first is not dearest first."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, when there is somebody to do the rest meanwhile."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    shared = list(dict.fromkeys(_TOGETHER.values()))
    group = group_of(nodeid)
    return shared.index(group) if group in shared else len(shared)
