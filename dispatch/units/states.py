"""Kinds of units, what may lie below what, and what keeps a unit from being deleted. Pure."""

from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class UnitKind(StrEnum):
    """What a unit is; the stored names."""

    GROUP = "group"
    COMPANY = "company"
    STATION = "station"
    TEAM = "team"


UNIT_KIND_LABELS = {
    UnitKind.GROUP: N_("Group"),
    UnitKind.COMPANY: N_("Company"),
    UnitKind.STATION: N_("Repair station"),
    UnitKind.TEAM: N_("Repair team"),
}

MAY_LIE_BELOW: Final = {
    UnitKind.GROUP: frozenset[UnitKind](),
    UnitKind.COMPANY: frozenset({UnitKind.GROUP}),
    UnitKind.STATION: frozenset({UnitKind.COMPANY}),
    UnitKind.TEAM: frozenset({UnitKind.COMPANY, UnitKind.STATION}),
}
"""Below which kinds a unit of each may lie; a group is the root and lies below nothing."""


class Hindrance(StrEnum):
    """What a unit still has, in the order in which it should be seen to."""

    LIVE_ORDER = "live_order"
    OPEN_INCIDENT = "open_incident"
    LOAN = "loan"
    UNIT = "unit"
    CREW = "crew"
    ACCOUNT = "account"
    INCIDENT = "incident"
    STATION = "station"
    ZONE = "zone"
    LAYER = "layer"
    GATEWAY = "gateway"
    PLEDGE = "pledge"


HINDRANCE_LABELS = {
    Hindrance.LIVE_ORDER: N_("orders under way"),
    Hindrance.OPEN_INCIDENT: N_("incidents that have not ended"),
    Hindrance.LOAN: N_("loans of crews"),
    Hindrance.UNIT: N_("units below it"),
    Hindrance.CREW: N_("crews"),
    Hindrance.ACCOUNT: N_("accounts"),
    Hindrance.INCIDENT: N_("ended incidents"),
    Hindrance.STATION: N_("stations"),
    Hindrance.ZONE: N_("zones"),
    Hindrance.LAYER: N_("layers"),
    Hindrance.GATEWAY: N_("gateways"),
    Hindrance.PLEDGE: N_("pledges"),
}
LASTING: Final = frozenset({Hindrance.LIVE_ORDER, Hindrance.LOAN, Hindrance.UNIT})
"""What does not go to another unit with the rest: it has to end, or to be moved by itself."""


class Given(StrEnum):
    """What can be given to another unit by its numbers; accounts have a room of their own."""

    STATION = "station"
    ZONE = "zone"
    LAYER = "layer"
    GATEWAY = "gateway"
    PLEDGE = "pledge"
