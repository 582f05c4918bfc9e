"""What a page asks of a list: words, an order, and which page."""

from typing import Annotated
from typing import Any
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import model_validator

from dispatch.core.field_types import storable
from dispatch.core.limits import LONGEST_SEARCH

DEFAULT_PER_PAGE, MOST_PER_PAGE = 50, 200
MOST_PAGE = 1_000_000
_Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_SEARCH), storable
]


class ListQuery(BaseModel):
    """Which rows of a list, in which order, and which page of them; what is blank is not given.

    A list's own filters are fields of a class derived from this. Without ``page`` and ``per_page``
    the whole list is meant, as before lists had pages.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    search: Annotated[_Words | None, Field(description="words that all have to be found")] = None
    sort: Annotated[
        str | None,
        Field(max_length=60, description="a column; with a minus before it, downwards"),
    ] = None
    page: Annotated[int | None, Field(ge=1, le=MOST_PAGE, description="from 1")] = None
    per_page: Annotated[
        int | None,
        Field(
            ge=1,
            le=MOST_PER_PAGE,
            description=f"{DEFAULT_PER_PAGE} if a page is asked for, else the whole list",
        ),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _leave_out_blanks(cls, values: Any) -> Any:  # noqa: ANN401  (a query string)
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value != ""}

    @property
    def whole(self) -> bool:
        """Whether no page is asked for, but the whole list."""
        return self.page is None and self.per_page is None

    @property
    def limit(self) -> int | None:
        """How many rows a page has; None: all."""
        return None if self.whole else (self.per_page or DEFAULT_PER_PAGE)

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return ((self.page or 1) - 1) * (self.limit or 0)

    def of_all_pages(self) -> Self:
        """Return the same question without pages, for tables."""
        return self.model_copy(update={"page": None, "per_page": None})


EVERYTHING = ListQuery()
