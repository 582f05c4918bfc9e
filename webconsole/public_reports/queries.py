"""Shapes of query strings of the public report page."""

from typing import Annotated

from pydantic import Field

from geodata.tiles.map_picture import NARROWEST_M
from geodata.tiles.map_picture import WIDEST_M
from webconsole.platform.queries import Query


class MapQuery(Query):
    """Of which place, and how wide, the map is shown."""

    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)]
    width_m: Annotated[float, Field(ge=NARROWEST_M, le=WIDEST_M, allow_inf_nan=False)]
