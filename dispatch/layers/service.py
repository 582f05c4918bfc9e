"""Map layers of the utility: listing, tiles, features at and near a point, import."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from geoalchemy2.functions import ST_XMax
from geoalchemy2.functions import ST_XMin
from geoalchemy2.functions import ST_YMax
from geoalchemy2.functions import ST_YMin
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.layers.types import ChangeLayer
from dispatch.layers.types import FeaturesAnswer
from dispatch.layers.types import ImportLayer
from dispatch.layers.types import LayerAnswer
from dispatch.layers.types import LayersAnswer
from dispatch.layers.types import NearFeatureAnswer
from dispatch.layers.types import NearFeaturesAnswer
from dispatch.layers.types import RenameLayer
from dispatch.layers.types import SetLayerUtility
from dispatch.layers.types import ShownFeatureAnswer
from dispatch.layers.types import Utility
from dispatch.layers.types import UtilityOrAll
from geodata.layers import layer_tiles
from geodata.layers import service as geo_layers
from geodata.layers.features import LayerFile
from geodata.layers.models import Layer
from geodata.layers.service import Kind
from geodata.layers.service import LayerStyle

MOST_AT = 20
_TAKEN = N_("is the name of another layer")


class LayerService:
    """Reads layers, imports, changes and removes them."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> LayersAnswer:
        """Return all layers by kind and name."""
        actor.require(Permission.LAYER_READ)
        with self._work.reading() as session:
            rows = session.execute(_shown().order_by(Layer.kind, Layer.name)).all()
        return {"layers": [_view(row) for row in rows]}

    def tile(self, actor: Actor, layer_id: int, z: int, x: int, y: int) -> tuple[bytes, int]:
        """Return one vector tile of a layer, and the layer's version."""
        actor.require(Permission.LAYER_READ)
        with self._work.reading() as session:
            found = _version(session, layer_id)
            body = layer_tiles.tile(session.connection(), layer_id, z, x, y)
        return body, found

    def version(self, actor: Actor, layer_id: int) -> int:
        """Return a layer's version, for conditional requests."""
        actor.require(Permission.LAYER_READ)
        with self._work.reading() as session:
            return _version(session, layer_id)

    def at(
        self, actor: Actor, lonlat: tuple[float, float], layers: Sequence[int], tolerance_m: float
    ) -> FeaturesAnswer:
        """Return what of some layers lies at a place, with all attributes; points first."""
        actor.require(Permission.LAYER_READ)
        wanted = [each for each in layers if 0 < each <= LARGEST_ID]
        with self._work.reading() as session:
            found = geo_layers.features_at(
                session.connection(), lonlat, wanted, tolerance_m=tolerance_m, most=MOST_AT
            )
        return {"features": [_shown_feature(each) for each in found]}

    def near(
        self,
        actor: Actor,
        lonlat: tuple[float, float],
        kind: Kind,
        *,
        utility: Utility | None = None,
        within_m: float,
        limit: int,
    ) -> NearFeaturesAnswer:
        """Return the features of one kind of layer nearest to a place.

        With ``utility`` only those that are its own, or whose layer does not say whose they are.
        ``layers`` tells how many such layers there are: "none near" and "no such records" are
        different answers.
        """
        actor.require(Permission.LAYER_READ)
        with self._work.reading() as session:
            count = select(func.count()).select_from(Layer).where(Layer.kind == kind)
            if utility is not None:
                count = count.where(or_(Layer.utility == utility, Layer.utility.is_(None)))
            layers = session.scalar(count) or 0
            found = geo_layers.features_near(
                session.connection(), lonlat, kind, utility=utility, within_m=within_m, most=limit
            )
        return {
            "layers": layers,
            "within_m": within_m,
            "features": [_near_feature(each) for each in found],
        }

    def import_file(
        self, actor: Actor, layer: ImportLayer, file: LayerFile
    ) -> tuple[LayerAnswer, bool]:
        """Store what a file holds under a name; a layer of that name is replaced by it.

        Parameters
        ----------
        actor
            Who imports it.
        layer
            What it is called and how it is drawn.
        file
            What was read.

        Returns
        -------
        layer, replaced
            The layer, and whether it took the place of another.

        Raises
        ------
        UnknownFieldError
            If the file has no attribute ``label_field``.
        """
        actor.require(Permission.LAYER_WRITE)
        label_field = file.label_field(layer.label_field)
        style = LayerStyle(
            name=layer.name,
            name_zh=layer.name_zh,
            kind=layer.kind,
            colour=layer.colour,
            label_field=label_field,
            utility=None if layer.utility is None else _stored(layer.utility) or "",
        )
        with self._work.writing() as session:
            layer_id, replaced = geo_layers.store(session.connection(), style, file)
            return self._told(session, EventKind.LAYER_IMPORTED, actor, layer_id), replaced

    def rename(self, actor: Actor, name: str, new: RenameLayer) -> LayerAnswer:
        """Call a layer something else."""
        actor.require(Permission.LAYER_WRITE)
        with self._work.writing() as session:
            layer_id = _known(session, name)
            statement = update(Layer).where(Layer.id == layer_id)
            wanted = new.model_dump(exclude_none=True)
            try:
                session.execute(statement.values(version=Layer.version + 1, **wanted))
            except IntegrityError:
                raise InvalidInput.one("name", _TAKEN) from None
            return self._told(session, EventKind.LAYER_CHANGED, actor, layer_id)

    def change(self, actor: Actor, layer_id: int, wanted: ChangeLayer) -> LayerAnswer:
        """Change what is named of a layer.

        Raises
        ------
        InvalidInput
            On ``name``, if another layer has it.
        """
        actor.require(Permission.LAYER_WRITE)
        values: dict[str, Any] = wanted.model_dump(exclude_none=True)
        if wanted.colour is not None:
            values["colour"] = wanted.colour or None
        if wanted.utility is not None:
            values["utility"] = _stored(wanted.utility)
        with self._work.writing() as session:
            _version(session, layer_id)
            statement = update(Layer).where(Layer.id == layer_id)
            try:
                session.execute(statement.values(version=Layer.version + 1, **values))
            except IntegrityError:
                raise InvalidInput.one("name", _TAKEN) from None
            return self._told(session, EventKind.LAYER_CHANGED, actor, layer_id)

    def remove_one(self, actor: Actor, layer_id: int) -> LayerAnswer:
        """Remove a layer by its number; see `remove`."""
        actor.require(Permission.LAYER_WRITE)
        with self._work.writing() as session:
            _version(session, layer_id)
            return self._remove(session, actor, layer_id)

    def set_utility(self, actor: Actor, name: str, new: SetLayerUtility) -> LayerAnswer:
        """Say which utility a layer belongs to, or that it is of all."""
        actor.require(Permission.LAYER_WRITE)
        with self._work.writing() as session:
            layer_id = _known(session, name)
            statement = update(Layer).where(Layer.id == layer_id)
            session.execute(
                statement.values(version=Layer.version + 1, utility=_stored(new.utility))
            )
            return self._told(session, EventKind.LAYER_CHANGED, actor, layer_id)

    def remove(self, actor: Actor, name: str) -> LayerAnswer:
        """Remove a layer and return it as it was; its file is where it came from."""
        actor.require(Permission.LAYER_WRITE)
        with self._work.writing() as session:
            return self._remove(session, actor, _known(session, name))

    def _remove(self, session: Session, actor: Actor, layer_id: int) -> LayerAnswer:
        gone = _one(session, layer_id)
        session.execute(delete(Layer).where(Layer.id == layer_id))
        data = {"layer": gone}
        events.append(session, EventKind.LAYER_REMOVED, actor, at=self._clock(), data=data)
        return gone

    def _told(self, session: Session, kind: EventKind, actor: Actor, layer_id: int) -> LayerAnswer:
        answer = _one(session, layer_id)
        events.append(session, kind, actor, at=self._clock(), data={"layer": answer})
        return answer


