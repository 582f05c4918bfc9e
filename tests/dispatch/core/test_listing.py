"""Lists page by page, against the same list searched and ordered in plain Python."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as some
from sqlalchemy import Engine
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import Session
from sqlalchemy.orm import mapped_column

from dispatch.core import list_query
from dispatch.core import listing
from dispatch.core.errors import InvalidInput
from dispatch.core.list_query import ListQuery
from dispatch.core.listing import Listing

pytestmark = pytest.mark.postgis
LETTERS = "aB%_\\'1 厂é"
"""What a pattern takes for a sign of its own, both cases, and other alphabets."""
_WORDS = some.text(LETTERS, max_size=6)
_ROWS = some.lists(
    some.tuples(_WORDS, some.none() | _WORDS, some.none() | some.integers(0, 3)), max_size=12
)


class _Base(DeclarativeBase):
    pass


class Thing(_Base):
    """A row of a list that only these tests have."""

    __tablename__ = "listed_thing"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(Integer)


LISTING = Listing(
    searched=(Thing.name, Thing.place),
    sorted_by={"size": Thing.size, "id": Thing.id},
    order="id",
    key=Thing.id,
)


@pytest.fixture(scope="module")
def session(owner_engine: Engine) -> Iterator[Session]:
    """Give a table that lasts for a transaction."""
    with Session(owner_engine) as opened:
        opened.execute(
            text(
                "CREATE TEMP TABLE listed_thing"
                " (id int PRIMARY KEY, name text NOT NULL, place text, size int) ON COMMIT DROP"
            )
        )
        yield opened
        opened.rollback()


def _plain_answer(
    rows: list[tuple[str, str | None, int | None]], query: ListQuery
) -> tuple[list[int], int]:
    """Return the ids of the page and how many rows are found, worked out without a database."""
    words = (query.search or "").lower().split()[: listing.MOST_WORDS]
    found = [
        (number, size)
        for number, (name, place, size) in enumerate(rows)
        if all(word in name.lower() or word in (place or "").lower() for word in words)
    ]
    downwards = (query.sort or "").startswith("-")
    if (query.sort or "id").removeprefix("-") == "size":
        known = sorted(
            (each for each in found if each[1] is not None),
            key=lambda each: (each[1], each[0]),
            reverse=downwards,
        )
        unknown = sorted((each for each in found if each[1] is None), reverse=downwards)
        found = known + unknown
    elif downwards:
        found.reverse()
    ids = [number for number, _ in found]
    if query.whole:
        return ids, len(ids)
    size = query.per_page or list_query.DEFAULT_PER_PAGE
    first = ((query.page or 1) - 1) * size
    return ids[first : first + size], len(ids)


@settings(max_examples=60)
@given(
    rows=_ROWS,
    search=some.none() | some.text(LETTERS, max_size=4),
    sort=some.sampled_from((None, "id", "-id", "size", "-size")),
    page=some.none() | some.integers(1, 4),
    per_page=some.none() | some.integers(1, 5),
)
def test_a_page_holds_what_plain_python_finds(
    session: Session,
    rows: list[tuple[str, str | None, int | None]],
    search: str | None,
    sort: str | None,
    page: int | None,
    per_page: int | None,
) -> None:
    """The same rows in the same order, and the same total, whatever the letters are."""
    query = ListQuery(search=search, sort=sort, page=page, per_page=per_page)
    session.execute(text("DELETE FROM listed_thing"))
    session.add_all(
        Thing(id=number, name=name, place=place, size=size)
        for number, (name, place, size) in enumerate(rows)
    )
    session.flush()

    found = listing.find(session, select(Thing), LISTING, query)
    columns = listing.find(session, select(Thing.id, Thing.size), LISTING, query)

    session.expunge_all()
    ids, total = _plain_answer(rows, query)
    assert ([each.id for each in found.rows], found.total) == (ids, total)
    assert ([each.id for each in columns.rows], columns.total) == (ids, total)


def test_an_order_that_the_list_does_not_know_is_named(session: Session) -> None:
    """With those that it knows."""
    with pytest.raises(InvalidInput) as refusal:
        listing.find(session, select(Thing), LISTING, ListQuery(sort="-price"))

    assert refusal.value.message() == "sort: must be one of: id, size"
