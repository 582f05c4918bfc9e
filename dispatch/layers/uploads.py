"""Layer files that come over the network: read apart, and what is wrong put in words."""

from collections.abc import Sequence
from typing import Annotated
from typing import Literal

from pydantic import Field
from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import Name
from dispatch.writes.command import Command
from geodata.crs.datum import Datum
from geodata.ground.service import GroundInfo
from geodata.layers.errors import LayerUploadError
from geodata.layers.features import LayerFile
from geodata.layers.reader_process import HowToRead
from geodata.layers.reader_process import read_apart

_FILE = {
    "type": "string",
    "contentMediaType": "application/octet-stream",
    "description": "GeoPackage, GeoJSON, or one of them or a Shapefile in a .zip; at most 50 MB",
}
_WORDS: dict[str, tuple[str, str]] = {
    "unreadable": ("file", N_("is no GeoPackage, GeoJSON or Shapefile in a .zip that can be read")),
    "alone": (
        "file",
        N_("is a Shapefile without its other files: send .shp, .shx, .dbf and .prj in one .zip"),
    ),
    "bomb": ("file", N_("unpacks to more than %(most)s MB")),
    "several": ("file", N_("holds several files: %(found)s")),
    "costly": ("file", N_("takes more time or memory to read than is allowed")),
    "many": ("file", N_("has more than %(most)s features")),
    "no_shapes": ("file", N_("has no feature with a shape")),
    "which_layer": ("layer_in_file", N_("must be one of: %(found)s")),
    "crs_missing": (
        "crs",
        N_("is not said by the file: give what it is drawn in, such as EPSG:4490"),
    ),
    "crs_unknown": ("crs", N_("is no coordinate system, such as EPSG:4490")),
    "off_the_globe": (
        "crs",
        N_("cannot be %(crs)s, as the file says: give what it is really drawn in"),
    ),
}


class FeatureFaultAnswer(TypedDict):
    """What was wrong with one feature of a file."""

    feature: Annotated[int, Field(description="its place in the file, from 1")]
    fault: Annotated[
        Literal["empty", "off", "mended"],
        Field(description="left out without a shape or off the globe; or its outline was mended"),
    ]


class FileReport(TypedDict):
    """What a file held, and what of it was left out or mended."""

    features: int
    crs: str
    empty: int
    off: int
    mended: int
    faults: Annotated[list[FeatureFaultAnswer], Field(description="the first of them")]
    off_the_map: Annotated[bool, Field(description="none of it lies on the map in use")]


class LayerUpload(Command):
    """A file with shapes, and what it does not say itself."""

    file: Annotated[bytes, Field(min_length=1, repr=False), WithJsonSchema(_FILE)]
    file_name: Annotated[str, Field(max_length=255)] = ""
    layer_in_file: Annotated[
        Name | None, Field(description="which layer, if the file has several")
    ] = None
    crs: Annotated[
        Name | None, Field(description="what the coordinates are in, if the file is silent")
    ] = None
    datum: Annotated[
        Datum, Field(description="gcj02 or bd09 for degrees off a Chinese web map")
    ] = Datum.WGS84
    encoding: Annotated[
        Name | None, Field(description="of a Shapefile without .cpg, such as GBK")
    ] = None


def read_upload(sent: LayerUpload) -> LayerFile:
    """Return what a file holds.

    Raises
    ------
    InvalidInput
        On ``file``, ``crs`` or ``layer_in_file``.
    """
    how = HowToRead(sent.layer_in_file, sent.crs, sent.datum, sent.encoding)
    try:
        return read_apart(sent.file, sent.file_name, how)
    except LayerUploadError as error:
        field, sentence = _WORDS[error.code]
        raise InvalidInput.one(field, sentence, **error.params) from error


def known_attribute(file: LayerFile, wanted: str | None, field: str) -> None:
    """Hold that the features have an attribute, if one is asked for.

    Raises
    ------
    InvalidInput
        On ``field``, naming those that there are.
    """
    if wanted is not None and wanted not in file.attributes:
        message = N_("is no attribute of it; there are: %(found)s")
        raise InvalidInput.one(field, message, found=", ".join(file.attributes[:40]))


def told_of(file: LayerFile, ground: GroundInfo | None) -> FileReport:
    """Return what was left out of a file, or mended, and whether it lies on the map at all."""
    return {
        "features": len(file),
        "crs": file.crs,
        "empty": file.empty,
        "off": file.off,
        "mended": file.mended,
        "faults": [{"feature": each.feature, "fault": each.fault} for each in file.faults],
        "off_the_map": ground is not None and not _overlap(file.bounds, ground.bounds),
    }


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    west, south, east, north = one
    left, low, right, high = other
    return west <= right and east >= left and south <= high and north >= low
