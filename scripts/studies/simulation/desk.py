"""The simulated desk: discrete events, by SimPy.

An incident is reported; a crew is sent, turns out, drives, works, and drives back to where it
stands. While nobody can be sent incidents wait, the most urgent first, then the oldest; as soon as
a crew is free the desk looks through them. Nothing here is drawn by chance (`scenario.Calls`).
"""

from bisect import insort
from collections.abc import Generator
from collections.abc import Sequence
from typing import Any

import numpy as np
import simpy

from dispatch.crews.states import Duty
from dispatch.sending.policy import skill_gap
from scripts.studies.simulation.choosing import Choosing
from scripts.studies.simulation.crew_state import CrewState
from scripts.studies.simulation.crew_state import Leg
from scripts.studies.simulation.crew_state import Position
from scripts.studies.simulation.crew_state import joined
from scripts.studies.simulation.crew_state import on_duty_at
from scripts.studies.simulation.crew_state import travel_s
from scripts.studies.simulation.journal import Drive
from scripts.studies.simulation.journal import Happening
from scripts.studies.simulation.journal import Journal
from scripts.studies.simulation.outcome import Outcome
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import Choice
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import IdleCrews
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import TravelTable

_BEGINS, _ENDS, _PAUSE = "begins", "ends", "pause"
Process = Generator[simpy.Event, Any, None]


def simulate(
    table: TravelTable,
    crews: Sequence[SimulatedCrew],
    calls: Calls,
    rule: DispatchRule,
    *,
    journal: Journal | None = None,
) -> Outcome:
    """Return what becomes of some calls under a rule; ends when the last of them is done.

    The same arguments give the same outcome, to the bit. Memory: the table, and some numbers a
    call. Some hundred microseconds a call with 50 crews.

    Parameters
    ----------
    table
        Travel times between the places of crews and calls.
    crews
        Who can be sent. For several crews at a post, name it several times.
    calls
        What happens.
    rule
        By which rule crews are sent, and where idle ones stand.
    journal
        Everything that happens is written into it, for a replay.

    Raises
    ------
    ValueError
        If there is no crew, or the grab is to be simulated and `Calls.answer_s` is missing.
    """
    if not crews:
        message = "a simulation needs a crew"
        raise ValueError(message)
    if rule.choice is Choice.GRAB and calls.answer_s is None:
        message = "for the grab, calls need answer_s: how soon each crew answers"
        raise ValueError(message)
    return _Desk(table, crews, calls, rule, journal).run()


