"""Units of work: what loses a race is run again as a whole."""

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.core.unit_of_work import UnitOfWork

pytestmark = pytest.mark.postgis


def test_a_unit_that_loses_many_races_is_run_again_until_it_wins(owner_engine: Engine) -> None:
    """Nothing of the attempts before is kept."""
    attempts = 0

    def work(session: Session) -> int:
        nonlocal attempts
        attempts += 1
        session.execute(text("CREATE TABLE tried (number integer)"))
        if attempts < 10:
            raise ScopeChangedError
        session.execute(text("DROP TABLE tried"))
        return attempts

    assert UnitOfWork(owner_engine).run(work) == 10


def test_a_unit_that_never_wins_says_so(owner_engine: Engine) -> None:
    """It does not go on for ever."""

    def work(_: Session) -> None:
        raise ScopeChangedError

    with pytest.raises(ScopeChangedError):
        UnitOfWork(owner_engine).run(work)
