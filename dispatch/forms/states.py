"""Types of fields, when a form is asked for, and how bad a value is. Pure."""

from enum import StrEnum

from dispatch.core.errors import N_


class FieldType(StrEnum):
    """What a field takes."""

    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TEXT = "text"
    TIME = "time"
    """A time of day, as 14:05."""


class Asked(StrEnum):
    """When a crew is asked to fill in a form."""

    ON_SCENE = "on_scene"
    BEFORE_COMPLETING = "before_completing"


class LimitVerdict(StrEnum):
    """How bad a value is, from the best to the worst."""

    OK = "ok"
    WARN = "warn"
    ALARM = "alarm"


class CodeGroup(StrEnum):
    """What a result code says."""

    CAUSE = "cause"
    REPAIR = "repair"


FIELD_TYPE_LABELS = {
    FieldType.NUMBER: N_("Number with a unit"),
    FieldType.CHOICE: N_("Choice"),
    FieldType.YES_NO: N_("Yes or no"),
    FieldType.TEXT: N_("Text"),
    FieldType.TIME: N_("Time of day"),
}
ASKED_LABELS = {
    Asked.ON_SCENE: N_("On scene, as often as needed"),
    Asked.BEFORE_COMPLETING: N_("Before completing"),
}
MEASURED_LABELS = {
    LimitVerdict.OK: N_("within limits"),
    LimitVerdict.WARN: N_("beyond the warning limit"),
    LimitVerdict.ALARM: N_("beyond the alarm limit"),
}
CODE_GROUP_LABELS = {CodeGroup.CAUSE: N_("Cause"), CodeGroup.REPAIR: N_("Repair")}

_WORSE = {verdict: rank for rank, verdict in enumerate(LimitVerdict)}


def worst(verdicts: "list[LimitVerdict]") -> LimitVerdict:
    """Return the worst of several; `LimitVerdict.OK` of none."""
    return max(verdicts, key=_WORSE.__getitem__, default=LimitVerdict.OK)
