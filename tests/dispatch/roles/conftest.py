"""Sign-ins and a second worker, as for accounts."""

from tests.dispatch.accounts.conftest import second_worker
from tests.dispatch.accounts.conftest import sign_in

__all__ = ["second_worker", "sign_in"]
