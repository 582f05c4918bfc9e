"""Incidents as CSV for spreadsheets. Pure."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.assignments.types import OverrideAnswer
from dispatch.core.csv_lines import MARK
from dispatch.core.csv_lines import harmless
from dispatch.core.csv_lines import lines
from dispatch.forms.states import FieldType
from dispatch.forms.states import LimitVerdict
from dispatch.forms.types import MeasurementAnswer
from dispatch.forms.types import WorkAnswer
from dispatch.incidents.types import IncidentAnswer
from dispatch.incidents.types import KindAnswer

_COLUMNS = (
    "number",
    "kind",
    "kind_en",
    "kind_zh",
    "utility",
    "priority",
    "state",
    "address",
    "longitude",
    "latitude",
    "reported_at",
    "closed_at",
    "reason",
    "crews",
    "outcomes",
    "results",
    "result_codes",
    "parts",
    "minutes_worked",
    "measurements",
    "sent_instead_of",
    "override_reasons",
    "override_minutes",
)
_PERSONAL = ("description", "caller_name", "caller_phone")


def head(*, personal: bool) -> bytes:
    """Return the first line, behind the mark that says what the file is written in."""
    return (MARK + lines([_COLUMNS + (_PERSONAL if personal else ())])).encode()


def rows(
    incidents: Iterable[IncidentAnswer],
    kinds: Mapping[str, KindAnswer],
    zone: ZoneInfo,
    overrides: Mapping[int, OverrideAnswer],
    measured: Mapping[int, Sequence[MeasurementAnswer]],
    *,
    personal: bool,
) -> bytes:
    """Return lines of incidents; times are ISO 8601 in the desk's zone, with its offset."""
    cells = (
        _cells(each, kinds, zone, overrides, measured.get(each["id"], ()), personal=personal)
        for each in incidents
    )
    return lines(cells).encode()


def _cells(
    incident: IncidentAnswer,
    kinds: Mapping[str, KindAnswer],
    zone: ZoneInfo,
    overrides: Mapping[int, OverrideAnswer],
    measured: Sequence[MeasurementAnswer],
    *,
    personal: bool,
) -> list[str]:
    kind = kinds[incident["kind"]]
    orders = incident["assignments"]
    outcomes = [each["outcome"] for each in orders if each["outcome"]]
    results = [each["result"] for each in orders if each["result"]]
    cells = [
        str(incident["id"]),
        incident["kind"],
        kind["name_en"],
        kind["name_zh"],
        incident["utility"],
        str(incident["priority"]),
        str(incident["state"]),
        harmless(incident["address"]),
        f"{incident['lon']:.6f}",
        f"{incident['lat']:.6f}",
        _local(incident["reported_at"], zone),
        _local(incident["closed_at"], zone),
        harmless(incident["outcome_reason"] or ""),
        harmless("; ".join(dict.fromkeys(each["crew_name"] for each in orders))),
        harmless("; ".join(outcomes)),
        harmless("; ".join(results)),
        *_work_cells([each["work"] for each in orders if each["work"]]),
        harmless("; ".join(_measured_words(each, zone, personal=personal) for each in measured)),
        *_override_cells([overrides[each["id"]] for each in orders if each["id"] in overrides]),
    ]
    if personal:
        cells += [
            harmless(incident["description"]),
            harmless(incident["caller_name"]),
            harmless(incident["caller_phone"]),
        ]
    return cells


def _work_cells(works: Sequence[WorkAnswer]) -> list[str]:
    """Return the codes, the parts and the minutes of all orders together."""
    minutes = [each["minutes"] for each in works if each["minutes"] is not None]
    parts = [
        " ".join(filter(None, [part["code"], f"{part['quantity']:g}", part["unit_en"]]))
        for each in works
        for part in each["parts"]
    ]
    return [
        harmless("; ".join(code["code"] for each in works for code in each["codes"])),
        harmless("; ".join(parts)),
        str(sum(minutes)) if minutes else "",
    ]


def _measured_words(each: MeasurementAnswer, zone: ZoneInfo, *, personal: bool) -> str:
    """Return when what was measured; texts of crews may name people."""
    said = [
        " ".join(filter(None, [item["name_en"], item["shown_en"], item["unit_en"]]))
        + ("" if item["verdict"] is LimitVerdict.OK else f" ({item['verdict']})")
        for item in each["items"]
        if personal or item["type"] is not FieldType.TEXT
    ]
    return f"{_local(each['taken_at'], zone)} {', '.join(said)}"


def _override_cells(overrides: Sequence[OverrideAnswer]) -> list[str]:
    """Return whom another crew was sent instead of, why, and how many minutes later it came."""
    reasons = [
        " ".join(filter(None, [each["code"], each["words"] and f"({each['words']})"]))
        for each in overrides
    ]
    costs_s = [each["cost_s"] for each in overrides]
    minutes = ["" if cost_s is None else f"{cost_s / 60:.1f}" for cost_s in costs_s]
    return [
        harmless("; ".join(each["recommended_crew_name"] for each in overrides)),
        harmless("; ".join(reasons)),
        harmless("; ".join(minutes)) if len(minutes) > 1 else "".join(minutes),
    ]


def _local(at: str | None, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    return datetime.fromisoformat(at).astimezone(zone).isoformat(timespec="seconds")
