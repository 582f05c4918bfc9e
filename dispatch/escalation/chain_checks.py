"""Whether the steps of a chain make sense together: no order may wait without end. Pure."""

from collections.abc import Sequence

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.escalation.states import ALLOWED
from dispatch.escalation.states import AT_THE_CREW
from dispatch.escalation.states import StepAction
from dispatch.escalation.states import Waiting
from dispatch.escalation.types import SetChain
from dispatch.escalation.types import SetStep

_CALL_A_PERSON = frozenset({StepAction.NEXT_BEST, StepAction.DESK, StepAction.SUPERVISOR})


def faults(wanted: SetChain) -> list[FieldError]:
    """Return what is wrong with a chain, each with the field that it is wrong in."""
    both = {Waiting.ANSWER: wanted.answer_steps, Waiting.SETTING_OUT: wanted.setting_out_steps}
    found = []
    for waiting, steps in both.items():
        found += _faults(waiting, steps)
    seeks = any(step.action is StepAction.NEXT_BEST for step in wanted.answer_steps)
    if wanted.auto_reoffer and not seeks:
        message = N_("needs a step next_best, at which the next best crew is sent")
        found.append(FieldError("auto_reoffer", message))
    if wanted.auto_reoffer and wanted.rounds == 1:
        message = N_("must be at least 2 with auto_reoffer: each crew that is sent is a round")
        found.append(FieldError("rounds", message))
    return found


def _faults(waiting: Waiting, steps: Sequence[SetStep]) -> list[FieldError]:
    name = f"{waiting.value}_steps"
    found = []
    ended = False
    for place, step in enumerate(steps):
        if step.action not in ALLOWED[waiting]:
            message = N_("is no step of this chain; possible are: %(choices)s")
            choices = ", ".join(each.value for each in StepAction if each in ALLOWED[waiting])
            found.append(FieldError(f"{name}.{place}.action", message, {"choices": choices}))
        elif ended and (step.action in AT_THE_CREW or step.action is StepAction.EXPIRE):
            message = N_("cannot follow a step that has ended the order")
            found.append(FieldError(f"{name}.{place}.action", message))
        ended = ended or step.action is StepAction.EXPIRE
    if not any(step.action in _CALL_A_PERSON for step in steps):
        message = N_("must call somebody at last: add next_best, desk or supervisor")
        found.append(FieldError(name, message))
    return found
