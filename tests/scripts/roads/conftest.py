"""Commands about ways are tried on files of the grid."""

from tests.scripts.on_grid import grid
from tests.scripts.on_grid import nearcrew

__all__ = ["grid", "nearcrew"]
