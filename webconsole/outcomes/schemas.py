"""Query strings of outcomes."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import RequiredName
from webconsole.platform.queries import Query


class OutcomesQuery(Query):
    """Of which kind of incident."""

    kind: Annotated[RequiredName, Field(description="code of an incident kind, such as gas_leak")]
