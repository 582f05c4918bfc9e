"""How a crew can be reached, from the signs that its pages give. Pure rules.

A page says every few seconds that it is open and whether the browser lets it make a sound. Of
several pages of one crew the best counts. A page that has given no sign for `LAPSE` is gone.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple
from typing import TypedDict

LAPSE = timedelta(seconds=45)
"""A page without a sign for so long is taken to be closed; it gives one every 15 seconds."""
MOST_OTHERS = 7
"""Of a crew's other pages, the newest are remembered."""


class Channel(StrEnum):
    """A way by which a crew learns of an order, the best first."""

    PAGE = "page"
    """Its page is open and may make a sound: an order rings."""
    PUSH = "push"
    """A phone takes pushes, also with the page closed."""
    GATEWAY = "gateway"
    """An SMS, a call or a chat reaches it: something last did."""
    PAGE_MUTE = "page_mute"
    """Its page is open, but the browser keeps it silent."""
    TRACKER = "tracker"
    """Positions come from a tracker; nothing can be told through it."""


class PhoneTrouble(StrEnum):
    """What will not work on a phone, as its own page found out."""

    INSECURE = "insecure"
    """Not opened over https: no position, no ringing with the page closed, nothing offline."""
    NO_LOCATION = "no_location"
    LOCATION_DENIED = "location_denied"
    LOCATION_NOT_ASKED = "location_not_asked"
    NO_NOTIFICATIONS = "no_notifications"
    NOTIFICATIONS_DENIED = "notifications_denied"
    NOT_OFFLINE = "not_offline"
    """The browser has no service worker: without signal the page does not open."""
    STORAGE_SMALL = "storage_small"
    STORAGE_TEMPORARY = "storage_temporary"
    """The browser may clear what is kept when the phone runs out of room."""
    SCREEN_SLEEPS = "screen_sleeps"
    """It cannot be kept lit, so positions stop when it goes dark."""
    CLOCK_WRONG = "clock_wrong"
    BATTERY_SAVER = "battery_saver"
    """Nobody has said that the phone's battery saver leaves this page alone."""


_RINGING = frozenset({Channel.PAGE, Channel.PUSH, Channel.GATEWAY})


class Device(TypedDict):
    """The last sign of one page; times in seconds since 1970, as they are kept in JSON."""

    seen_s: float
    sound: bool


class Signs(NamedTuple):
    """What is kept of the signs of all of a crew's pages; all times None before the first."""

    page_until: datetime | None = None
    """Until when some page counts as open if no other sign comes."""
    sound_until: datetime | None = None
    """The same for pages that may make a sound."""
    since: datetime | None = None
    """Since when the pages are as they are."""
    seen_at: datetime | None = None
    """When the last sign came, a page's farewell included."""
    push: bool | None = False
    """Whether a phone takes pushes; None, like the next, of a crew that never gave a sign."""
    gateway: bool | None = False
    """Whether an address on a gateway works."""


class Reachable(NamedTuple):
    """The channels that are open, the best first, and since when it has been so."""

    channels: tuple[Channel, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of one page: open or closing, with sound or without."""

    device: str
    open: bool
    sound: bool
    at: datetime


def after(
    devices: Mapping[str, Device], signs: Signs, sign: Sign
) -> tuple[dict[str, Device], Signs]:
    """Return the devices and signs of a crew after one more sign."""
    now_s = sign.at.timestamp()
    others = [
        (name, known)
        for name, known in devices.items()
        if name != sign.device and now_s - known["seen_s"] < LAPSE.total_seconds()
    ]
    kept = dict(sorted(others, key=lambda each: each[1]["seen_s"])[-MOST_OTHERS:])
    if sign.open:
        kept[sign.device] = Device(seen_s=now_s, sound=sign.sound)
    page_until = _until(list(kept.values()), sign.at)
    sound_until = _until([each for each in kept.values() if each["sound"]], sign.at)
    was, _ = _pages(signs, sign.at)
    now, _ = _pages(Signs(page_until, sound_until), sign.at)
    since = signs.since if was is now and signs.since is not None else sign.at
    return kept, signs._replace(
        page_until=page_until, sound_until=sound_until, since=since, seen_at=sign.at
    )


def reachable(
    signs: Signs, fix_received_at: datetime | None, now: datetime, fresh: timedelta
) -> Reachable:
    """Return how a crew can be reached now.

    Parameters
    ----------
    signs
        Those of its pages.
    fix_received_at
        When its last position came in; None if none ever did.
    fresh
        For how long a position shows that whatever sent it is still there.
    """
    page, since = _pages(signs, now)
    outside = _outside(signs)
    if page is Channel.PAGE:
        return Reachable((page, *outside), since)
    if page is not None:
        return Reachable((*outside, page), since)
    if fix_received_at is None or now - fix_received_at > fresh:
        return Reachable(outside, since)
    # What an open page sent last is no tracker's.
    tracked = signs.seen_at is None or fix_received_at >= signs.seen_at + LAPSE
    return Reachable((*outside, Channel.TRACKER) if tracked else outside, since)


def rings(channels: Sequence[Channel]) -> bool:
    """Return whether an order makes itself heard at the crew, by whichever way."""
    return any(each in _RINGING for each in channels)


def _outside(signs: Signs) -> tuple[Channel, ...]:
    """Return the ways that work with the page closed."""
    ways = ((Channel.PUSH, signs.push), (Channel.GATEWAY, signs.gateway))
    return tuple(channel for channel, works in ways if works)


def _pages(signs: Signs, now: datetime) -> tuple[Channel | None, datetime | None]:
    """Return what the pages offer now, and since when."""
    if signs.sound_until is not None and signs.sound_until > now:
        return Channel.PAGE, signs.since
    if signs.page_until is not None and signs.page_until > now:
        if signs.since is not None and signs.sound_until is not None:
            # One with sound has lapsed since the last sign of another.
            return Channel.PAGE_MUTE, max(signs.since, signs.sound_until - LAPSE)
        return Channel.PAGE_MUTE, signs.since
    return None, signs.seen_at


def _until(devices: Sequence[Device], at: datetime) -> datetime | None:
    if not devices:
        return None
    newest_s = max(each["seen_s"] for each in devices)
    return datetime.fromtimestamp(newest_s, at.tzinfo) + LAPSE
