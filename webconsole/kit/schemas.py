"""Query strings of what a phone takes along."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Id
from dispatch.core.field_types import RequiredText
from dispatch.kit.tile_runs import LONGEST_TEXT
from dispatch.writes.command import OptionalPlace
from webconsole.platform.queries import Query


class TilesQuery(Query):
    """Which tiles, of which ground."""

    ground_id: Id
    tiles: Annotated[
        RequiredText,
        Field(
            max_length=LONGEST_TEXT,
            description="runs with commas between: zoom/column/row or zoom/column/first-last row",
            examples=["15/17054/11940-11956,16/34120/23900"],
        ),
    ]


class NamesQuery(OptionalPlace, Query):
    """Around where; the middle of the ground if left out."""
