"""Zones: districts and response areas, drawn at the console or imported."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.commands.idempotency import Once
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.fields import MAX_ID
from dispatch.core.fields import FieldReader
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.ground.service import GroundService
from dispatch.zones.models import Zone
from dispatch.zones.zone_outlines import DrawnZone
from dispatch.zones.zone_outlines import read_zone

MOST_ZONES = 2_000
_DIGITS = 7
_TAKEN = N_("is the name of another zone of this kind")


class ZoneService:
    """What can be done with zones."""

    def __init__(self, unit_of_work: UnitOfWork, ground: GroundService, clock: Clock) -> None:
        self._work = unit_of_work
        self._ground = ground
        self._clock = clock

    def list(self, actor: Actor) -> dict[str, Any]:
        """Return all zones by kind and name."""
        actor.require(Permission.ZONE_READ)
        with self._work.reading() as session:
            rows = session.execute(_shown().order_by(Zone.kind, Zone.name)).all()
        return {"server_time": instant(self._clock()), "zones": [_view(row) for row in rows]}

    def get(self, actor: Actor, zone_id: int) -> dict[str, Any]:
        """Return one zone."""
        actor.require(Permission.ZONE_READ)
        with self._work.reading() as session:
            return _one(session, zone_id)

    def create(
        self, actor: Actor, fields: Mapping[str, Any], idempotency_key: str | None = None
    ) -> tuple[dict[str, Any], bool]:
        """Add a zone.

        Parameters
        ----------
        actor
            Who draws it.
        fields
            ``name``, ``name_zh``, ``kind`` (district, response_area), ``geometry`` (GeoJSON
            ``Polygon`` or ``MultiPolygon``).
        idempotency_key
            A repeated request with the same key gets the same answer.

        Returns
        -------
        zone, replayed
            The zone, and whether it was there already.

        Raises
        ------
        InvalidInput
            Naming each field that cannot be taken.
        """
        actor.require(Permission.ZONE_WRITE)
        once = Once(actor, idempotency_key, fields, name="Idempotency-Key")
        drawn = read_zone(FieldReader(fields), fields, self._ground.active(), whole=True)
        now = self._clock()
        with self._work.writing() as session:
            known = once.begin(session, now)
            if known is not None:
                return known, True
            zone_id = _add(session, drawn, actor, now)
            _refuse_too_many(session)
            answer = _told(session, EventKind.ZONE_CREATED, actor, zone_id, now)
            once.finish(session, answer)
        return answer, False

    def change(self, actor: Actor, zone_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Change what is named of a zone; a change that is there already changes nothing.

        Raises
        ------
        InvalidInput
            Naming each field that cannot be taken.
        Conflict
            ``zone_changed`` if ``expected_version`` is given and it is another now; the answer
            carries the zone as it is.
        """
        actor.require(Permission.ZONE_WRITE)
        reader = FieldReader(fields)
        expected = reader.whole("expected_version", 0, 2**31 - 1)
        drawn = read_zone(reader, fields, self._ground.active(), whole=False)
        now = self._clock()
        with self._work.writing() as session:
            before = _locked(session, zone_id)
            wanted = drawn.changes()
            if drawn.geometry is not None:
                wanted["geometry"] = drawn.geometry
            if all(before[name] == value for name, value in wanted.items()):
                return before
            _check_version(before, expected)
            wanted.pop("geometry", None)
            if drawn.geometry is not None:
                wanted["outline"] = _geometry(drawn.geometry)
            wanted |= {"updated_at": now, "updated_by": actor.display_name}
            statement = update(Zone).where(Zone.id == zone_id)
            _guarded(session, statement.values(version=Zone.version + 1, **wanted))
            return _told(session, EventKind.ZONE_CHANGED, actor, zone_id, now)

    def remove(
        self, actor: Actor, zone_id: int, expected_version: int | None = None
    ) -> dict[str, Any]:
        """Remove a zone and return it as it was; the log keeps it.

        Raises
        ------
        Conflict
            ``zone_changed``, as above.
        """
        actor.require(Permission.ZONE_WRITE)
        now = self._clock()
        with self._work.writing() as session:
            before = _locked(session, zone_id)
            _check_version(before, expected_version)
            session.execute(delete(Zone).where(Zone.id == zone_id))
            events.append(session, EventKind.ZONE_REMOVED, actor, at=now, data={"zone": before})
        return before

    def take_in(self, actor: Actor, zones: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Store zones of a file, all or none: those of a known kind and name are replaced.

        What the file does not say of a known zone, its Chinese name, stays as it is.

        Returns
        -------
        counts
            How many were ``added`` and ``replaced``.

        Raises
        ------
        InvalidInput
            Naming the zone, by its place in the list, and its field.
        """
        actor.require(Permission.ZONE_WRITE)
        ground = self._ground.active()
        drawn = [self._read_numbered(at, each, ground) for at, each in enumerate(zones, 1)]
        now = self._clock()
        counts = {"added": 0, "replaced": 0}
        with self._work.writing() as session:
            for each in drawn:
                of_name = (Zone.kind == each.kind) & (Zone.name == each.name)
                known = session.scalar(select(Zone.id).where(of_name).with_for_update())
                if known is None:
                    _add(session, each, actor, now)
                    counts["added"] += 1
                    continue
                values = {**each.changes(), "updated_at": now, "updated_by": actor.display_name}
                session.execute(
                    update(Zone)
                    .where(Zone.id == known)
                    .values(
                        version=Zone.version + 1, outline=_geometry(each.geometry or {}), **values
                    )
                )
                counts["replaced"] += 1
            _refuse_too_many(session)
            # One event, not a thousand with their outlines: who listens asks for the list.
            events.append(session, EventKind.ZONE_IMPORTED, actor, at=now, data=counts)
        return counts

    @staticmethod
    def _read_numbered(at: int, fields: Mapping[str, Any], ground: Any) -> DrawnZone:  # noqa: ANN401  (GroundInfo or None)
        try:
            return read_zone(FieldReader(fields), fields, ground, whole=True)
        except InvalidInput as refused:
            label = str(fields.get("name") or "").strip() or "?"
            raise InvalidInput(
                [replace(each, field=f"{at} ({label}) {each.field}") for each in refused.fields]
            ) from None


def _add(session: Session, drawn: DrawnZone, actor: Actor, now: datetime) -> int:
    values = {"name_zh": "", **drawn.changes(), "outline": _geometry(drawn.geometry or {})}
    by = actor.display_name
    stamps = {"created_at": now, "created_by": by, "updated_at": now, "updated_by": by}
    statement = insert(Zone).values(version=1, **values, **stamps).returning(Zone.id)
    return int(_guarded(session, statement).scalar_one())


def _refuse_too_many(session: Session) -> None:
    """Refuse what has just been added if there are more zones now than a map can show."""
    if (session.scalar(select(func.count()).select_from(Zone)) or 0) > MOST_ZONES:
        raise InvalidInput.one("name", N_("there are %(limit)s zones"), limit=MOST_ZONES)


def _guarded(session: Session, statement: Any) -> Any:  # noqa: ANN401  (an insert or update, and its result)
    """Run a statement that the unique name may refuse."""
    try:
        return session.execute(statement)
    except IntegrityError as error:
        if (
            getattr(getattr(error.orig, "diag", None), "constraint_name", "")
            != "zone_kind_name_key"
        ):
            raise
        raise InvalidInput.one("name", _TAKEN) from None


def _locked(session: Session, zone_id: int) -> dict[str, Any]:
    found = session.scalar(select(Zone.id).where(Zone.id == min(zone_id, MAX_ID)).with_for_update())
    if found is None:
        raise NotFound.thing("zone", zone_id)
    return _one(session, zone_id)


def _check_version(zone: Mapping[str, Any], expected: int | None) -> None:
    if expected is not None and zone["version"] != expected:
        message = N_("%(who)s changed this zone meanwhile.")
        raise Conflict("zone_changed", message, {"who": zone["updated_by"]}, extra={"zone": zone})


def _told(
    session: Session, kind: EventKind, actor: Actor, zone_id: int, now: datetime
) -> dict[str, Any]:
    answer = _one(session, zone_id)
    events.append(session, kind, actor, at=now, data={"zone": answer})
    return answer


def _one(session: Session, zone_id: int) -> dict[str, Any]:
    row = session.execute(_shown().where(Zone.id == min(zone_id, MAX_ID))).one_or_none()
    if row is None:
        raise NotFound.thing("zone", zone_id)
    return _view(row)


def _geometry(geometry: Mapping[str, Any]) -> ColumnElement[Any]:
    return func.ST_SetSRID(func.ST_GeomFromGeoJSON(json.dumps(geometry)), 4326)


def _shown() -> Any:  # noqa: ANN401  (a select of columns and a text)
    columns = [each for each in Zone.__table__.columns if each.name != "outline"]
    return select(*columns, func.ST_AsGeoJSON(Zone.outline, _DIGITS).label("geometry"))


def _view(row: Any) -> dict[str, Any]:  # noqa: ANN401  (a result row)
    return {
        "id": row.id,
        "name": row.name,
        "name_zh": row.name_zh,
        "kind": row.kind,
        "geometry": json.loads(row.geometry),
        "version": row.version,
        "created_at": instant(row.created_at),
        "created_by": row.created_by,
        "updated_at": instant(row.updated_at),
        "updated_by": row.updated_by,
    }