def _stored(utility: UtilityOrAll) -> Utility | None:
    return None if utility == "all" else utility


def _known(session: Session, name: str) -> int:
    query = select(Layer.id).where(Layer.name == name).with_for_update()
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no layer called %(name)s."), {"name": name})
    return found


def _version(session: Session, layer_id: int) -> int:
    found = session.scalar(select(Layer.version).where(Layer.id == min(layer_id, LARGEST_ID)))
    if found is None:
        raise NotFound.thing("layer", layer_id)
    return found


def _shown() -> Any:  # noqa: ANN401  (a select of columns and numbers)
    columns = [each for each in Layer.__table__.columns if each.name != "bounds"]
    edges = (ST_XMin, ST_YMin, ST_XMax, ST_YMax)
    return select(*columns, *(edge(Layer.bounds).label(edge.__name__) for edge in edges))


def _one(session: Session, layer_id: int) -> LayerAnswer:
    return _view(session.execute(_shown().where(Layer.id == layer_id)).one())


def _view(row: Any) -> LayerAnswer:  # noqa: ANN401  (a result row)
    return {
        "id": row.id,
        "name": row.name,
        "name_zh": row.name_zh,
        "kind": row.kind,
        "utility": row.utility,
        "colour": row.colour,
        "label_field": row.label_field,
        "fields": row.fields,
        "shapes": row.shapes,
        "features": row.features,
        "bounds": [row.ST_XMin, row.ST_YMin, row.ST_XMax, row.ST_YMax],
        "source_file": row.source_file,
        "version": row.version,
        "imported_at": instant(row.imported_at),
    }


def _shown_feature(row: Mapping[str, Any]) -> ShownFeatureAnswer:
    return {
        "layer_id": row["layer_id"],
        "feature": row["feature"],
        "label": row["label"],
        "attributes": row["attributes"],
        "geometry": row["geometry"],
        "distance_m": row["distance_m"],
    }


def _near_feature(row: Mapping[str, Any]) -> NearFeatureAnswer:
    return {
        "layer_id": row["layer_id"],
        "feature": row["feature"],
        "label": row["label"],
        "attributes": row["attributes"],
        "distance_m": row["distance_m"],
        "utility": row["utility"],
        "bearing_deg": row["bearing_deg"],
        "lon": row["lon"],
        "lat": row["lat"],
    }
