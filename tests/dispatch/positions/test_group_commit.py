"""Group commit: together where it can be, and each on its own where one is bad."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatch.positions.group_commit import GroupCommit

PATIENCE_S = 60.0


class AwayError(Exception):
    """The database is away: everybody's error."""


class Disk:
    """Stores words and notes what was stored together; the first time it waits to be let go."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.begun = threading.Event()
        self.go = threading.Event()
        self.away = False

    def store(self, words: Sequence[str]) -> list[str]:
        """Store words and return them in capitals."""
        self.begun.set()
        assert self.go.wait(PATIENCE_S)
        if self.away:
            raise AwayError
        if "bad" in words:
            raise ValueError("bad")  # noqa: EM101  (the word itself)
        self.groups.append(list(words))
        return [word.upper() for word in words]


def committing(disk: Disk, largest: int = 100) -> GroupCommit[str, str]:
    """Return a group commit onto that disk."""
    return GroupCommit(
        disk.store, largest=largest, concerns_all=lambda error: isinstance(error, AwayError)
    )


def store_while_busy(
    disk: Disk, together: GroupCommit[str, str], shares: Sequence[Sequence[str]]
) -> list[object]:
    """Have one share stored, the others come meanwhile in this order; return what each got."""

    def run(words: Sequence[str]) -> object:
        try:
            return together.run(words)
        except (AwayError, ValueError) as error:
            return type(error)

    with ThreadPoolExecutor(len(shares)) as pool:
        first = pool.submit(run, shares[0])
        assert disk.begun.wait(PATIENCE_S)
        others = []
        for count, words in enumerate(shares[1:], start=1):
            others.append(pool.submit(run, words))
            while together.waiting < count:
                assert not others[-1].done()
        disk.go.set()
        return [each.result(PATIENCE_S) for each in (first, *others)]


def test_what_comes_during_a_commit_is_committed_together() -> None:
    """Each gets its own answers, once all are stored."""
    disk = Disk()

    answers = store_while_busy(disk, committing(disk), [["a"], ["b", "c"], ["d"]])

    assert disk.groups == [["a"], ["b", "c", "d"]]
    assert answers == [["A"], ["B", "C"], ["D"]]


def test_a_group_does_not_grow_beyond_its_limit() -> None:
    """Of 3 + 2 + 1 with a limit of 4: the first of those that wait alone, then the others."""
    disk = Disk()

    store_while_busy(disk, committing(disk, largest=4), [["a"], ["b"] * 3, ["c"] * 2, ["d"]])

    assert disk.groups == [["a"], ["b"] * 3, ["c", "c", "d"]]


def test_a_bad_share_fails_alone() -> None:
    """The others of its group are stored all the same."""
    disk = Disk()

    answers = store_while_busy(disk, committing(disk), [["a"], ["b"], ["bad"], ["d"]])

    assert answers == [["A"], ["B"], ValueError, ["D"]]
    assert disk.groups == [["a"], ["b"], ["d"]]


def test_an_error_of_everybody_is_told_to_everybody_and_not_tried_again_for_each() -> None:
    """With the database away a thousand attempts would each wait for it."""
    disk = Disk()
    disk.away = True

    answers = store_while_busy(disk, committing(disk), [["a"], ["b"], ["c"]])

    assert answers == [AwayError] * 3


def test_after_an_error_the_next_is_stored() -> None:
    """Nobody waits for a leader that failed."""
    disk = Disk()
    disk.go.set()
    together = committing(disk)
    with pytest.raises(ValueError, match="bad"):
        together.run(["bad"])

    assert together.run(["a"]) == ["A"]
