"""How a crew can be reached follows from the signs of its pages, from minute to minute."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

from dispatch.reach.states import MOST_OTHERS
from dispatch.reach.states import Channel
from dispatch.reach.states import Device
from dispatch.reach.states import Reachable
from dispatch.reach.states import Sign
from dispatch.reach.states import Signs
from dispatch.reach.states import after
from dispatch.reach.states import reachable

BEGAN = datetime(2026, 1, 31, 3, 0, tzinfo=UTC)
FRESH = timedelta(minutes=5)


def at(seconds: float) -> datetime:
    """Return an instant some seconds after the beginning."""
    return BEGAN + timedelta(seconds=seconds)


class Phone:
    """A crew's pages, one sign after the other."""

    def __init__(self) -> None:
        self.devices: dict[str, Device] = {}
        self.signs = Signs()

    def sign(
        self, seconds: float, *, device: str = "a", is_open: bool = True, sound: bool = True
    ) -> None:
        """Give a sign."""
        sign = Sign(device, is_open, sound, at(seconds))
        self.devices, self.signs = after(self.devices, self.signs, sign)

    def at(self, seconds: float, *, fix_at: float | None = None) -> Reachable:
        """Return how the crew can be reached then."""
        fix = None if fix_at is None else at(fix_at)
        return reachable(self.signs, fix, at(seconds), FRESH)


def test_a_crew_that_never_opened_its_page_is_not_reachable_since_nobody_knows_when() -> None:
    """Before the first sign."""
    assert Phone().at(0) == Reachable((), None)


def test_a_page_with_sound_is_reachable_since_it_was_opened_however_often_it_says_so() -> None:
    """Signs at 0, 15 and 30: since 0."""
    phone = Phone()
    for seconds in (0, 15, 30):
        phone.sign(seconds)

    assert phone.at(31) == Reachable((Channel.PAGE,), at(0))


def test_a_farewell_shows_at_once_and_silence_after_45_seconds() -> None:
    """Closed at 20: since 20. Without a farewell the sign of 15 holds until 60, then since 15."""
    closed, silent = Phone(), Phone()
    for phone in (closed, silent):
        phone.sign(0)
        phone.sign(15)
    closed.sign(20, is_open=False)

    assert closed.at(20) == Reachable((), at(20))
    assert silent.at(59) == Reachable((Channel.PAGE,), at(0))
    assert silent.at(60) == Reachable((), at(15))


def test_a_page_that_loses_its_sound_is_mute_since_then() -> None:
    """At 15 the browser took the sound away; at 40 a touch gave it back."""
    phone = Phone()
    phone.sign(0)
    phone.sign(15, sound=False)

    assert phone.at(16) == Reachable((Channel.PAGE_MUTE,), at(15))
    phone.sign(40)
    assert phone.at(41) == Reachable((Channel.PAGE,), at(40))


def test_of_two_pages_the_best_counts_and_only_as_long_as_it_lives() -> None:
    """The one with sound lapses 45 s after its sign of 10: from 55 on the mute one is left."""
    phone = Phone()
    phone.sign(0, device="mute", sound=False)
    phone.sign(10, device="loud")
    phone.sign(30, device="mute", sound=False)
    phone.sign(50, device="mute", sound=False)

    assert phone.at(54) == Reachable((Channel.PAGE,), at(10))
    assert phone.at(56) == Reachable((Channel.PAGE_MUTE,), at(10))
    phone.sign(57, device="mute", is_open=False, sound=False)
    assert phone.at(57) == Reachable((), at(57))


def test_one_of_two_open_pages_may_be_closed() -> None:
    """The other is still there."""
    phone = Phone()
    phone.sign(0, device="a")
    phone.sign(5, device="b")
    phone.sign(6, device="a", is_open=False)

    assert phone.at(7) == Reachable((Channel.PAGE,), at(0))


def test_positions_without_a_page_are_a_trackers_unless_the_page_may_have_sent_them() -> None:
    """The page's last sign is of 15: a fix that came at 30 may be its own, one of 60 is not."""
    phone = Phone()
    phone.sign(15)

    assert phone.at(61, fix_at=30) == Reachable((), at(15))
    assert phone.at(61, fix_at=60) == Reachable((Channel.TRACKER,), at(15))
    assert Phone().at(61, fix_at=30) == Reachable((Channel.TRACKER,), None)
    assert Phone().at(400, fix_at=30) == Reachable((), None)


def test_what_is_remembered_of_pages_is_bounded() -> None:
    """Each tab names itself; a thousand tabs fill no row."""
    phone = Phone()
    for number in range(100):
        phone.sign(number / 10, device=f"tab {number}")

    assert len(phone.devices) == MOST_OTHERS + 1


def test_a_way_outside_the_page_reaches_a_crew_whose_page_is_closed_or_mute() -> None:
    """Behind a page that rings, before one that is silent, before a tracker."""
    pushed = Signs(push=True, gateway=True)
    phone = Phone()
    phone.signs = pushed

    assert phone.at(0).channels == (Channel.PUSH, Channel.GATEWAY)
    assert phone.at(0, fix_at=0).channels == (Channel.PUSH, Channel.GATEWAY, Channel.TRACKER)
    phone.sign(0, sound=False)
    assert phone.at(1).channels == (Channel.PUSH, Channel.GATEWAY, Channel.PAGE_MUTE)
    phone.sign(2)
    assert phone.at(3).channels == (Channel.PAGE, Channel.PUSH, Channel.GATEWAY)
