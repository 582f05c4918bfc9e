"""What a log says of a fault: where it happened and of which kind, never what it was about.

An error's own words repeat values: a database's refusal has the row that it refuses, with names and
numbers of callers, a conversion what it could not convert. So they are left out, but for those of a
database or a machine that is away, full or busy, which are about no row.
"""

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from typing_extensions import override

_ABOUT_NO_ROW = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE: connection, rollback, resources, object state, operator, system."""
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def fault_summary(error: BaseException) -> str:
    """Return an error's kind and, of a database's, its state and what it names, in one line."""
    cause: Any = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    diagnosis = getattr(cause, "diag", None)
    kind = type(cause).__name__
    if diagnosis is None:
        return (
            f"{kind}: {cause.strerror}" if isinstance(cause, OSError) and cause.strerror else kind
        )
    named = [diagnosis.schema_name, diagnosis.table_name, diagnosis.constraint_name]
    words = [kind, state, *named]
    if state is None:  # libpq's own: no server has spoken of any row
        words.append(_first_line(str(cause)))
    elif state.startswith(_ABOUT_NO_ROW):
        words.append(diagnosis.message_primary)
    return " · ".join(word for word in words if word)


def fault_text(error: BaseException) -> str:
    """Return where a fault happened and of which kind, with the faults that led to it."""
    parts = []
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        frames = "".join(traceback.format_list(traceback.extract_tb(each.__traceback__)))
        parts.append(f"{frames}{fault_summary(each)}")
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return "\nwhile handling, or because of:\n".join(reversed(parts))


class FaultFormatter(logging.Formatter):
    """Formats log lines; of an exception only what `fault_text` says."""

    @override
    def formatException(self, ei: _ExcInfo) -> str:
        return fault_text(ei[1]) if ei[1] is not None else ""


def report_faults_so() -> None:
    """Report what nobody handles so, too: of the process, and of its threads."""

    def of_process(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        sys.stderr.write(f"{fault_text(error)}\n")

    def of_thread(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
            sys.stderr.write(f"{fault_text(ended.exc_value)}\n")

    sys.excepthook = of_process
    threading.excepthook = of_thread


def _first_line(words: str) -> str:
    return next(iter(words.strip().splitlines()), "")
