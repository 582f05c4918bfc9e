"""Types of cells that spreadsheets write in several ways: lists, yes and no. Pure."""

import re
from typing import Annotated
from typing import Any

from pydantic import BeforeValidator
from pydantic import WithJsonSchema

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words

_BETWEEN = re.compile(r"[;；|、\n]")
_YES = frozenset({"yes", "y", "true", "1", "是", "有", "√", "✓", "x"})
_NO = frozenset({"no", "n", "false", "0", "否", "无", "-", "–"})


def _parts(value: Any) -> Any:  # noqa: ANN401  (what a cell holds)
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in _BETWEEN.split(value) if part.strip())


def _truth(value: Any) -> Any:  # noqa: ANN401  (what a cell holds)
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise in_own_words(N_("must be yes or no"))


PARTS = BeforeValidator(_parts)
"""Makes "gas; heat" a list: ``Annotated[tuple[Skill, ...], PARTS]``."""
YesNo = Annotated[
    bool, BeforeValidator(_truth), WithJsonSchema({"type": "string", "description": "yes or no"})
]
