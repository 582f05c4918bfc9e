"""When commits wait for the standby: a dead one holds nobody up, a living one is waited for."""

from scripts.standby.watch_rules import Seen
from scripts.standby.watch_rules import StandbyWatch
from scripts.standby.watch_rules import Verdict


def _verdicts(*looks: Seen) -> list[Verdict]:
    """Return what is decided at looks one second apart."""
    watch = StandbyWatch()
    return [watch.judge(float(second), seen) for second, seen in enumerate(looks)]


def _seen(written: int, flushed: int | None, *, synchronous: bool, waiting: int = 0) -> Seen:
    return Seen(synchronous, written, flushed, waiting)


def test_a_standby_that_is_away_is_let_go_after_two_seconds() -> None:
    """Away from the second look on: two seconds later are the fourth."""
    well, away = (
        _seen(100, 100, synchronous=True),
        _seen(100, None, synchronous=True),
    )

    assert _verdicts(well, away, away, away) == [*[Verdict.NOTHING] * 3, Verdict.LET_GO]


def test_a_standby_that_hangs_is_let_go_once_somebody_waits() -> None:
    """It is connected still; as long as nobody writes, it holds up nobody."""
    idle = _seen(100, 100, synchronous=True)
    stuck = _seen(200, 100, synchronous=True, waiting=3)

    verdicts = _verdicts(idle, idle, idle, stuck, stuck, stuck, stuck)

    # The first look at which it lacks what was written a look before is the fifth.
    assert verdicts == [*[Verdict.NOTHING] * 6, Verdict.LET_GO]


def test_commits_that_wait_their_moment_are_no_reason_to_let_go() -> None:
    """Under load somebody always waits; what was written a second ago is there."""
    busy = [
        _seen(second * 100, (second - 1) * 100, synchronous=True, waiting=9)
        for second in range(1, 9)
    ]

    assert set(_verdicts(*busy)) == {Verdict.NOTHING}


def test_a_standby_is_waited_for_again_when_it_has_kept_up_for_three_seconds() -> None:
    """Not while it still fetches what it has missed."""
    missing = [_seen(1000 + second, second * 100, synchronous=False) for second in range(3)]
    keeps_up = [_seen(1003 + second, 1002 + second, synchronous=False) for second in range(4)]

    assert _verdicts(*missing, *keeps_up) == [*[Verdict.NOTHING] * 6, Verdict.WAIT_FOR_IT]
