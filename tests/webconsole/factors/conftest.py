"""People with authenticator apps."""

from tests.dispatch.factors.conftest import door

__all__ = ["door"]
