"""What a log says of a fault: enough to find it, and nothing that it was about."""

import io
import logging

import pytest
from psycopg import errors
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dispatch.core.fault_text import FaultFormatter
from dispatch.core.fault_text import fault_summary
from dispatch.core.fault_text import fault_text

SECRET = "13800138000"  # noqa: S105  (a caller's number)


def _refused(owner_engine: Engine, statement: str) -> DBAPIError:
    with owner_engine.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE call (phone text UNIQUE, year int NOT NULL)"))
        try:
            for _ in range(2):
                connection.execute(text(statement), {"phone": SECRET})
        except DBAPIError as error:
            return error
    pytest.fail("it was not refused")


@pytest.mark.postgis
@pytest.mark.parametrize(
    ("statement", "state", "named"),
    [
        ("INSERT INTO call VALUES (:phone, NULL)", "23502", "call"),
        ("INSERT INTO call VALUES (:phone, 1)", "23505", "call_phone_key"),
        ("SELECT CAST(CAST(:phone AS text) || 'x' AS json)", "22P02", ""),
    ],
    ids=["a refused row", "a key that is there", "a text that is no JSON"],
)
def test_a_databases_refusal_is_named_without_its_row(
    owner_engine: Engine, statement: str, state: str, named: str
) -> None:
    """By state, table and constraint; its own words have the number."""
    error = _refused(owner_engine, statement)
    assert SECRET in str(error.orig)

    said = fault_text(error)

    assert state in said
    assert named in said
    assert __file__ in said
    assert SECRET not in said
    assert "parameters hidden" in str(error)


def test_a_full_disk_is_said_in_the_databases_own_words() -> None:
    """They are about the machine, and about no row."""
    full = errors.DiskFull("could not extend file: No space left on device")

    assert fault_summary(OSError(28, "No space left on device")).endswith("left on device")
    assert fault_summary(full).startswith("DiskFull")


def test_a_fault_is_told_with_what_led_to_it_and_without_any_words() -> None:
    """A conversion repeats what it could not convert."""

    def fail() -> None:
        try:
            int(f"{SECRET}x")
        except ValueError as error:
            message = f"no number: {SECRET}"
            raise RuntimeError(message) from error

    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(FaultFormatter("%(message)s"))
    logger = logging.getLogger(__name__)
    logger.addHandler(handler)
    try:
        fail()
    except RuntimeError:
        logger.exception("it failed")
    finally:
        logger.removeHandler(handler)

    told = said.getvalue()
    assert told.index("ValueError") < told.index("RuntimeError")
    assert "in fail" in told
    assert SECRET not in told
