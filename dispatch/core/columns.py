"""Column types that tables of several rooms share."""

from geoalchemy2 import Geometry
from sqlalchemy import DateTime

INSTANT = DateTime(timezone=True)
POINT = Geometry("POINT", srid=4326, spatial_index=False)
GEOMETRY = Geometry("GEOMETRY", srid=4326, spatial_index=False)
