"""Refusals of the web layer itself, before the domain is asked."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from dispatch.core.errors import FieldError


class WebError(Exception):
    """Base of what the web layer refuses or cannot do."""


class MissingAssetsError(WebError):
    """The front-end packages are not installed."""


class ProblemError(WebError):
    """A request refused with a status of its own: malformed, of a wrong type, with bad fields."""

    def __init__(
        self,
        status: int,
        code: str,
        msgid: str,
        params: Mapping[str, Any] | None = None,
        fields: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(msgid)
        self.status = status
        self.code = code
        self.msgid = msgid
        self.params = dict(params or {})
        self.fields = tuple(fields)
