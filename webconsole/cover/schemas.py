"""What queries about cover say."""

from typing import Annotated

from pydantic import BeforeValidator
from pydantic import Field
from pydantic import WithJsonSchema

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Id
from dispatch.core.limits import LARGEST_ID
from dispatch.cover.types import MOST_CREWS_ASKED
from webconsole.platform.queries import Query


def _ids(text: object) -> list[int]:
    """Read ``1,2,3``, each once."""
    words = str(text).split(",")
    fit = all(each.isascii() and each.isdigit() for each in words)
    if not fit or len(words) > MOST_CREWS_ASKED or any(int(each) > LARGEST_ID for each in words):
        raise in_own_words(N_("must be up to 8 numbers of crews with commas between them"))
    return list(dict.fromkeys(int(each) for each in words))


class CoverQuery(Query):
    """Which crews are asked about."""

    crew_ids: Annotated[
        list[int],
        BeforeValidator(_ids),
        WithJsonSchema({"type": "string", "maxLength": 200, "description": "crew ids: 1,2,3"}),
    ]


class MoveUpsQuery(Query):
    """Whose move-ups are asked for."""

    crew_id: Annotated[Id | None, Field(description="those of one crew")] = None
