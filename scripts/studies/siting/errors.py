"""What can be wrong with a siting problem."""

from collections.abc import Sequence

from scripts.errors import ScriptError
from scripts.errors import UsageError

_NAMED = 10


class SitingError(ScriptError):
    """Base class of what the location models refuse."""


class InvalidInputError(SitingError, UsageError):
    """An argument is not what the model needs."""


class InvalidCostError(InvalidInputError):
    """The cost matrix has a wrong shape, NaN or negative entries."""


class InvalidWeightsError(InvalidInputError):
    """The weights have a wrong shape, or are NaN, infinite or negative."""


class InvalidLimitError(InvalidInputError):
    """A limit, a share, a busy fraction or a time limit is out of range."""


class InvalidCountError(InvalidInputError):
    """So many sites cannot be opened: more than there are, or fewer than already stand."""


class InvalidSitesError(InvalidInputError):
    """Existing, forbidden or closable sites are out of range or contradict each other."""


class InvalidCapacitiesError(InvalidInputError):
    """The capacities have a wrong shape, or are NaN or negative."""


class UnreachableDemandError(SitingError):
    """Some demand is reached from no site that may be opened.

    Attributes
    ----------
    rows
        The rows of the cost matrix, ascending.
    """

    def __init__(self, rows: Sequence[int], within: str = "") -> None:
        self.rows = tuple(rows)
        named = ", ".join(str(row) for row in self.rows[:_NAMED])
        more = f" and {len(self.rows) - _NAMED} more" if len(self.rows) > _NAMED else ""
        super().__init__(
            f"No site that may be opened reaches demand row {named}{more}{within}.",
            mend="Leave these rows out, raise the limit, or add sites.",
        )


class InfeasibleError(SitingError):
    """No choice of sites meets all conditions: this is proven."""


class NotFoundInTimeError(SitingError):
    """Neither an answer nor a proof that there is none was found within the time limit."""