class _Desk:
    """One run."""

    def __init__(
        self,
        table: TravelTable,
        crews: Sequence[SimulatedCrew],
        calls: Calls,
        rule: DispatchRule,
        journal: Journal | None,
    ) -> None:
        self._table = table
        self._calls = calls
        self._rule = rule
        self._journal = journal
        self._clock = simpy.Environment()
        self._choosing = Choosing(table, calls)
        self._crews = [
            CrewState(number, crew, crew.post, crew.post, on_duty=on_duty_at(crew, 0.0))
            for number, crew in enumerate(crews)
        ]
        self._kinds = calls.kind.tolist()
        self._able = [
            {
                number
                for number, crew in enumerate(crews)
                if skill_gap(needed, crew.skills, unrecorded_suffice=False) is None
            }
            for needed in calls.needs
        ]
        self._waiting: list[tuple[int, int]] = []
        self._collecting = False
        self._moves = 0
        count = len(calls)
        self._crew = np.full(count, -1, dtype=np.int64)
        self._sent_s, self._turnout_s, self._travel_s, self._arrived_s, self._done_s = (
            np.full(count, np.nan) for _ in range(5)
        )

    def run(self) -> Outcome:
        """Let everything happen."""
        for state in self._crews:
            changes = _duty_changes(state.crew)
            if changes:
                self._clock.process(self._duty(state, changes))
        self._clock.process(self._reports())
        self._clock.run()
        return Outcome(
            self._calls,
            self._crew,
            self._sent_s,
            self._turnout_s,
            self._travel_s,
            self._arrived_s,
            self._done_s,
            self._moves,
        )

    # --- What happens ---

    def _reports(self) -> Process:
        priorities = self._calls.priority.tolist()
        for call, reported_s in enumerate(self._calls.reported_s.tolist()):
            if reported_s > self._clock.now:
                yield self._clock.timeout(reported_s - self._clock.now)
            self._note(Happening.REPORTED, call)
            if self._able[self._kinds[call]]:
                insort(self._waiting, (priorities[call], call))
                self._look()

    def _answer(self, state: CrewState, call: int, begin: Position) -> Process:
        """Turn out, drive, work."""
        turnout_s, travel = float(self._turnout_s[call]), float(self._travel_s[call])
        place = int(self._calls.place[call])
        if self._journal is not None:
            yield self._clock.timeout(turnout_s)
            now = self._clock.now
            self._note(Happening.DEPARTED, call, state)
            self._journal.drives.append(Drive(state.number, begin, place, now, now + travel))
            yield self._clock.timeout(travel)
        else:
            yield self._clock.timeout(turnout_s + travel)
        state.place = place
        self._arrived_s[call] = self._clock.now
        self._note(Happening.ARRIVED, call, state)
        yield self._clock.timeout(float(self._calls.work_s[call]))
        self._done_s[call] = self._clock.now
        self._note(Happening.DONE, call, state)
        state.busy = False
        self._become_free(state)

    def _become_free(self, state: CrewState) -> None:
        """Let a crew leave, have its break, take what waits, or go and stand at its post."""
        if state.leaves:
            self._leave(state)
        elif state.break_due_s:
            self._begin_break(state)
        else:
            if self._rule.redirect or state.place == state.stand:
                self._look(at_once=True)
            if state.free:
                self._drive(state, state.stand)
                self._move_up()

    def _duty(self, state: CrewState, changes: Sequence[tuple[float, str, float]]) -> Process:
        for at_s, what, length_s in changes:
            yield self._clock.timeout(at_s - self._clock.now)
            if what == _BEGINS:
                self._come(state)
            elif what == _ENDS:
                state.leaves = True
                if state.on_duty and not state.busy:
                    self._leave(state)
            elif state.on_duty:
                state.break_due_s = length_s
                if state.free:
                    self._begin_break(state)

    def _come(self, state: CrewState) -> None:
        state.leaves = False
        if not state.on_duty:
            state.on_duty = True
            self._note(Happening.DUTY, None, state, Duty.ON_DUTY)
            self._become_free(state)

    def _leave(self, state: CrewState) -> None:
        state.on_duty = state.on_break = state.leaves = state.moved = False
        state.break_due_s = 0.0
        state.stand = state.crew.post
        self._drive(state, state.stand)
        # Whoever comes on duty next finds the vehicle at the post.
        state.leg, state.place = None, state.crew.post
        self._note(Happening.DUTY, None, state, Duty.OFF_DUTY)

    def _begin_break(self, state: CrewState) -> None:
        state.on_break, state.moved, state.stand = True, False, state.crew.post
        state.break_ends_s = self._clock.now + state.break_due_s
        self._drive(state, state.stand)
        self._note(Happening.DUTY, None, state, Duty.ON_BREAK)
        self._clock.process(self._end_break(state, state.break_due_s))
        state.break_due_s = 0.0
        self._move_up()

    def _end_break(self, state: CrewState, length_s: float) -> Process:
        yield self._clock.timeout(length_s)
        # It may have gone off duty meanwhile, and be on another break by now.
        if state.on_break and state.break_ends_s <= self._clock.now:
            state.on_break = False
            state.settle(self._clock.now)
            self._note(Happening.DUTY, None, state, Duty.ON_DUTY)
            self._look(at_once=True)
            if state.free:
                self._move_up()

    # --- What the desk does ---

    def _look(self, *, at_once: bool = False) -> None:
        """Send crews to what waits, as far as there are any.

        Of a batch, what has waited for a crew is matched at once when one becomes free.
        """
        if not self._waiting:
            return
        if self._rule.choice is not Choice.BATCH:
            self._send_waiting()
        elif not self._collecting and at_once:
            self._match()
        elif not self._collecting:
            self._collecting = True
            self._clock.process(self._collect())

    def _send_waiting(self) -> None:
        idle = self._idle()
        able: dict[int, list[CrewState]] = {}
        for item in list(self._waiting):
            if not idle:
                return
            call = item[1]
            kind = self._kinds[call]
            if kind not in able:
                # Much can wait for a skill that nobody idle has: each would be judged at each look.
                able[kind] = [each for each in idle if each.number in self._able[kind]]
            if not able[kind]:
                continue
            if self._rule.choice is Choice.GRAB and self._offer(call, able[kind]):
                self._waiting.remove(item)
                continue
            number = self._one_for(call, able[kind])
            if number is not None:
                self._waiting.remove(item)
                self._send(call, self._crews[number])
                idle, able = self._idle(), {}

    def _one_for(self, call: int, idle: Sequence[CrewState]) -> int | None:
        if self._rule.choice is Choice.NEAREST_LINE:
            return self._choosing.nearest_by_line(call, idle, self._clock.now)
        return self._choosing.recommended(call, idle, self._clock.now)

    def _collect(self) -> Process:
        yield self._clock.timeout(self._rule.batch_s)
        self._collecting = False
        self._match()

    def _match(self) -> None:
        """Match what has come in; what gets nobody waits for the next time."""
        calls, idle = [call for _, call in self._waiting], self._idle()
        if not idle:
            return
        for call, number in zip(
            calls, self._choosing.matched(calls, idle, self._clock.now), strict=True
        ):
            if number is not None:
                self._waiting.remove((int(self._calls.priority[call]), call))
                self._send(call, self._crews[number])

    def _offer(self, call: int, idle: Sequence[CrewState]) -> bool:
        """Ask crews to grab an incident; return whether there is anybody to ask."""
        asked = self._choosing.asked(call, idle, self._clock.now, self._rule.radius_m)
        if not asked or self._calls.answer_s is None:
            return False
        answers = sorted((float(self._calls.answer_s[call, each]), each) for each in asked)
        self._clock.process(self._grab(call, answers))
        return True

    def _grab(self, call: int, answers: Sequence[tuple[float, int]]) -> Process:
        """Send the first to answer who is still idle then; if nobody is, it waits again."""
        asked_s = self._clock.now
        for answer_s, number in answers:
            yield self._clock.timeout(max(asked_s + answer_s - self._clock.now, 0.0))
            state = self._crews[number]
            if any(state is each for each in self._idle()):
                self._send(call, state)
                return
        insort(self._waiting, (int(self._calls.priority[call]), call))
        self._look()

    def _send(self, call: int, state: CrewState) -> None:
        now = self._clock.now
        state.settle(now)
        position = state.position(now)
        share = 1.0 if state.leg is None else self._rule.turnout_on_road
        drive_s = travel_s(position, int(self._calls.place[call]), self._table.at(now))
        self._crew[call] = state.number
        self._sent_s[call] = now
        self._turnout_s[call] = share * self._calls.turnout_s[call]
        self._travel_s[call] = drive_s * self._calls.drive_factor[call]
        sent_from = state.nearest_place(now)
        state.busy, state.moved, state.stand = True, False, state.crew.post
        state.leg = None
        state.count_order(now)
        self._note(Happening.SENT, call, state)
        self._clock.process(self._answer(state, call, position))
        self._move_up(state.number, sent_from)

    def _move_up(self, sent: int | None = None, sent_from: int | None = None) -> None:
        if self._rule.move_up is None:
            return
        seen = self._seen(sent, sent_from)
        for number, place in self._rule.move_up(seen).items():
            state = self._crews[number]
            if not state.free or state.stand == place:
                continue
            self._moves += place != state.crew.post
            state.moved, state.stand = place != state.crew.post, place
            self._drive(state, place)

    def _seen(self, sent: int | None, sent_from: int | None) -> IdleCrews:
        now = self._clock.now
        free = [each for each in self._crews if each.free]
        for each in free:
            each.settle(now)
        return IdleCrews(
            now_s=now,
            crew=np.array([each.number for each in free], dtype=np.int64),
            place=np.array([each.nearest_place(now) for each in free], dtype=np.int64),
            stand=np.array([each.stand for each in free], dtype=np.int64),
            post=np.array([each.crew.post for each in free], dtype=np.int64),
            moved=np.array([each.moved for each in free], dtype=np.bool_),
            times_s=self._table.at(now),
            sent=sent,
            sent_from=sent_from,
        )

    def _drive(self, state: CrewState, to: int) -> None:
        """Let a crew drive to where it is to stand."""
        now = self._clock.now
        state.settle(now)
        begin = state.position(now)
        lasts_s = travel_s(begin, to, self._table.at(now))
        if not 0.0 < lasts_s < np.inf:
            # Where no road leads back (a closure, a one-way corner) it is taken to be there.
            state.leg, state.place = None, to
            return
        state.leg = Leg(begin, to, now, lasts_s)
        if self._journal is not None:
            self._journal.drives.append(Drive(state.number, begin, to, now, now + lasts_s))
        if not self._rule.redirect:
            self._clock.process(self._return(state, state.leg))

    def _return(self, state: CrewState, leg: Leg) -> Process:
        yield self._clock.timeout(leg.lasts_s)
        if state.leg is leg:
            state.place, state.leg = leg.to, None
            if state.free:
                self._look()

    def _idle(self) -> list[CrewState]:
        """Return the crews that can be sent now."""
        now = self._clock.now
        idle = [each for each in self._crews if each.free]
        for each in idle:
            each.settle(now)
        if self._rule.redirect:
            return idle
        return [each for each in idle if each.leg is None]

    def _note(
        self,
        what: Happening,
        call: int | None,
        state: CrewState | None = None,
        duty: Duty | None = None,
    ) -> None:
        if self._journal is not None:
            crew = None if state is None else state.number
            self._journal.note(self._clock.now, what, call, crew, duty)


def _duty_changes(crew: SimulatedCrew) -> list[tuple[float, str, float]]:
    """Return when a crew's duty changes, how, and the length of a break."""
    changes: list[tuple[float, str, float]] = []
    for begins, ends in joined(crew.shifts_s):
        changes += [(begins, _BEGINS, 0.0), (ends, _ENDS, 0.0)]
    changes += [(begins, _PAUSE, ends - begins) for begins, ends in joined(crew.breaks_s)]
    return sorted((each for each in changes if each[0] > 0.0), key=lambda each: each[0])
