"""Zones: districts and response areas, drawn at the console or imported."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
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
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.ground.service import GroundService
from dispatch.writes.idempotency import Once
from dispatch.zones.models import Zone
from dispatch.zones.types import ChangeZone
from dispatch.zones.types import DrawZone
from dispatch.zones.types import ImportedZones
from dispatch.zones.types import ZoneAnswer
from dispatch.zones.types import ZoneListQuery
from dispatch.zones.types import ZonesAnswer
from dispatch.zones.types import numbered
from dispatch.zones.zone_outlines import checked_outline
from geodata.ground.service import GroundInfo

MOST_ZONES = 2_000
_ALL = ZoneListQuery()
_LISTING = Listing(
    searched=(Zone.name, Zone.name_zh),
    sorted_by={
        "kind": Zone.kind + "/" + Zone.name,
        "name": Zone.name,
        "name_zh": Zone.name_zh,
        "updated_at": Zone.updated_at,
        "updated_by": Zone.updated_by,
    },
    order="kind",
    key=Zone.id,
)
_DIGITS = 7
_TAKEN = N_("is the name of another zone of this kind")


class ZoneService:
    """Lists, creates, changes, removes and imports zones."""

    def __init__(self, unit_of_work: UnitOfWork, ground: GroundService, clock: Clock) -> None:
        self._work = unit_of_work
        self._ground = ground
        self._clock = clock

    def list(self, actor: Actor, query: ZoneListQuery = _ALL) -> ZonesAnswer:
        """Return zones, all by kind and name if nothing else is asked."""
        actor.require(Permission.ZONE_READ)
        rows = _shown().where(all_of(Zone.kind == query.kind if query.kind else None))
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {
            "server_time": instant(self._clock()),
            "zones": [_view(row) for row in found.rows],
            "total": found.total,
        }

    def get(self, actor: Actor, zone_id: int) -> ZoneAnswer:
        """Return one zone."""
        actor.require(Permission.ZONE_READ)
        with self._work.reading() as session:
            return _one(session, zone_id)

    def create(
        self, actor: Actor, drawing: DrawZone, idempotency_key: str | None = None
    ) -> tuple[ZoneAnswer, bool]:
        """Add a zone.

        Parameters
        ----------
        actor
            Who draws it.
        drawing
            What is drawn.
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
        once = Once.of(actor, idempotency_key, drawing)
        geometry = checked_outline(drawing.geometry, self._ground.active())
        now = self._clock()

        def draw(session: Session) -> ZoneAnswer:
            zone_id = _add(session, drawing, geometry, actor, now)
            _refuse_too_many(session)
            return _told(session, EventKind.ZONE_CREATED, actor, zone_id, now)

        with self._work.writing() as session:
            return once.run(session, now, lambda: draw(session))

    def change(self, actor: Actor, zone_id: int, change: ChangeZone) -> ZoneAnswer:
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
        wanted = change.model_dump(exclude_none=True, exclude={"expected_version"})
        if change.geometry is not None:
            wanted["geometry"] = checked_outline(change.geometry, self._ground.active())
        now = self._clock()
        with self._work.writing() as session:
            before = _locked(session, zone_id)
            if {**before, **wanted} == before:
                return before
            _check_version(before, change.expected_version)
            if change.geometry is not None:
                wanted["outline"] = _geometry(wanted.pop("geometry"))
            wanted |= {"updated_at": now, "updated_by": actor.display_name}
            statement = update(Zone).where(Zone.id == zone_id)
            _guarded(session, statement.values(version=Zone.version + 1, **wanted))
            return _told(session, EventKind.ZONE_CHANGED, actor, zone_id, now)

    def remove(self, actor: Actor, zone_id: int, expected_version: int | None = None) -> ZoneAnswer:
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

    def take_in(self, actor: Actor, zones: Sequence[DrawZone]) -> ImportedZones:
        """Store zones of a file, all or none: those of a known kind and name are replaced.

        What the file does not say of a known zone, its Chinese name, stays as it is.

        Raises
        ------
        InvalidInput
            Naming the zone, by its place in the list, and its field.
        """
        actor.require(Permission.ZONE_WRITE)
        ground = self._ground.active()
        outlined = [(each, _numbered_outline(at, each, ground)) for at, each in enumerate(zones, 1)]
        now = self._clock()
        counts = ImportedZones(added=0, replaced=0)
        with self._work.writing() as session:
            for zone, geometry in outlined:
                of_name = (Zone.kind == zone.kind) & (Zone.name == zone.name)
                known = session.scalar(select(Zone.id).where(of_name).with_for_update())
                if known is None:
                    _add(session, zone, geometry, actor, now)
                    counts["added"] += 1
                    continue
                values = {"updated_at": now, "updated_by": actor.display_name}
                if zone.name_zh is not None:
                    values["name_zh"] = zone.name_zh
                session.execute(
                    update(Zone)
                    .where(Zone.id == known)
                    .values(version=Zone.version + 1, outline=_geometry(geometry), **values)
                )
                counts["replaced"] += 1
            _refuse_too_many(session)
            # One event, not a thousand with their outlines: who listens asks for the list.
            events.append(session, EventKind.ZONE_IMPORTED, actor, at=now, data=counts)
        return counts


