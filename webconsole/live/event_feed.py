"""What one worker hands to its readers: the event log and the positions, read once for all.

Order and completeness come from the log, not from notifications: ids rise in commit order, so
"everything behind the last id I sent" can be asked again at any time. A notification only says
*when* to ask.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from dispatch.access.caller_numbers import may_see_numbers
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.event_reading import stand_in
from dispatch.board.types import StreamedEventAnswer
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.events.kinds import LOOK_UP_AGAIN
from dispatch.events.kinds import LOOK_UP_EVERYBODY
from dispatch.positions.service import Cursor
from webconsole.live.bell import Bell
from webconsole.live.noted_changes import SharedChange
from webconsole.live.stream_messages import Message
from webconsole.live.stream_messages import message
from webconsole.live.stream_messages import position_row
from webconsole.live.stream_messages import positions
from webconsole.live.stream_messages import reach
from webconsole.live.stream_messages import reach_row
from webconsole.live.stream_messages import server_time
from webconsole.live.stream_reader import Reader

if TYPE_CHECKING:
    from dispatch.bootstrap import Services

LOG = logging.getLogger(__name__)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 1000


class Feed:
    """One period during which some see the same: its place in the log and its thread.

    All that it asks the database, it asks in the scope of its readers: what they must not see never
    gets here.
    """

    def __init__(
        self,
        services: "Services",
        scope: Scope,
        bell: Bell,
        readers: Callable[[], list[Reader]],
        goes_on: Callable[[], bool],
        *,
        positions_every_s: float,
        reach_every_s: float,
        tick_every_s: float,
    ) -> None:
        self._services = services
        self._scope = scope
        self._bell = bell
        self._readers = readers
        self._goes_on = goes_on
        self._positions_every_s = positions_every_s
        self._reach_every_s = reach_every_s
        self._tick_every_s = tick_every_s
        self._wake = threading.Event()
        self._last_id = services.events.head_id()
        self._positions_lock = threading.Lock()
        with within(scope):
            self._cursor, everything = services.positions.changed_since(Cursor(_LONG_AGO, {}))
            self._reached = services.reach.everybody()
        self._latest = {each["crew_id"]: position_row(each) for each in everything}
        self._everything: Message | None = None
        self._reach_told = 0
        self.over = threading.Event()

    def start(self) -> None:
        """Begin to listen and to hand out."""
        self._bell.wake(self._wake)
        threading.Thread(target=self._run, name="stream_hand_out", daemon=True).start()

    def all_positions(self) -> Message:
        """Return where every crew was last, for readers that may have missed changes.

        After a restart of the server all readers ask at once: it is written once per second.
        """
        with self._positions_lock:
            if self._everything is None:
                self._everything = positions(list(self._latest.values()))
            return self._everything

    def all_reach(self) -> Message:
        """Return how every crew can be reached, for readers that may have missed changes."""
        return reach([reach_row(*each) for each in self._reached.items()])

    def _run(self) -> None:
        try:
            with within(self._scope):
                self._hand_out()
        finally:
            self._bell.leave_off(self._wake)

    def _hand_out(self) -> None:
        beat_at_s, tick_at_s = monotonic(), monotonic() + self._tick_every_s
        reach_at_s = monotonic()
        while not self.over.is_set():
            self._wake.wait(max(0.0, beat_at_s - monotonic()))
            self._wake.clear()
            readers = self._readers()
            if not self._goes_on():
                self.over.set()
                for reader in readers:
                    reader.end()
                return
            try:
                self._hand_out_events()
                if monotonic() >= beat_at_s:
                    beat_at_s = monotonic() + self._positions_every_s
                    self._hand_out_positions()
                if monotonic() >= reach_at_s:
                    reach_at_s = monotonic() + self._reach_every_s
                    self._hand_out_reach()
                if monotonic() >= tick_at_s:
                    tick_at_s = monotonic() + self._tick_every_s
                    self._hand_out_tick()
            except Exception:  # as above: nothing is lost, the log is asked again
                LOG.exception("the event log could not be read; trying again")
                self.over.wait(self._positions_every_s)

    # Who is there is always asked *after* what is handed out was read. Whoever joins later reads
    # the log, and the positions, later still and finds it there; whoever joined before gets it
    # from here, and skips by `sent_id` what it had found already.

    def _hand_out_events(self) -> None:
        # Events that these readers do not see are passed over, too; what is behind the newest of
        # now is left for the next time.
        head_id = self._services.events.head_id()
        while events := self._services.events.read_after(self._last_id, _BATCH):
            readers = self._readers()
            for event in events:
                _doubt(event, readers)
                self._hand_out_event(event, readers)
                self._last_id = event["id"]
        self._last_id = max(self._last_id, head_id)

    def _hand_out_event(self, event: StreamedEventAnswer, readers: list[Reader]) -> None:
        """Hand out an event, or say that there is one that cannot be told."""
        try:
            self._put(event, readers)
        except Exception as error:  # noqa: BLE001  (whatever is wrong with one holds up no other)
            log = self._services.events
            log.unreadable.report(event["id"], f"telling it raised {type(error).__name__}")
            self._put(stand_in(event["id"], event["at"]), readers)

    def _put(self, event: StreamedEventAnswer, readers: list[Reader]) -> None:
        for_desks = {True: SharedChange(self._services.readings, event)}
        for reader in readers:
            if self._services.events.for_actor(reader.actor, event):
                reader.put_change(event["id"], self._told(reader, event, for_desks))

    def _told(
        self, reader: Reader, event: StreamedEventAnswer, for_desks: dict[bool, SharedChange]
    ) -> Message:
        """Return what one reader is told: all desks share theirs, a crew sees less.

        Desks that may not see callers' numbers share another one, made for the first of them.
        """
        if reader.actor.may(Permission.INCIDENT_READ):
            in_full = may_see_numbers(reader.actor)
            if in_full not in for_desks:
                for_desks[in_full] = self._seen(reader.actor, event)
            return for_desks[in_full].told(reader.actor)
        return self._seen(reader.actor, event).told(reader.actor)

    def _seen(self, actor: Actor, event: StreamedEventAnswer) -> SharedChange:
        return SharedChange(self._services.readings, self._services.events.seen_by(actor, event))

    def _hand_out_tick(self) -> None:
        head_id = self._services.events.head_id()
        readers = self._readers()
        tick = message("tick", {"server_time": server_time()})
        troubles = {
            "overdue_s": round(self._services.deadlines.overdue_s()),
            "standby_lost_s": round(self._services.health.standby_lost_s()),
        }
        for_desks = message("tick", {"server_time": server_time(), **troubles})
        for reader in readers:
            desk = reader.actor.may(Permission.INCIDENT_READ)
            reader.put("tick", for_desks if desk else tick)
        if head_id < self._last_id:
            LOG.warning("the event log was restored to an earlier state; boards start afresh")
            self._last_id = head_id
            for reader in readers:
                reader.start_over(head_id)

    def _hand_out_positions(self) -> None:
        cursor, changed = self._services.positions.changed_since(self._cursor)
        self._cursor = cursor
        if not changed:
            return
        rows = {each["crew_id"]: position_row(each) for each in changed}
        with self._positions_lock:
            self._latest.update(rows)
            self._everything = None
        told = positions(list(rows.values()))
        for reader in self._readers():
            if reader.actor.may(Permission.CREW_READ):
                reader.put_positions(told)

    def _hand_out_reach(self) -> None:
        """Hand out who is reached otherwise than before: by a sign of a page, or by its silence."""
        now, before = self._services.reach.everybody(), self._reached
        self._reached = now
        changed = [each for each in now.items() if before.get(each[0]) != each[1]]
        if not changed:
            return
        told = reach([reach_row(*each) for each in changed])
        self._reach_told += 1
        for reader in self._readers():
            if reader.actor.may(Permission.CREW_READ):
                # Under a name of its own: of a slow reader's messages none makes another old.
                reader.put(f"reach {self._reach_told}", told)


def _doubt(event: StreamedEventAnswer, readers: list[Reader]) -> None:
    """Have readers looked up again whose account an event is about; others know nothing of it.

    An event that cannot be read may be about anybody's.
    """
    if event["kind"] in LOOK_UP_EVERYBODY:
        for reader in readers:
            reader.doubt()
    if event["kind"] in LOOK_UP_AGAIN:
        for reader in readers:
            if reader.actor.account_id == event["data"].get("account_id"):
                reader.doubt()
