"""One open stream: what waits to be sent to it, bounded however slowly it reads."""

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

from dispatch.access.permissions import Actor
from webconsole.live.stream_messages import Message
from webconsole.live.stream_messages import reset

LONGEST_QUEUE = 300
"""Changes that may wait; whoever falls further behind is told to load its lists again."""
SLOW_S = 20.0
"""Who has taken nothing for so long is stuck inside a send, and is cut off."""


class Reader:
    """What waits for one reader.

    Changes wait in order. Of positions only one message ever waits: a newer one does not queue
    behind it but makes it old, and then where *every* crew is goes out instead. So a reader that
    slept costs what it has not taken, at most; and when it wakes it gets one state of things,
    never an hour of them.
    """

    __slots__ = (
        "_changes",
        "_everything",
        "_filled",
        "_lost_id",
        "_missed_positions",
        "_others",
        "_positions",
        "_waiting_since_s",
        "actor",
        "cut",
        "doubted",
        "ended",
        "sent_id",
        "still",
    )

    def __init__(
        self,
        actor: Actor,
        *,
        still: Callable[[], Actor | None],
        cut: Callable[[], None],
        everything: Callable[[], Message],
        sent_id: int = 0,
    ) -> None:
        self.actor = actor
        self.still = still
        self.cut = cut
        self.sent_id = sent_id
        self.ended = False
        # Its account may have changed between the request's check and its joining the readers.
        self.doubted = True
        self._everything = everything
        self._filled = threading.Event()
        self._changes: deque[tuple[int, Message]] = deque()
        self._others: dict[str, Message] = {}
        self._positions: Message | None = None
        self._missed_positions = False
        self._lost_id: int | None = None
        self._waiting_since_s: float | None = None

    def put_change(self, event_id: int, told: Message) -> None:
        """Add a change; with too many waiting, forget them all and tell it to begin anew."""
        if self._lost_id is None and len(self._changes) < LONGEST_QUEUE:
            self._changes.append((event_id, told))
        else:
            self._changes.clear()
            self._lost_id = event_id
        self._wake()

    def put_positions(self, told: Message) -> None:
        """Add positions, or make those that wait old."""
        if self._positions is None:
            self._positions = told
        else:
            self._missed_positions = True
        self._wake()

    def put(self, kind: str, told: Message) -> None:
        """Add something of which only the newest counts."""
        self._others[kind] = told
        self._wake()

    def start_over(self, head_id: int) -> None:
        """Have it load everything again; numbers begin anew from here."""
        self._changes.clear()
        self.sent_id = -1
        self._lost_id = head_id
        self._wake()

    def take(self) -> list[Message]:
        """Take everything that waits, without what it has seen already."""
        self._filled.clear()
        self._waiting_since_s = None
        taken: list[Message] = []
        if self._lost_id is not None:
            lost_id, self._lost_id = self._lost_id, None
            self.sent_id = lost_id
            taken.append(reset(lost_id))
        while self._changes:  # one by one: more may be added meanwhile
            event_id, told = self._changes.popleft()
            if event_id > self.sent_id:
                self.sent_id = event_id
                taken.append(told)
        while self._others:
            taken.append(self._others.pop(next(iter(self._others))))
        waiting, self._positions = self._positions, None
        if waiting is not None:
            missed, self._missed_positions = self._missed_positions, False
            taken.append(self._everything() if missed else waiting)
        return taken

    def wait(self, timeout_s: float) -> None:
        """Wait until there is something to take or to look up."""
        if not self.doubted:
            self._filled.wait(timeout_s)

    def is_slow(self) -> bool:
        """Tell whether it has stopped taking what we send."""
        since_s = self._waiting_since_s
        return since_s is not None and monotonic() - since_s > SLOW_S

    def doubt(self) -> None:
        """Have its sign-in looked up again before it gets anything more."""
        self.doubted = True
        self._filled.set()

    def end(self) -> None:
        """Let its stream finish after what it is sending now."""
        self.ended = True
        self._filled.set()

    def _wake(self) -> None:
        if self._waiting_since_s is None:
            self._waiting_since_s = monotonic()
        self._filled.set()
