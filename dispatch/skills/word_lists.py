"""What the lists of skills and of equipment have in common: codes with words, in an order."""

import re
from typing import Any
from typing import Final

from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.limits import LONGEST_SKILL
from dispatch.core.listing import Listing
from dispatch.skills.types import ListEntryAnswer
from dispatch.skills.types import SetListEntry

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_LAST: Final = 100


def listing_of(entries: Any) -> Listing:  # noqa: ANN401  (the table of either list)
    """Return how a list is searched and ordered."""
    return Listing(
        searched=(entries.code, entries.name_en, entries.name_zh),
        sorted_by={
            "sort": entries.sort,
            "code": entries.code,
            "name_en": entries.name_en,
            "name_zh": entries.name_zh,
        },
        order="sort",
        key=entries.code,
    )


def set_entry(
    session: Session, entries: type[Any], code: str, wanted: SetListEntry
) -> ListEntryAnswer:
    """Add an entry, change its words, or retire it; return it as the API shows it.

    Raises
    ------
    InvalidInput
        On ``code``, if it is none.
    """
    row = session.get(entries, code, with_for_update=True)
    if row is None:
        refuse_unusable(code)
        row = entries(code=code, sort=_LAST)
        session.add(row)
    row.name_en, row.name_zh, row.retired = wanted.name_en, wanted.name_zh, wanted.retired
    row.sort = row.sort if wanted.sort is None else wanted.sort
    session.flush()
    return entry_answer(row)


def refuse_unusable(code: str) -> None:
    """Refuse a new code that programs and the command line could not name.

    Raises
    ------
    InvalidInput
        On ``code``.
    """
    if len(code) > LONGEST_SKILL or not _CODE.fullmatch(code):
        raise InvalidInput.one("code", N_("must be small letters, digits and _"))


def entry_answer(row: Any) -> ListEntryAnswer:  # noqa: ANN401  (a row of either list)
    """Return an entry as the API shows it."""
    return {
        "code": row.code,
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "sort": row.sort,
        "retired": row.retired,
    }
