"""Whoever ends is started again: at once after a long life, later and later after short ones."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule

from scripts.serving.restarts import BackOff
from scripts.serving.restarts import ChildState

RULES = BackOff(stable_after_s=10.0, pauses_s=(0.5, 1.0, 2.0), troubled_after=3)


def test_one_that_has_lived_long_is_started_again_at_once() -> None:
    """Killed after ten seconds or ten days: nothing is wrong with it."""
    state = ChildState(RULES)
    state.started(100.0)

    begins = state.ended(110.0)

    assert not begins
    assert state.is_due(110.0)


def test_pauses_grow_while_it_ends_soon_after_each_start() -> None:
    """A half, one, two and then always two seconds, as the rules above say."""
    state = ChildState(RULES)
    now_s, pauses_s = 0.0, []
    for _ in range(5):
        state.started(now_s)
        now_s += 1.0
        state.ended(now_s)
        pauses_s.append(state.due_at_s - now_s)
        now_s = state.due_at_s

    assert pauses_s == [0.5, 1.0, 2.0, 2.0, 2.0]


def test_a_start_that_fails_counts_as_a_quick_end() -> None:
    """A program that is missing is not looked for twenty times a second."""
    state = ChildState(RULES)

    state.ended(5.0)

    assert not state.is_due(5.4)
    assert state.is_due(5.5)


class Life(RuleBasedStateMachine):
    """A child that lives and dies as it likes, and a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.state = ChildState(RULES)
        self.born_s: float | None = None
        self.short_lives = 0
        self.in_trouble = False

    @rule(seconds=st.floats(0.0, 40.0))
    def time_passes(self, seconds: float) -> None:
        """Let the clock go on, and look whether the child runs."""
        self.now_s += seconds
        if self.born_s is None:
            return
        is_over = self.state.runs(self.now_s)
        if self.now_s - self.born_s >= RULES.stable_after_s:
            assert is_over == self.in_trouble
            self.in_trouble = False
            self.short_lives = 0
        else:
            assert not is_over

    @precondition(lambda self: self.born_s is None)
    @rule()
    def is_started(self) -> None:
        """Start it when it is due, and not before."""
        self.now_s = max(self.now_s, self.state.due_at_s)
        assert self.state.is_due(self.now_s)
        self.state.started(self.now_s)
        self.born_s = self.now_s

    @precondition(lambda self: self.born_s is not None)
    @rule(lived_s=st.floats(0.0, 20.0))
    def ends(self, lived_s: float) -> None:
        """Let it end after a life, seen or unseen."""
        assert self.born_s is not None
        self.now_s = max(self.now_s, self.born_s + lived_s)
        short = self.now_s - self.born_s < RULES.stable_after_s
        self.short_lives = self.short_lives + 1 if short else 0
        begins = self.state.ended(self.now_s)
        self.born_s = None
        assert begins == (self.short_lives == RULES.troubled_after)
        self.in_trouble = self.short_lives >= RULES.troubled_after
        if not short:
            assert self.state.is_due(self.now_s)

    @invariant()
    def waits_never_longer_than_the_longest_pause(self) -> None:
        """And is never due while it runs."""
        if self.born_s is None:
            assert self.state.due_at_s <= self.now_s + max(RULES.pauses_s)
        else:
            assert not self.state.is_due(self.now_s)

    @invariant()
    def is_troubled_after_so_many_short_lives_in_a_row(self) -> None:
        """Neither earlier nor later."""
        assert self.state.is_troubled == self.in_trouble


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
