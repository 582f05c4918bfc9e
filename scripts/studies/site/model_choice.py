"""The location models by name, and what each is asked on the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from typing import assert_never

from scripts.errors import UsageError
from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray
from scripts.studies.siting import Answer
from scripts.studies.siting import double_standard
from scripts.studies.siting import lscp
from scripts.studies.siting import lscp_b
from scripts.studies.siting import mclp
from scripts.studies.siting import mexclp
from scripts.studies.siting import p_center
from scripts.studies.siting import p_median
from scripts.studies.siting.solving.clock import Watch


class Model(StrEnum):
    """A location model."""

    LSCP = "lscp"
    LSCP_B = "lscp_b"
    MCLP = "mclp"
    P_MEDIAN = "p_median"
    P_CENTER = "p_center"
    DOUBLE_STANDARD = "double_standard"
    MEXCLP = "mexclp"

    @property
    def counts_itself(self) -> bool:
        """Whether it finds the number of sites."""
        return self in {Model.LSCP, Model.LSCP_B}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a model.

    Attributes
    ----------
    limit_s, second_limit_s
        From alarm to arrival.
    count
        Sites (or crews) in all; None where the model finds it.
    alpha
        Of the double standard.
    busy_fraction, workload
        One of both, of expected cover.
    """

    model: Model
    limit_s: float
    count: int | None = None
    second_limit_s: float | None = None
    alpha: float = 0.9
    busy_fraction: float | None = None
    workload: float | None = None
    time_limit_s: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what does not belong together.

        Raises
        ------
        UsageError
            Says which option is missing.
        """
        if not self.model.counts_itself and self.count is None:
            message = f"{self.model} needs to know how many sites."
            raise UsageError(message, mend="--count 5")
        if self.model is Model.DOUBLE_STANDARD and self.second_limit_s is None:
            message = "The double standard needs a second, longer limit."
            raise UsageError(message, mend="--second-minutes 15")
        if self.model is Model.MEXCLP and (self.busy_fraction is None) == (self.workload is None):
            message = "Expected cover needs to know how busy crews are."
            raise UsageError(message, mend="--busy 0.3, or --work-log FILE")


def answer(  # noqa: PLR0911 - one of each model
    question: Question,
    times_s: FloatArray,
    weights: FloatArray,
    *,
    existing: BoolArray,
    forbidden: BoolArray,
    closable: BoolArray,
    watch: Watch | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Return what the model answers; see its own function for the errors.

    Parameters
    ----------
    times_s
        Seconds from alarm to arrival, rows demand, columns sites.
    """
    common: dict[str, Any] = {
        "time_limit_s": question.time_limit_s,
        "existing": existing,
        "forbidden": forbidden,
        "closable": closable,
        "progress": watch,
        "cancelled": cancelled,
    }
    limit_s, count = question.limit_s, question.count or 0
    match question.model:
        case Model.LSCP:
            return lscp(times_s, weights, limit=limit_s, **common)
        case Model.LSCP_B:
            return lscp_b(times_s, weights, limit=limit_s, **common)
        case Model.MCLP:
            return mclp(times_s, weights, limit=limit_s, count=count, **common)
        case Model.P_MEDIAN:
            return p_median(times_s, weights, count=count, **common)
        case Model.P_CENTER:
            return p_center(times_s, weights, count=count, **common)
        case Model.DOUBLE_STANDARD:
            return double_standard(
                times_s,
                weights,
                limit=limit_s,
                second_limit=question.second_limit_s or limit_s,
                alpha=question.alpha,
                count=count,
                **common,
            )
        case Model.MEXCLP:
            return mexclp(
                times_s,
                weights,
                limit=limit_s,
                count=count,
                busy_fraction=question.busy_fraction,
                workload=question.workload,
                **common,
            )
        case _:
            assert_never(question.model)
