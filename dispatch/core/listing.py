"""Lists as pages ask for them: a search, an order, one page of rows and how many there are.

A room says which columns are searched and by which its list may be ordered; everything else is the
same for all lists, so that a page of 10 000 rows is as quick and as exact everywhere.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.list_query import ListQuery

MOST_WORDS = 8
"""Of a search; more would only cost."""
MOST_EXPORTED = 100_000
"""Rows in one table."""
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Listing:
    """What holds for a list: where words are looked for, and by what it may be ordered.

    Attributes
    ----------
    searched
        Text expressions in which each word of a search may be found.
    sorted_by
        Expressions by the names that ``sort`` takes.
    order
        The name by which the list is ordered if nothing is asked for.
    key
        A unique column: rows that are equal by the order keep one order among themselves.
    """

    searched: Sequence[Any]
    sorted_by: Mapping[str, Any]
    order: str
    key: Any


@dataclass(frozen=True, slots=True)
class Found:
    """One page of rows, and how many there are on all pages."""

    rows: Sequence[Any]
    total: int


def find(
    session: Session, rows: Select[*tuple[Any, ...]], listing: Listing, query: ListQuery
) -> Found:
    """Return a page of the rows that a statement selects.

    Parameters
    ----------
    rows
        Selects the list's rows under its own filters; of one entity or column, whose values are
        returned, or of several, then rows.

    Raises
    ------
    InvalidInput
        On ``sort``, if the list cannot be ordered so.
    """
    wanted = rows.where(*_conditions(listing, query.search))
    ordered = wanted.order_by(None).order_by(*_order(listing, query.sort))
    if query.limit is not None:
        ordered = ordered.limit(query.limit).offset(query.offset)
    found: Any = session.execute(ordered)
    page = (found.scalars() if len(rows.column_descriptions) == 1 else found).all()
    if query.whole:
        return Found(page, len(page))
    if query.limit is not None and (0 < len(page) < query.limit or not (page or query.offset)):
        return Found(page, query.offset + len(page))  # the last page tells how many there are
    counted = wanted.order_by(None).with_only_columns(listing.key, maintain_column_froms=True)
    total = session.scalar(select(func.count()).select_from(counted.subquery()))
    return Found(page, total or 0)


def _conditions(listing: Listing, search: str | None) -> list[ColumnElement[bool]]:
    words = (search or "").split()[:MOST_WORDS]
    return [
        or_(*(expression.ilike(_anywhere(word), escape=_ESCAPE) for expression in listing.searched))
        for word in words
    ]


def _anywhere(word: str) -> str:
    """Return the pattern that finds a word anywhere, whatever letters it has."""
    for letter in (_ESCAPE, "%", "_"):
        word = word.replace(letter, _ESCAPE + letter)
    return f"%{word}%"


def _order(listing: Listing, sort: str | None) -> list[ColumnElement[Any]]:
    name = sort or listing.order
    downwards = name.startswith("-")
    expression = listing.sorted_by.get(name.removeprefix("-"))
    if expression is None:
        choices = ", ".join(sorted(listing.sorted_by))
        raise InvalidInput.one("sort", N_("must be one of: %(choices)s"), choices=choices)
    directed = expression.desc() if downwards else expression.asc()
    key = listing.key.desc() if downwards else listing.key.asc()
    return [directed.nulls_last(), key]


def all_of(*conditions: ColumnElement[bool] | None) -> ColumnElement[bool]:
    """Return the condition that all given conditions hold; what is None is not asked for."""
    given = [each for each in conditions if each is not None]
    return and_(True, *given)  # noqa: FBT003  (SQLAlchemy's own neutral element)
