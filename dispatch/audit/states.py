"""What the trail holds, and the words for it. Pure."""

from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class TrailKind(StrEnum):
    """Kinds of entries, as the trail is filtered by them."""

    CHANGE = "change"
    SIGN_IN = "sign_in"
    READING = "reading"
    EXPORT = "export"
    OPERATION = "operation"
    """An event of the log."""


class ReadingWay(StrEnum):
    """How a caller's number reached somebody."""

    OPENED = "opened"
    DESK = "desk"
    """It was on the list of the desk, which shows what is not over to whoever works there."""
    CREW = "crew"
    EXPORTED = "exported"


KIND_LABELS: Final = {
    TrailKind.CHANGE: N_("Change"),
    TrailKind.SIGN_IN: N_("Sign-in"),
    TrailKind.READING: N_("Reading"),
    TrailKind.EXPORT: N_("Export"),
    TrailKind.OPERATION: N_("Operation"),
}
ACTION_LABELS: Final = {
    "insert": N_("added"),
    "update": N_("changed"),
    "delete": N_("removed"),
    "accepted": N_("signed in"),
    "refused": N_("refused: wrong name or password, or disabled"),
    "too_soon": N_("refused: too many wrong passwords"),
    "opened": N_("read"),
    "desk": N_("on the desk's list"),
    "crew": N_("on the crew's phone"),
    "exported": N_("read into an export"),
    "export": N_("exported"),
}
SUBJECT_LABELS: Final = {
    "account": N_("Account"),
    "account_role": N_("Role of an account"),
    "station": N_("Station"),
    "crew": N_("Crew"),
    "incident": N_("Incident"),
    "incident_kind": N_("Incident kind"),
    "pledge": N_("Pledge"),
    "work_calendar": N_("Calendar"),
    "weather_declared": N_("Weather"),
    "escalation_chain": N_("Escalation chain"),
    "gateway": N_("Gateway"),
    "gateway_secret": N_("Key of a gateway"),
    "contact": N_("Contact"),
    "zone": N_("Zone"),
    "layer": N_("Layer"),
    "outcome": N_("Outcome"),
    "override_reason": N_("Reason for another crew"),
    "check_in_rule": N_("Check-in rule"),
    "plan_task": N_("Response plan"),
    "closure": N_("Road closure"),
    "reading_block": N_("Reading block"),
}
"""What an entry is about; a table that is not named here is shown by its own name."""
