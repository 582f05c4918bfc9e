"""People with and without second factors sign in."""

from tests.dispatch.factors.conftest import door

__all__ = ["door"]
