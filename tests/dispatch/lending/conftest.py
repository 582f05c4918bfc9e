"""The group of the tests of units, with a crew in the north that the south asks for."""

from tests.dispatch.units.conftest import group

__all__ = ["group"]
