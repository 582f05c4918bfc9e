"""Names of crews that are not seen, left out of what was written down when they were.

An incident that is shared with a station tells its whole story there, and decisions keep every
candidate: crews of other units among them. Their rows are not seen, so their names are not told.
"""

from collections.abc import Iterator
from typing import Any
from typing import Final
from typing import TypeVar
from typing import cast

from sqlalchemy import ARRAY
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import current

_T = TypeVar("_T")
_NAMED: Final = frozenset(
    {
        *("crew", "crew_name", "next", "instead", "instead_of", "taken_by", "by_crew"),
        *("recommended", "recommended_crew_name", "next_crew", "others"),
    }
)
"""Under which names crews are named in events and decisions; besides, whatever is listed."""
_HIDDEN = select(func.hidden_crew_names(bindparam("names", type_=ARRAY(Text))))


def without_unseen_names(session: Session, told: _T) -> _T:
    """Return what was written down without the names of crews that are not seen.

    A candidate that is not seen is left out as a whole; of a sentence the place stays empty.
    """
    if (current() or EVERYTHING).everything:
        return told
    names = sorted(set(_names(told)))
    if not names:
        return told
    hidden = frozenset(session.scalars(_HIDDEN, {"names": names}))
    return cast("_T", _without(told, hidden)) if hidden else told


def _names(told: Any) -> Iterator[str]:  # noqa: ANN401  (JSON)
    if isinstance(told, dict):
        for name, value in told.items():
            if isinstance(value, str):
                if name in _NAMED:
                    yield value
            else:
                yield from _names(value)
    elif isinstance(told, list):
        for each in told:
            if isinstance(each, str):
                yield each
            else:
                yield from _names(each)


def _without(told: Any, hidden: frozenset[str]) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(told, dict):
        return {
            name: _without(value, hidden)
            for name, value in told.items()
            if not (name in _NAMED and isinstance(value, str) and value in hidden)
        }
    if isinstance(told, list):
        return [_without(each, hidden) for each in told if not _is_hidden(each, hidden)]
    return told


def _is_hidden(each: Any, hidden: frozenset[str]) -> bool:  # noqa: ANN401  (JSON)
    named = each.get("crew_name") if isinstance(each, dict) else each
    return isinstance(named, str) and named in hidden
