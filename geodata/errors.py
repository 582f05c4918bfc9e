"""What can be wrong with an extract or with the ground made from it."""

from pathlib import Path


class GroundError(Exception):
    """Base of everything the ground refuses; its text is meant to be read by people."""


class NotAnExtractError(GroundError):
    """The file cannot be read as OpenStreetMap data at all."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is not an OpenStreetMap extract (.osm.pbf, .osm or .osm.bz2): {why}"
        )
        self.path = path


class EmptyExtractError(GroundError):
    """The file is well formed and holds nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is empty: there is no OpenStreetMap object in it")
        self.path = path


class NoRoadsError(GroundError):
    """The extract holds something, but no street a car could use."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} holds no road that may be driven: "
            "is it an extract with ways and the nodes they are drawn through?"
        )
        self.path = path


class TruncatedExtractError(GroundError):
    """The file begins like an extract and breaks off."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is cut off or damaged, download it again: {why}")
        self.path = path


class NoSuchGroundError(GroundError):
    """A ground was asked for that is not (or no longer) stored."""

    def __init__(self, ground_id: int) -> None:
        super().__init__(f"there is no ground {ground_id}; a newer import may have replaced it")
        self.ground_id = ground_id


class MissingExtractError(GroundError):
    """There is no file of that name."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there is no file {path}")
        self.path = path


class NotPmtilesError(GroundError):
    """A file is no PMTiles archive that a browser could draw a map from."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is no PMTiles archive of vector tiles: {why}")
        self.path = path