def _numbered_outline(at: int, zone: DrawZone, ground: GroundInfo | None) -> dict[str, Any]:
    try:
        return checked_outline(zone.geometry, ground)
    except InvalidInput as refused:
        raise numbered(refused, at, zone.name) from None


def _add(
    session: Session, zone: DrawZone, geometry: Mapping[str, Any], actor: Actor, now: datetime
) -> int:
    statement = insert(Zone).values(
        name=zone.name,
        name_zh=zone.name_zh or "",
        kind=zone.kind,
        outline=_geometry(geometry),
        version=1,
        created_at=now,
        created_by=actor.display_name,
        updated_at=now,
        updated_by=actor.display_name,
    )
    return int(_guarded(session, statement.returning(Zone.id)).scalar_one())


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
            != "uq_zone_company_id_kind_name"
        ):
            raise
        raise InvalidInput.one("name", _TAKEN) from None


def _locked(session: Session, zone_id: int) -> ZoneAnswer:
    found = session.scalar(
        select(Zone.id).where(Zone.id == min(zone_id, LARGEST_ID)).with_for_update()
    )
    if found is None:
        raise NotFound.thing("zone", zone_id)
    return _one(session, zone_id)


def _check_version(zone: ZoneAnswer, expected: int | None) -> None:
    if expected is not None and zone["version"] != expected:
        message = N_("%(who)s changed this zone meanwhile.")
        raise Conflict("zone_changed", message, {"who": zone["updated_by"]}, extra={"zone": zone})


def _told(
    session: Session, kind: EventKind, actor: Actor, zone_id: int, now: datetime
) -> ZoneAnswer:
    answer = _one(session, zone_id)
    events.append(session, kind, actor, at=now, data={"zone": answer})
    return answer


def _one(session: Session, zone_id: int) -> ZoneAnswer:
    row = session.execute(_shown().where(Zone.id == min(zone_id, LARGEST_ID))).one_or_none()
    if row is None:
        raise NotFound.thing("zone", zone_id)
    return _view(row)


def _geometry(geometry: Mapping[str, Any]) -> ColumnElement[Any]:
    return func.ST_SetSRID(func.ST_GeomFromGeoJSON(json.dumps(geometry)), 4326)


def _shown() -> Any:  # noqa: ANN401  (a select of columns and a text)
    columns = [each for each in Zone.__table__.columns if each.name != "outline"]
    return select(*columns, func.ST_AsGeoJSON(Zone.outline, _DIGITS).label("geometry"))


def _view(row: Any) -> ZoneAnswer:  # noqa: ANN401  (a result row)
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
