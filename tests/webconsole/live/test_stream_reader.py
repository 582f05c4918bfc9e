"""What waits for one reader: in order, bounded, and a snapshot instead of what it slept through."""

import gzip
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from webconsole.live.stream_messages import GZIP_HEAD
from webconsole.live.stream_messages import Message
from webconsole.live.stream_messages import change
from webconsole.live.stream_messages import message
from webconsole.live.stream_messages import positions
from webconsole.live.stream_reader import LONGEST_QUEUE
from webconsole.live.stream_reader import Reader

DESK = Actor(1, "dora", "dora", frozenset({Role.DISPATCHER.value}), None)
EVERYTHING = positions([[1, 7.4, 43.7, None, None, "2026-01-01T00:00:00Z"]])
TEXT = st.text(max_size=200)


def reader(sent_id: int = 0) -> Reader:
    """Return one that has been sent everything up to an event."""
    return Reader(
        DESK, still=lambda: DESK, cut=lambda: None, everything=lambda: EVERYTHING, sent_id=sent_id
    )


def told(number: int) -> Message:
    """Return a change, recognisable by its number."""
    return change(
        {
            "id": number,
            "kind": "incident.updated",
            "at": "2026-01-01T00:00:00Z",
            "occurred_at": "2026-01-01T00:00:00Z",
            "actor": "dora",
            "incident_id": 1,
            "assignment_id": None,
            "crew_id": None,
            "data": {},
        }
    )


def kinds(taken: list[Message]) -> list[str]:
    """Return what kinds of messages these are."""
    return [
        line.removeprefix("event: ")
        for each in taken
        for line in each.plain.decode().splitlines()
        if line.startswith("event: ")
    ]


def test_what_was_seen_twice_is_sent_once() -> None:
    """A reader joins before it reads what it missed; the overlap is skipped."""
    one = reader(sent_id=7)
    changes = {number: told(number) for number in (6, 7, 8, 9)}
    for number in (6, 7, 8, 8, 9):
        one.put_change(number, changes[number])

    assert one.take() == [changes[8], changes[9]]
    assert one.take() == []


def test_who_reads_slowly_holds_no_more_than_its_queue_and_begins_anew() -> None:
    """An hour of events waits for nobody: one word, and the lists are loaded again."""
    one = reader()
    for number in range(1, LONGEST_QUEUE + 1):
        one.put_change(number, told(number))
    full = len(one._changes)

    for number in range(LONGEST_QUEUE + 1, 10 * LONGEST_QUEUE):
        one.put_change(number, told(number))
    held = len(one._changes)
    taken = one.take()

    assert (full, held) == (LONGEST_QUEUE, 0)
    assert kinds(taken) == ["reset"]
    # What the lists will hold is not told again, what comes behind it is.
    last = 10 * LONGEST_QUEUE - 1
    assert b'{"head_id":%d}' % last in taken[0].plain
    one.put_change(last, told(last))
    one.put_change(last + 1, told(last + 1))
    assert kinds(one.take()) == ["change"]


def test_of_many_positions_that_waited_everybodys_place_is_told_once() -> None:
    """The newest alone would leave crews where they were that moved only in those before."""
    one = reader()
    first = positions([[1, 7.41, 43.71, None, None, "2026-01-01T00:00:00Z"]])
    one.put_positions(first)
    assert one.take() == [first]

    for _ in range(3600):
        one.put_positions(first)

    assert one.take() == [EVERYTHING]
    one.put_positions(first)
    assert one.take() == [first]


def test_of_ticks_only_the_newest_waits() -> None:
    """They say what time it is."""
    one = reader()
    ticks = [message("tick", {"server_time": str(second)}) for second in range(5)]
    for tick in ticks:
        one.put("tick", tick)

    assert one.take() == [ticks[-1]]


def test_who_takes_nothing_is_slow_and_who_takes_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """By how long something has waited, not by how much."""
    monkeypatch.setattr("webconsole.live.stream_reader.SLOW_S", -1.0)
    one = reader()
    assert not one.is_slow()

    one.put_change(1, told(1))

    assert one.is_slow()
    one.take()
    assert not one.is_slow()


@given(bodies=st.lists(st.dictionaries(TEXT, TEXT | st.integers(), max_size=5), max_size=8))
def test_compressed_messages_fit_together_in_any_order_and_from_anywhere(
    bodies: list[dict[str, Any]],
) -> None:
    """Each is whole in itself: every reader's stream is a gzip stream, whenever it joined."""
    messages = [message("change", body) for body in bodies]
    for some in (messages, messages[::-1], messages[1:], messages + messages):
        stream = GZIP_HEAD + b"".join(each.packed for each in some)

        unpacked = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(stream)

        assert unpacked == b"".join(each.plain for each in some)


def test_each_message_can_be_read_as_soon_as_it_has_come() -> None:
    """Nothing stays behind in the compression until more follows."""
    reading = zlib.decompressobj(16 + zlib.MAX_WBITS)
    reading.decompress(GZIP_HEAD)

    for number in range(5):
        assert reading.decompress(told(number).packed) == told(number).plain


def test_positions_of_hundreds_of_crews_shrink_to_a_third() -> None:
    """As they come over the line each second."""
    rows: list[list[Any]] = [
        [n, 7.4 + n * 1.37e-5, 43.7 + n * 7.1e-6, n % 360, 8.25, f"2026-01-01T00:00:0{n % 10}Z"]
        for n in range(400)
    ]
    told_once = positions(rows)

    assert len(told_once.packed) < len(told_once.plain) / 3
    assert len(gzip.compress(told_once.plain)) < len(told_once.plain) / 3
