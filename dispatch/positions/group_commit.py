"""Group commit: what several requests bring at the same time is stored in one transaction.

A commit waits for the disk. Requests that come meanwhile would each wait for it again, one after
the other or side by side, each with a transaction of its own. Instead they gather, and the first of
them takes all the others along: the busier, the larger the groups, and nobody waits on purpose.
"""

import threading
from collections import deque
from collections.abc import Callable
from collections.abc import Sequence
from typing import Generic
from typing import TypeVar

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


class _Share(Generic[_Item, _Answer]):
    """What one request brings, and what it waits for: its answers, or its turn to store."""

    def __init__(self, items: Sequence[_Item]) -> None:
        self.items = items
        self.answers: Sequence[_Answer] | None = None
        self.error: BaseException | None = None
        self.woken = threading.Event()

    @property
    def settled(self) -> bool:
        return self.answers is not None or self.error is not None


class GroupCommit(Generic[_Item, _Answer]):
    """Stores what requests bring, in groups, one group at a time.

    Parameters
    ----------
    store
        Stores items in one transaction and returns an answer for each, in their order.
    largest
        Items in a group; a single request may bring more.
    concerns_all
        Whether an error is everybody's, such as a database that is away. After any other error the
        shares of a group are stored one by one, so that a bad one fails alone.
    """

    def __init__(
        self,
        store: Callable[[Sequence[_Item]], Sequence[_Answer]],
        *,
        largest: int,
        concerns_all: Callable[[Exception], bool],
    ) -> None:
        self._store = store
        self._largest = largest
        self._concerns_all = concerns_all
        self._lock = threading.Lock()
        self._waiting: deque[_Share[_Item, _Answer]] = deque()
        self._storing = False

    @property
    def waiting(self) -> int:
        """How many requests wait for the group in front of them."""
        return len(self._waiting)

    def run(self, items: Sequence[_Item]) -> Sequence[_Answer]:
        """Return the answers to these items once they are committed, or raise what prevented it."""
        mine: _Share[_Item, _Answer] = _Share(items)
        with self._lock:
            if self._storing:
                self._waiting.append(mine)
            else:
                self._storing = True
                mine.woken.set()
        mine.woken.wait()
        if not mine.settled:
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        return mine.answers or ()

    def _lead(self, mine: _Share[_Item, _Answer]) -> None:
        """Store a group: one's own share and what has gathered; then let the next one lead."""
        group = [mine, *self._gathered(len(mine.items))]
        try:
            self._settle(group)
        except BaseException as error:  # whoever waits must hear of it, or waits for ever
            for share in group:
                if not share.settled:
                    share.error = error
            raise
        finally:
            with self._lock:
                successor = self._waiting.popleft() if self._waiting else None
                self._storing = successor is not None
            for share in (*group, *([successor] if successor else [])):
                share.woken.set()

    def _gathered(self, count: int) -> list[_Share[_Item, _Answer]]:
        found = []
        with self._lock:
            while self._waiting and count + len(self._waiting[0].items) <= self._largest:
                found.append(self._waiting.popleft())
                count += len(found[-1].items)
        return found

    def _settle(self, group: Sequence[_Share[_Item, _Answer]]) -> None:
        try:
            answers = self._store([item for share in group for item in share.items])
        except Exception as error:
            if self._concerns_all(error):
                raise
            if len(group) == 1:
                group[0].error = error
                return
            for share in group:
                self._settle([share])
            return
        first = 0
        for share in group:
            share.answers = answers[first : first + len(share.items)]
            first += len(share.items)
