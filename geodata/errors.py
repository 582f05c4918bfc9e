"""The exceptions of geodata: extracts, grounds and map archives."""

from pathlib import Path


class GroundError(Exception):
    """Base class of the errors of geodata; their texts are shown to users."""


class NotAnExtractError(GroundError):
    """The file is not OpenStreetMap data."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is not an OpenStreetMap extract (.osm.pbf, .osm or .osm.bz2): {why}"
        )
        self.path = path


class EmptyExtractError(GroundError):
    """The file is well formed but holds no object."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is empty: there is no OpenStreetMap object in it")
        self.path = path


class NoRoadsError(GroundError):
    """The extract holds objects, but no street that a car may use."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} holds no road that may be driven: "
            "is it an extract with ways and the nodes they are drawn through?"
        )
        self.path = path


class TruncatedExtractError(GroundError):
    """The file begins like an extract and is truncated."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is cut off or damaged, download it again: {why}")
        self.path = path


class NoSuchGroundError(GroundError):
    """The requested ground is not, or no longer, stored."""

    def __init__(self, ground_id: int) -> None:
        super().__init__(f"there is no ground {ground_id}; a newer import may have replaced it")
        self.ground_id = ground_id


class MissingExtractError(GroundError):
    """There is no file of that name."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there is no file {path}")
        self.path = path


class NotPmtilesError(GroundError):
    """The file is not a PMTiles archive of vector tiles."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is no PMTiles archive of vector tiles: {why}")
        self.path = path
