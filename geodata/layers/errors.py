"""The errors of layer files, with a hint on how to correct each."""

from collections.abc import Sequence
from pathlib import Path

from geodata.errors import GroundError


class LayerFileError(GroundError):
    """Base class of the errors of layer files."""

    def __init__(self, path: Path, why: str, *, mend: str = "") -> None:
        super().__init__(f"{path.name} cannot be imported: {why}")
        self.path, self.mend = path, mend


class MissingLayerFileError(LayerFileError):
    """There is no file of that name."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, f"there is no file {path}")


class UnreadableLayerError(LayerFileError):
    """No GDAL driver can read the file, or it is truncated."""

    def __init__(self, path: Path, why: str) -> None:
        said = why.strip().rstrip(".").replace("\n", " ")
        super().__init__(
            path,
            f"it is no GeoPackage, GeoJSON or Shapefile that can be read ({said})",
            mend="A Shapefile needs its .shp, .shx, .dbf and .prj, best all in one .zip.",
        )


class WhichLayerError(LayerFileError):
    """The file holds several layers, or not the requested one."""

    def __init__(self, path: Path, wanted: str | None, found: Sequence[str]) -> None:
        why = (
            f"it holds {len(found)} layers"
            if wanted is None
            else f"it holds no layer {wanted!r} with shapes"
        )
        mend = f"--layer-in-file one of: {', '.join(found)}" if found else ""
        super().__init__(path, why, mend=mend)
        self.wanted, self.found = wanted, tuple(found)


class NoShapesError(LayerFileError):
    """The file can be read, but holds no shape."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "there is no feature with a shape in it")


class UnknownCrsError(LayerFileError):
    """The coordinate system is not given, or the given one is unknown."""

    def __init__(self, path: Path, named: str | None = None) -> None:
        why = (
            "it does not name its coordinate system"
            if named is None
            else f"{named!r} is no coordinate system"
        )
        super().__init__(path, why, mend="--crs EPSG:4490, or what the records are drawn in.")
        self.named = named


class OffTheGlobeError(LayerFileError):
    """The coordinates are outside the coordinate system that the file names."""

    def __init__(self, path: Path, crs: str) -> None:
        super().__init__(
            path,
            f"its coordinates are none of {crs}, which it names",
            mend="--crs says which coordinate system they are really in.",
        )
        self.crs = crs


class UnknownFieldError(LayerFileError):
    """The file has no such attribute."""

    def __init__(self, path: Path, field: str, found: Sequence[str]) -> None:
        fields = ", ".join(found) or "none"
        super().__init__(
            path, f"its features have no attribute {field!r}", mend=f"It has: {fields}."
        )
        self.field, self.found = field, tuple(found)


class LayerUploadError(GroundError):
    """A file that was sent cannot be imported; ``code`` says why, for whoever puts it in words.

    ``unreadable``, ``alone`` (a Shapefile without its other files), ``bomb``, ``several``,
    ``costly``, ``no_shapes``, ``which_layer``, ``crs_missing``,
    ``crs_unknown``, ``off_the_globe``, ``no_field``, ``many``.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"the file cannot be imported: {code}")
        self.code, self.params = code, params
