"""What of a changed incident a crew must be told. Pure."""

from dispatch.notices.states import differences


def test_only_what_became_another_is_told_the_most_urgent_first() -> None:
    """A form sends every field; three of these are as they were."""
    old = {
        "description": "smell",
        "address": "Rue A",
        "kind": "gas_leak",
        "priority": 3,
        "place": (7.42, 43.73),
    }
    new = {
        **old,
        "description": "smell; DANGER: dog",
        "priority": 1,
        "place": (7.4200000001, 43.73),
    }

    assert differences(old, new) == [
        {"field": "priority", "old": 3, "new": 1},
        {"field": "description", "old": "smell", "new": "smell; DANGER: dog"},
    ]


def test_a_moved_pin_is_told_and_what_is_not_named_stays() -> None:
    """By a millionth of a degree, a decimetre, it has not moved."""
    old = {"place": (7.42, 43.73), "address": "Rue A"}

    assert differences(old, {"place": (7.43, 43.73)}) == [
        {"field": "place", "old": (7.42, 43.73), "new": (7.43, 43.73)}
    ]
