"""Check the accounts: somebody is administrator, and nobody is guessing passwords."""

from collections.abc import Iterator

import psycopg

from scripts.doctor.findings import Finding
from scripts.doctor.findings import good
from scripts.doctor.findings import odd

_ADMINISTRATORS = """
    SELECT count(*), count(*) FILTER (WHERE account.disabled_at IS NULL)
    FROM account JOIN account_role ON account_id = account.id WHERE role = 'administrator'
"""
_SLOWED_DOWN = "SELECT count(*) FROM sign_in_count WHERE kind = %s AND free_at > now()"
Connection = psycopg.Connection[tuple[object, ...]]


def examine(connection: Connection) -> Iterator[Finding]:
    """Yield the findings about accounts, as the role that serves sees them."""
    yield _administrator(connection)
    names, addresses = (_count(connection, _SLOWED_DOWN, kind) for kind in ("account", "address"))
    if names or addresses:
        sentence = (
            f"Passwords are being guessed at this moment: for {names} user names"
            f" and from {addresses} addresses sign-in is slowed down."
        )
        mend = "Devices that are known sign in as ever (docs/deployment.md)."
        yield odd(sentence, mend)


def _administrator(connection: Connection) -> Finding:
    row = connection.execute(_ADMINISTRATORS).fetchone()
    made, enabled = row if row is not None else (0, 0)
    if not made:
        return odd("Nobody is administrator yet.", "nearcrew init")
    if not enabled:
        mend = "nearcrew user list, then nearcrew user enable NAME"
        return odd("Every administrator is disabled.", mend)
    return good("There is an administrator.")


def _count(connection: Connection, asked: str, kind: str) -> int:
    row = connection.execute(asked, (kind,)).fetchone()
    return int(str(row[0])) if row else 0
