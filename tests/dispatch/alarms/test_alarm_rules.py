"""Which alarms there can be, and for how long one may be silent."""

import pytest

from dispatch.alarms.states import ALARM_FACTS
from dispatch.alarms.states import AlarmKind
from dispatch.alarms.states import acknowledged_for_s
from dispatch.alarms.states import can_be


@pytest.mark.parametrize(
    ("kind", "order", "incident", "possible"),
    [
        ("unanswered", "offered", "assigned", True),
        ("unanswered", "accepted", "assigned", False),
        ("unanswered", "offered", "on_scene", True),  # another crew is there, this one still silent
        ("not_set_out", "accepted", "assigned", True),
        ("not_set_out", "en_route", "assigned", False),
        ("refused", "declined", "open", True),
        ("refused", "expired", "open", True),
        ("refused", "declined", "assigned", False),  # somebody else is sent
        ("not_done", "completed", "open", True),
        ("not_done", "completed", "resolved", False),
    ],
)
def test_an_alarm_is_about_an_order_in_a_state(
    kind: str, order: str, incident: str, *, possible: bool
) -> None:
    """It ends with the crew's answer, or as soon as somebody is sent."""
    assert can_be(AlarmKind(kind), order, incident) is possible


def test_every_kind_says_what_it_is_about() -> None:
    """A kind without facts could be acknowledged by nobody."""
    assert set(ALARM_FACTS) == set(AlarmKind)


@pytest.mark.parametrize(
    ("kind", "priority", "seconds"),
    [
        (AlarmKind.UNANSWERED, 1, 120),
        (AlarmKind.UNANSWERED, 4, 120),
        (AlarmKind.NOT_SET_OUT, 3, 120),
        (AlarmKind.REFUSED, 1, 120),
        (AlarmKind.NOT_DONE, 2, 120),
        (AlarmKind.REFUSED, 3, 3_600),  # it was seen, and may be left until the morning
    ],
)
def test_silence_is_short_except_for_what_can_wait(
    kind: AlarmKind, priority: int, seconds: float
) -> None:
    """A crew's answer is always awaited; where nobody is sent the priority decides."""
    assert acknowledged_for_s(kind, priority, 120) == seconds
