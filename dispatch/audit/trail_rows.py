"""Read the three sources of the trail as entries of one shape, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import Text
from sqlalchemy import case
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import null
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEntry
from dispatch.audit.models import Reading
from dispatch.audit.states import TrailKind
from dispatch.audit.types import TrailEntryAnswer
from dispatch.audit.types import TrailFilters
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.events.kinds import EventKind
from dispatch.events.models import Event
from dispatch.events.unseen_crews import without_unseen_names

_SOURCES = ("entry", "event", "reading")
"""In the order in which entries of one instant are listed, the last first."""
_WITHOUT_WORDS: Any = func.impersonal(Event.data, type_=JSONB)
"""An event's data without what names or quotes a caller: the trail is read by more people."""
_EVENT_SUBJECT = case(
    (Event.incident_id.is_not(None), "incident"),
    (Event.crew_id.is_not(None), "crew"),
    (Event.data.has_key("account_id"), "account"),
    else_=func.split_part(Event.kind, ".", 1),
)
_EVENT_SUBJECT_ID = func.coalesce(
    cast(Event.incident_id, Text), cast(Event.crew_id, Text), Event.data["account_id"].astext, ""
)
_IS_EXPORT = Event.kind == EventKind.TABLE_EXPORTED.value
_NOTHING: Any = null()
_FIRST, _LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the trail, behind which to read on."""

    at: datetime
    source: str
    id: int

    @classmethod
    def read(cls, words: str) -> "Place | None":
        """Return the place that was given out as these words; None for any others."""
        at, _, rest = words.partition("/")
        source, _, number = rest.partition("/")
        try:
            place = cls(datetime.fromisoformat(at), source, int(number))
        except ValueError:
            return None
        whole = place.at.tzinfo is not None and 0 < place.id <= LARGEST_ID
        return place if whole and source in _SOURCES else None

    @property
    def words(self) -> str:
        """The place as it is given out."""
        at = self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return f"{at}/{self.source}/{self.id}"


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and its place."""

    place: Place
    entry: TrailEntryAnswer


def page(
    session: Session, filters: TrailFilters, before: Place | None, limit: int, zone: ZoneInfo
) -> list[Found]:
    """Return entries that pass the filters, newest first, from all sources together."""
    found: list[Found] = []
    for source in _wanted(filters):
        query, order = _QUERIES[source](filters)
        query = query.where(*_period(filters, order[0], zone))
        if before is not None:
            query = query.where(_behind(before, source, *order))
        query = query.order_by(order[0].desc(), order[1].desc()).limit(limit)
        found += [_found(source, row) for row in session.execute(query)]
    found.sort(key=lambda each: (each.place.at, each.place.source, each.place.id), reverse=True)
    shown = found[:limit]
    entries = without_unseen_names(session, [each.entry for each in shown])
    return [Found(each.place, entry) for each, entry in zip(shown, entries, strict=True)]


def _wanted(filters: TrailFilters) -> Sequence[str]:
    if filters.kind is None:
        wanted = ["entry", "event", "reading"]
    elif filters.kind is TrailKind.OPERATION:
        wanted = ["event"]
    elif filters.kind is TrailKind.EXPORT:
        wanted = ["entry", "event"]
    elif filters.kind is TrailKind.READING:
        wanted = ["reading"]
    else:
        wanted = ["entry"]
    if filters.words or filters.subject not in {None, "", "incident"}:
        # Readings hold no words, and are all of incidents.
        wanted = [each for each in wanted if each != "reading"]
    return wanted


def _entries(filters: TrailFilters) -> tuple[Select[Any], tuple[Any, Any]]:
    query = select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.kind,
        AuditEntry.action,
        AuditEntry.actor_id,
        AuditEntry.actor,
        AuditEntry.subject,
        AuditEntry.subject_id.label("subject_ids"),
        AuditEntry.before,
        AuditEntry.after,
    )
    if filters.kind is not None:
        query = query.where(AuditEntry.kind == filters.kind.value)
    if filters.subject:
        query = query.where(AuditEntry.subject == filters.subject)
    if filters.subject_id:
        query = query.where(AuditEntry.subject_id == filters.subject_id)
    if filters.words:
        said = [cast(each, Text) for each in (AuditEntry.before, AuditEntry.after)]
        query = query.where(or_(*(each.icontains(filters.words, autoescape=True) for each in said)))
    return _by(query, filters, AuditEntry.actor), (AuditEntry.at, AuditEntry.id)


