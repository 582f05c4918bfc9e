"""The address of a point, in words of no language, for incidents that come without one."""

import logging

from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from geodata.ground import service as geo_ground
from geodata.places.nearest_place import Nearest
from geodata.places.nearest_place import nearest
from geodata.places.nearest_place import nearest_street

LOG = logging.getLogger(__name__)
_FAR_M = 300.0
"""What is further away is no address; a form would say how far it is."""
_LIMIT = text("SET LOCAL statement_timeout = '400ms'")


class AddressLookup:
    """Finds what a point would be called, within a moment or not at all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def address_at(self, lon: float, lat: float) -> str:
        """Return the address of a point; empty if it has none or the answer takes too long.

        The house, else the street with what crosses it or stands there in brackets, else a place.
        Nothing is refused and nobody waits because of it. Call it outside any transaction.
        """
        try:
            with self._engine.connect() as connection:
                ground = geo_ground.active_ground(connection)
                if ground is None:
                    return ""
                connection.execute(_LIMIT)
                return _in_words(nearest(connection, ground.id, lon, lat))
        except SQLAlchemyError as error:
            LOG.warning("No address was derived (%s)", type(error).__name__)
            return ""

    def street_at(self, lon: float, lat: float) -> str:
        """Return the street nearest to a point, without a house; empty as for `address_at`."""
        try:
            with self._engine.connect() as connection:
                ground = geo_ground.active_ground(connection)
                if ground is None:
                    return ""
                connection.execute(_LIMIT)
                return nearest_street(connection, ground.id, lon, lat) or ""
        except SQLAlchemyError as error:
            LOG.warning("No street was found (%s)", type(error).__name__)
            return ""


def _in_words(found: Nearest | None) -> str:
    if found is None or found.away_m > _FAR_M:
        return ""
    return found.label if found.beside is None else f"{found.label} ({found.beside})"
