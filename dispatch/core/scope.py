"""Whose rows a transaction may see and write: what row-level security goes by.

The scope of a request is that of its actor; of the command line, the worker and the tests it is
everything. It is carried by the context, not handed from call to call: no service could forget it,
and one that is asked outside any scope sees nothing (docs/adr/0013-row-level-security.md).
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from contextvars import Token
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be seen, and who looks.

    Parameters
    ----------
    units
        Units whose rows are seen and written: a unit with all below it.
    above
        Units above those: their zones, layers, pledges and gateways apply here too.
    crews
        Crews that are seen besides: those lent to one of the units, and one's own.
    crew_id
        The crew that looks, if a crew does.
    home
        The unit that new rows belong to unless they say otherwise.
    everything
        Whether all units are seen: the root's scope, and that of the command line.
    account_id, actor_name
        Who looks, for the audit trail.
    """

    units: tuple[int, ...] = ()
    above: tuple[int, ...] = ()
    crews: tuple[int, ...] = ()
    crew_id: int | None = None
    home: int | None = None
    everything: bool = False
    account_id: int | None = None
    actor_name: str = ""

    def sight(self) -> "Scope":
        """Return what is seen, whoever looks: the same for many who look."""
        if self.everything:
            return EVERYTHING
        # A crew is seen by its own unit anyway, but for what it does for another while it is lent.
        lent = self.crew_id if self.crew_id in self.crews else None
        return Scope(self.units, self.above, self.crews, lent)

    def settings(self) -> dict[str, str]:
        """Return what a transaction is told, as the policies read it."""
        return {
            "everything": "1" if self.everything else "",
            "units": _array(self.units),
            "above": _array(self.above),
            "crews": _array(self.crews),
            "crew": _number(self.crew_id),
            "home": _number(self.home),
            "actor_id": _number(self.account_id),
            "actor_name": self.actor_name,
        }


NOTHING: Final = Scope()
EVERYTHING: Final = Scope(everything=True)
_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope | None:
    """Return the scope that was entered last; None outside of any."""
    return _current.get()


def enter(scope: Scope) -> Callable[[], None]:
    """Enter a scope until what this returns is called, in the same context."""
    token: Token[Scope | None] = _current.set(scope)
    return lambda: _current.reset(token)


def change(scope: Scope) -> None:
    """Replace the scope that was entered, once it is known who asks."""
    _current.set(scope)


@contextmanager
def within(scope: Scope) -> Iterator[None]:
    """Do something in a scope."""
    leave = enter(scope)
    try:
        yield
    finally:
        leave()


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