def _events(filters: TrailFilters) -> tuple[Select[Any], tuple[Any, Any]]:
    query = select(
        Event.id,
        Event.at,
        case((_IS_EXPORT, TrailKind.EXPORT.value), else_=TrailKind.OPERATION.value).label("kind"),
        Event.kind.label("action"),
        Event.actor_id,
        Event.actor,
        _EVENT_SUBJECT.label("subject"),
        _EVENT_SUBJECT_ID.label("subject_ids"),
        _NOTHING.label("before"),
        _WITHOUT_WORDS.label("after"),
    )
    # What is in no calendar cannot be fetched; the log reports it by itself.
    query = query.where(Event.at.between(_FIRST, _LAST))
    if filters.kind is not None:
        query = query.where(_IS_EXPORT if filters.kind is TrailKind.EXPORT else ~_IS_EXPORT)
    columns: dict[str | None, Any] = {"incident": Event.incident_id, "crew": Event.crew_id}
    if filters.subject in columns and (filters.subject_id or "").isdecimal():
        query = query.where(columns[filters.subject] == _number(filters.subject_id))
    else:
        if filters.subject:
            query = query.where(_EVENT_SUBJECT.in_([filters.subject]))
        if filters.subject_id:
            query = query.where(_EVENT_SUBJECT_ID.in_([filters.subject_id]))
    if filters.words:
        said = cast(_WITHOUT_WORDS, Text)
        query = query.where(said.icontains(filters.words, autoescape=True))
    return _by(query, filters, Event.actor), (Event.at, Event.id)


def _readings(filters: TrailFilters) -> tuple[Select[Any], tuple[Any, Any]]:
    query = select(
        Reading.id,
        Reading.at,
        literal(TrailKind.READING.value).label("kind"),
        Reading.way.label("action"),
        Reading.actor_id,
        Reading.actor,
        Reading.subject,
        Reading.subject_ids,
        _NOTHING.label("before"),
        _NOTHING.label("after"),
    )
    if filters.subject_id:
        query = query.where(Reading.subject_ids.contains([_number(filters.subject_id)]))
    return _by(query, filters, Reading.actor), (Reading.at, Reading.id)


_QUERIES = {"entry": _entries, "event": _events, "reading": _readings}


def _by(query: Select[Any], filters: TrailFilters, actor: Any) -> Select[Any]:  # noqa: ANN401  (a column)
    return query.where(actor.icontains(filters.actor, autoescape=True)) if filters.actor else query


def _number(words: str | None) -> int:
    """Return a number of ours; 0, which nothing has, for what is none."""
    return min(int(words), LARGEST_ID) if words and words.isdecimal() else 0


def _period(filters: TrailFilters, at: Any, zone: ZoneInfo) -> list[ColumnElement[bool]]:  # noqa: ANN401  (a column)
    conditions = []
    if filters.from_ is not None:
        conditions.append(at >= datetime.combine(filters.from_, time(), zone))
    if filters.to is not None:
        conditions.append(at < datetime.combine(filters.to + timedelta(days=1), time(), zone))
    return conditions


def _behind(place: Place, source: str, at: Any, number: Any) -> ColumnElement[bool]:  # noqa: ANN401  (columns)
    condition: ColumnElement[bool]
    if source == place.source:
        condition = tuple_(at, number) < (place.at, place.id)
    elif _SOURCES.index(source) < _SOURCES.index(place.source):
        condition = at <= place.at
    else:
        condition = at < place.at
    return condition


def _found(source: str, row: Any) -> Found:  # noqa: ANN401  (a row of the queries above)
    ids = row.subject_ids if source == "reading" else [row.subject_ids] if row.subject_ids else []
    return Found(
        Place(row.at, source, row.id),
        {
            "id": f"{source}-{row.id}",
            "kind": TrailKind(row.kind),
            "action": row.action,
            "at": instant(row.at),
            "actor_id": row.actor_id,
            "actor": row.actor,
            "subject": row.subject,
            "subject_ids": [str(each) for each in ids],
            "before": row.before,
            "after": row.after,
        },
    )
