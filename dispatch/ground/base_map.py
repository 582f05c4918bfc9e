"""Configuration of the base map: our own tiles, a PMTiles archive or raster tiles."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from geodata.crs.datum import Datum

SOURCE = "NEARCREW_BASE_MAP"
DATUM = "NEARCREW_BASE_MAP_DATUM"
ATTRIBUTION = "NEARCREW_BASE_MAP_ATTRIBUTION"
MAX_ZOOM = "NEARCREW_BASE_MAP_MAX_ZOOM"

_ORIGIN = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_PLACES = ("{z}", "{x}", "{y}")
_KNOWN = re.compile(r"\{(z|x|y|r)\}")
DEFAULT_MAX_ZOOM = 18
LAST_ZOOM = 22


class Kind(StrEnum):
    """Source type of the base map."""

    OWN = "own"
    PMTILES = "pmtiles"
    RASTER = "raster"


@dataclass(frozen=True, slots=True)
class BaseMap:
    """Base map shown on all pages of this server.

    Attributes
    ----------
    source
        Path of the PMTiles archive, or the URL template of the pictures; empty for our own.
    datum
        What the source's positions refer to. Crews and incidents are WGS 84 always; the map is
        laid under them so that they line up.
    max_zoom
        The nearest zoom the pictures come in; they are drawn larger beyond.
    """

    kind: Kind = Kind.OWN
    source: str = ""
    datum: Datum = Datum.WGS84
    attribution: str = ""
    max_zoom: int = DEFAULT_MAX_ZOOM

    @property
    def image_origin(self) -> str | None:
        """Scheme and host that pictures are fetched from, None if only from ourselves."""
        if self.kind is not Kind.RASTER:
            return None
        parts = urlsplit(self.source)
        return f"{parts.scheme}://{parts.netloc}"


OWN = BaseMap()


def choose(
    source: str,
    *,
    datum: Datum = Datum.WGS84,
    attribution: str = "",
    max_zoom: int = DEFAULT_MAX_ZOOM,
) -> BaseMap:
    """Return the base map that the settings describe.

    Raises
    ------
    InvalidInput
        Naming the variable that cannot be understood.
    """
    if not source:
        if datum is not Datum.WGS84:
            raise InvalidInput.one(DATUM, N_("our own tiles are WGS 84; it is of another source"))
        return OWN
    if source.startswith(("http://", "https://")):
        return BaseMap(Kind.RASTER, _template(source), datum, attribution, max_zoom)
    path = Path(source).resolve()
    if path.suffix != ".pmtiles" or not path.is_file():
        message = N_("%(raw)s is neither a .pmtiles file nor an address with {z}, {x} and {y}")
        raise InvalidInput.one(SOURCE, message, raw=source)
    return BaseMap(Kind.PMTILES, str(path), datum, attribution, max_zoom)


def read_datum(raw: str) -> Datum:
    """Return the datum of a name, however it is spelled: `GCJ-02`, `gcj02`.

    Raises
    ------
    InvalidInput
        If there is no such datum.
    """
    try:
        return Datum(raw.strip().lower().replace("-", "").replace(" ", ""))
    except ValueError:
        message = N_("%(raw)s is not a datum; wgs84, gcj02 and bd09 are")
        raise InvalidInput.one(DATUM, message, raw=raw) from None


def _template(source: str) -> str:
    try:
        netloc = urlsplit(source).netloc
    except ValueError:
        netloc = ""
    # The host becomes part of the content security policy: nothing else may slip in with it.
    if not _ORIGIN.fullmatch(netloc) or re.search(r"[\s\"'<>\\]", source):
        raise InvalidInput.one(SOURCE, N_("%(raw)s does not name one host"), raw=source)
    if any(place not in source for place in _PLACES) or "{" in _KNOWN.sub("", source):
        message = N_("%(raw)s has to hold {z}, {x} and {y}, and may hold {r}")
        raise InvalidInput.one(SOURCE, message, raw=source)
    return source
