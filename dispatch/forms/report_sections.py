"""What stands of measurements, codes and parts in the report that the customer gets of an order."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.forms import measurement_rows
from dispatch.forms.states import FieldType
from dispatch.forms.states import LimitVerdict
from dispatch.forms.types import MeasuredAnswer
from dispatch.forms.types import MeasurementAnswer
from dispatch.forms.types import WorkAnswer
from dispatch.incidents import merged_rows
from dispatch.work_reports.types import ReportLine
from dispatch.work_reports.types import ReportSection

_MEASURED, _WORK = 40, 45


class ReportSections:
    """Reads the sections of an order; times are those of the desk."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __call__(self, session: Session, order: Assignment) -> Sequence[ReportSection]:
        """Return what was measured and done; without texts, which crews write for the desk."""
        there = merged_rows.with_merged(session, order.incident_id)
        found = measurement_rows.of_incidents(session, there)
        measured = [
            self._line(each, item)
            for each in found
            if each["assignment_id"] == order.id
            for item in each["items"]
            if item["type"] is not FieldType.TEXT
        ]
        sections = [
            ReportSection("Measurements", "检测记录", measured, _MEASURED),
            ReportSection("Work", "作业", _work_lines(order.work), _WORK),
        ]
        return [each for each in sections if each.lines]

    def _line(self, each: MeasurementAnswer, item: MeasuredAnswer) -> ReportLine:
        at = datetime.fromisoformat(each["taken_at"]).astimezone(self._zone)
        return ReportLine(
            f"{item['name_en']} {at:%H:%M}",
            f"{item['name_zh']} {at:%H:%M}",
            f"{item['shown_en']} {item['unit_en']}".strip(),
            f"{item['shown_zh']} {item['unit_zh']}".strip(),
            beyond=item["verdict"] is not LimitVerdict.OK,
        )


def _work_lines(work: WorkAnswer | None) -> list[ReportLine]:
    if work is None:
        return []
    groups = {"cause": ("Cause", "原因"), "repair": ("Repair", "维修措施")}
    lines = [
        ReportLine(*groups[code["group"]], code["name_en"], code["name_zh"])
        for code in work["codes"]
    ]
    lines += [
        ReportLine(
            part["name_en"],
            part["name_zh"],
            f"{part['quantity']:g} {part['unit_en']}".strip(),
            f"{part['quantity']:g} {part['unit_zh']}".strip(),
        )
        for part in work["parts"]
    ]
    return lines
