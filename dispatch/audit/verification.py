"""Follow the hash chains and name the first row that is not as it was written.

A row that was changed, taken out, put in or moved breaks its chain; links are kept apart from rows,
so rows missing at the end are noticed as well. Words that retention erased break nothing: the chain
covers their digest, and that they were erased rightly is looked up.

Whoever owns the database can write a whole chain anew. Keep the last hash, which the command
prints, outside: then that is noticed too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.core.unit_of_work import UnitOfWork

_AT_ONCE: Final = 100_000
_TABLES: Final = {"event": "event", "audit": "audit_entry", "reading": "reading"}
_ENDS: Final = text("""
    SELECT row_id AS begins_after, hash AS start_hash,
        (SELECT max(number) FROM chain_link WHERE chain = :chain) AS links
    FROM chain_link WHERE chain = :chain AND number = 0
""")
_HASH: Final = text("SELECT hash FROM chain_link WHERE chain = :chain AND number = :number")
_ROWS: Final = "SELECT count(*) FROM {table} WHERE id <= :begins_after"
_UNLINKED: Final = """
    SELECT min(row.id) FROM {table} AS row
    WHERE row.id > :begins_after
        AND NOT EXISTS (
            SELECT FROM chain_link AS link WHERE link.chain = :chain AND link.row_id = row.id)
"""
# Of words that are gone with their salt: only retention takes them, with those of the incident.
_WORDS: Final = {
    "event": """
        row.words_digest IS NOT NULL AND CASE
            WHEN row.salt IS NOT NULL THEN
                sha256(row.salt || convert_to(row.data::text, 'UTF8')) <> row.words_digest
            ELSE is_personal(row.data) OR NOT (row.kind = 'incident.photographed' OR EXISTS (
                SELECT FROM incident WHERE incident.id = row.incident_id
                    AND incident.erased_at IS NOT NULL)) END
        OR row.words_digest IS NULL AND is_personal(row.data)""",
    "audit": """
        row.salt IS NULL
        OR sha256(row.salt || convert_to(words_of(row), 'UTF8')) <> row.words_digest""",
    "reading": "false",
}
_STEP: Final = """
    SELECT link.number, link.row_id,
        CASE WHEN row.id IS NULL THEN 'missing' WHEN link.hash <> expected THEN 'changed'
            ELSE 'reworded' END AS fault
    FROM (
        SELECT number, row_id, hash, lag(hash, 1, :before) OVER (ORDER BY number) AS before,
            lag(number, 1, :after) OVER (ORDER BY number) AS after
        FROM chain_link WHERE chain = :chain AND number > :after AND number <= :until
    ) AS link
    LEFT JOIN {table} AS row ON row.id = link.row_id
    CROSS JOIN LATERAL (
        SELECT sha256(link.before || convert_to(chained_text(row), 'UTF8')) AS expected
        OFFSET 0) AS hashed
    WHERE row.id IS NULL OR link.number <> link.after + 1 OR link.hash <> expected OR ({words})
    ORDER BY link.number LIMIT 1
"""
_WHY: Final = {
    "missing": "it is missing",
    "changed": "changed or put in, or the link before it is missing",
    "reworded": "its words were changed, or erased before their time",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one chain.

    Attributes
    ----------
    rows
        How many links were followed.
    hash
        The newest hash, as hexadecimal digits.
    older
        Rows from before the chain began, of which nothing can be said.
    broken_at
        The number of the first row that is not as it was written; None if all are.
    why
        A few words on what is wrong; empty if nothing is.
    """

    chain: str
    rows: int
    hash: str
    older: int = 0
    broken_at: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Head:
    begins_after: int
    start_hash: bytes
    hash: bytes
    links: int


class ChainVerification:
    """Verifies the chains while the service runs."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._work = unit_of_work

    def verify(self) -> Iterator[Verdict]:
        """Yield what was found of each chain."""
        for chain in _TABLES:
            with self._work.reading() as session:
                yield verify_chain(session, chain)


def verify_chain(session: Session, chain: str) -> Verdict:
    """Return what is found of one chain, followed in steps that hold a part of it in memory."""
    table = _TABLES[chain]
    ends = session.execute(_ENDS, {"chain": chain}).one()
    step = text(_STEP.format(table=table, words=_WORDS[chain]))
    asked = {"chain": chain, "begins_after": ends.begins_after, "links": ends.links}
    older = int(session.scalar(text(_ROWS.format(table=table)), asked) or 0)
    before = bytes(ends.start_hash)
    for after in range(0, ends.links, _AT_ONCE):
        until = min(after + _AT_ONCE, ends.links)
        found = session.execute(
            step, {"chain": chain, "after": after, "until": until, "before": before}
        ).one_or_none()
        if found is not None:
            why = _WHY[found.fault]
            return Verdict(chain, found.number - 1, before.hex(), older, found.row_id, why)
        before = bytes(session.scalar(_HASH, {"chain": chain, "number": until}) or b"")
    unlinked = session.scalar(text(_UNLINKED.format(table=table)), asked)
    if unlinked is not None:
        return Verdict(chain, ends.links, before.hex(), older, unlinked, "it is in no chain")
    return Verdict(chain, ends.links, before.hex(), older)
