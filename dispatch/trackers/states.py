"""Protocols, units and troubles of trackers. Pure."""

from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class Protocol(StrEnum):
    """What a tracker speaks."""

    OSMAND = "osmand"
    """Traccar Client and OsmAnd."""
    OWNTRACKS = "owntracks"


class SpeedUnit(StrEnum):
    """The unit of speeds in what a tracker sends as plain numbers."""

    KNOTS = "knots"
    MPS = "mps"
    KMH = "kmh"


MPS_PER: Final = {
    SpeedUnit.KNOTS: 1852 / 3600,
    SpeedUnit.MPS: 1.0,
    SpeedUnit.KMH: 1000 / 3600,
}
USUAL_UNIT: Final = {Protocol.OSMAND: SpeedUnit.KNOTS, Protocol.OWNTRACKS: SpeedUnit.KMH}


class Trouble(StrEnum):
    """What is the matter with a tracker."""

    NEVER_HEARD = "never_heard"
    SILENT = "silent"
    """Its crew is on duty, and it has not been heard for too long."""
    REFUSED = "refused"
    """Much of what it sent today could not be used."""
    INACCURATE = "inaccurate"
    BATTERY = "battery"


LOW_BATTERY_PCT: Final = 20.0
INACCURATE_M: Final = 100.0
MANY_REFUSED: Final = 10
REFUSED_SHARE: Final = 0.2
"""From so many refused fixes on that are such a share of the day's, something is wrong."""

PROTOCOL_LABELS: Final = {
    Protocol.OSMAND: N_("Traccar Client (OsmAnd)"),
    Protocol.OWNTRACKS: N_("OwnTracks"),
}
TROUBLE_LABELS: Final = {
    Trouble.NEVER_HEARD: N_("Never heard"),
    Trouble.SILENT: N_("Silent"),
    Trouble.REFUSED: N_("Many fixes refused"),
    Trouble.INACCURATE: N_("Inaccurate"),
    Trouble.BATTERY: N_("Battery low"),
}
REFUSAL_LABELS: Final = {
    "invalid": N_("unreadable or marked invalid"),
    "zero": N_("at 0°, 0°"),
    "past": N_("too old"),
    "future": N_("from the future"),
    "approximate": N_("approximate only"),
    "mock": N_("a mock location"),
    "inaccurate": N_("too inaccurate"),
    "outside_ground": N_("outside the map"),
    "impossible_speed": N_("impossibly fast"),
    "too_near": N_("too near the one before"),
    "other_device": N_("another device is in use"),
    "off_duty": N_("off duty, not stored"),
    "encrypted": N_("encrypted"),
    "duplicate": N_("sent twice"),
}
"""Why fixes are not used, as reasons are stored."""
