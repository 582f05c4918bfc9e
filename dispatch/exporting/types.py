"""What can be exported: each subject says its columns, and lists its rows."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.list_query import ListQuery


class TableFormat(StrEnum):
    """What a table is written as."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class ExportSubject:
    """One list that can be taken out as a table.

    Attributes
    ----------
    name
        In addresses, and the key of the rows in the list's answer: ``gateways``.
    permission
        Needed besides what the list itself asks for.
    query
        The list's filters.
    list
        The service's own list; its rows hold what its reader may see.
    columns
        Names of the fields that are written; those of imports, so that a table can come back.
    """

    name: str
    permission: Permission
    query: type[ListQuery]
    list: Callable[[Actor, Any], Mapping[str, Any]]
    columns: tuple[str, ...]
