"""What is told is the same in both languages, and says what can be answered."""

import re

import pytest

from dispatch.assignments.states import AssignmentState
from dispatch.deliveries.message_texts import About
from dispatch.deliveries.message_texts import Answering
from dispatch.deliveries.message_texts import answers_to
from dispatch.deliveries.message_texts import message
from dispatch.deliveries.states import DeliveryState
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.states import further
from dispatch.deliveries.states import still_needed

_LEAK = About(1, "Gas leak", "燃气泄漏", "12 Harbour Street", "Gas 1")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("state", [None, *AssignmentState])
def test_every_purpose_is_told_in_either_language(
    purpose: Purpose, state: AssignmentState | None
) -> None:
    """With its digits, and nothing of the other language."""
    for answering, verb in ((Answering.WRITING, "Reply"), (Answering.PRESSING, "Press")):
        english = message(purpose, state, _LEAK, "en", answering)
        chinese = message(purpose, state, _LEAK, "zh", answering)
        assert not _HAN.search(english.text)
        assert english.text.startswith(english.title)
        assert english.text.endswith(".")
        assert f"{verb} 1" in english.text
        assert chinese.text.startswith(chinese.title)
        assert chinese.text.endswith("。")
        assert len(answers_to(purpose, state)) == english.text.count(", 2") + 1
        assert chinese.text.count("2") - 1 == english.text.count(", 2")  # 12 Harbour Street


def test_an_answered_order_is_neither_sent_nor_reminded_of_and_a_supervisor_not_called() -> None:
    """But one that nobody answers, or has declined, still is the supervisor's."""
    accepted, declined = AssignmentState.ACCEPTED, AssignmentState.DECLINED
    asked = AssignmentState.OFFERED

    for purpose in (Purpose.ORDER, Purpose.REMIND, Purpose.OFFER, Purpose.SUPERVISOR):
        assert still_needed(purpose, asked, asked)
        assert not still_needed(purpose, asked, accepted)
    assert still_needed(Purpose.SUPERVISOR, asked, declined)
    assert still_needed(Purpose.SUPERVISOR, declined, AssignmentState.EXPIRED)
    assert not still_needed(Purpose.REMIND, accepted, AssignmentState.EN_ROUTE)
    assert still_needed(Purpose.NOTICE, AssignmentState.WITHDRAWN, AssignmentState.WITHDRAWN)


def test_a_report_moves_a_delivery_on_in_one_direction_only() -> None:
    """Whatever comes in whatever order, it ends at the furthest of what was reported."""
    reached = [DeliveryState.DELIVERED, DeliveryState.RANG, DeliveryState.SEEN]
    reached += [DeliveryState.ANSWERED]
    for index, later in enumerate(reached):
        for earlier in (*reached[:index], DeliveryState.QUEUED, DeliveryState.SENT):
            assert further(earlier, later)
            assert not further(later, earlier)
        for given_up in (DeliveryState.FAILED, DeliveryState.CANCELLED):
            assert further(given_up, later)
        assert not further(later, DeliveryState.FAILED)
