"""A simulated period in the form that the replay page plays (`dispatch.replay.types`).

States are folded from events by the desk's own code (`dispatch.replay.frames`), so that a simulated
crew looks like a real one. The file says that it is simulated, and the page says so too.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from typing import Final

import numpy as np

from dispatch.board.types import EventAnswer
from dispatch.core.instants import instant
from dispatch.crews.states import Duty
from dispatch.events.kinds import EventKind
from dispatch.outcomes.states import Effect
from dispatch.replay.frames import Frame
from dispatch.replay.frames import LogEntry
from dispatch.replay.frames import Moment
from dispatch.replay.frames import crew_frames
from dispatch.replay.frames import incident_frames
from dispatch.replay.types import PastIncident
from dispatch.replay.types import ReplayAnswer
from dispatch.replay.types import ReplayCrew
from dispatch.replay.types import ReplayIncident
from routing.router import Router
from scripts.errors import UsageError
from scripts.studies.simulation.crew_state import on_duty_at
from scripts.studies.simulation.desk import simulate
from scripts.studies.simulation.findings.traced_drives import track_of
from scripts.studies.simulation.journal import Drive
from scripts.studies.simulation.journal import Entry
from scripts.studies.simulation.journal import Happening
from scripts.studies.simulation.journal import Journal
from scripts.studies.simulation.outcome import Outcome
from scripts.studies.simulation.study import SimulationStudy

FORMAT: Final = "nearcrew-replay-1"
_HOUR_S: Final = 3_600.0
_STEPS: Final = {
    Happening.REPORTED: (EventKind.INCIDENT_CREATED,),
    Happening.SENT: (EventKind.ASSIGNMENT_OFFERED, EventKind.ASSIGNMENT_ACCEPTED),
    Happening.DEPARTED: (EventKind.ASSIGNMENT_DEPARTED,),
    Happening.ARRIVED: (EventKind.ASSIGNMENT_ARRIVED,),
    Happening.DONE: (EventKind.ASSIGNMENT_COMPLETED, EventKind.INCIDENT_CLOSED),
    Happening.DUTY: (EventKind.CREW_DUTY_CHANGED,),
}
_OF_CREW: Final = frozenset({"assignment", "crew"})


def write_trace(
    study: SimulationStudy, router: Router, file: Path, *, from_h: float, hours: float
) -> None:
    """Write a part of the first replication, under the first rule, for the replay page.

    Parameters
    ----------
    from_h, hours
        Which part, hours of the replication.

    Raises
    ------
    UsageError
        If nothing of it lies in the replication, or the file cannot be written.
    """
    answer = traced(study, router, from_h=from_h, hours=hours)
    text = json.dumps(
        {"format": FORMAT, "simulated": True, "rule": study.rules[0].name, "replay": answer},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}."
        raise UsageError(message, mend="--trace FILE.json") from error


def traced(study: SimulationStudy, router: Router, *, from_h: float, hours: float) -> ReplayAnswer:
    """Return a part of the first replication as a replay of the board."""
    length_h = study.drawing.hours
    if from_h >= length_h:
        message = f"The replication has {length_h} hours; the trace would begin at {from_h:g}."
        raise UsageError(message, mend="--trace-from HOUR")
    window_s = from_h * _HOUR_S, min(from_h + hours, length_h) * _HOUR_S
    own = np.random.SeedSequence(study.wanted.seed).spawn(1)[0]
    draw = study.drawing.as_logged if study.wanted.as_logged else study.drawing
    journal = Journal()
    outcome = simulate(
        study.table, study.comparison.crews, draw(own), study.rules[0], journal=journal
    )
    begin = study.drawing.begin
    try:
        if study.wanted.closures:
            # Drives are drawn around what is closed as the trace begins.
            router.set_closures(study.wanted.closures, begin + timedelta(seconds=window_s[0]))
        return _Trace(study, outcome, journal, window_s).answer(router)
    finally:
        if study.wanted.closures:
            router.set_closures([], begin)


@dataclass(frozen=True, slots=True)
class _Trace:
    study: SimulationStudy
    outcome: Outcome
    journal: Journal
    window_s: tuple[float, float]

    def answer(self, router: Router) -> ReplayAnswer:
        """Return everything that the page draws."""
        since_s, until_s = self.window_s
        entries = self._entries()
        since, until = self._at(since_s), self._at(until_s)
        shown = [each for each in entries if since < each.at <= until]
        return {
            "server_time": instant(until),
            "about": {"kind": "board", "id": None},
            "from": instant(since),
            "to": instant(until),
            "incidents": self._incidents(entries, since),
            "crews": self._crews(entries, since, router),
            "events": [_event(each, self.study.rules[0].name) for each in shown],
            "decisions": [],
            "photos": [],
            "thinning": {"every_s": None, "tolerance_m": 0.0},
        }

    def _at(self, now_s: float) -> datetime:
        return self.study.drawing.begin + timedelta(seconds=now_s)

    def _entries(self) -> list[LogEntry]:
        """Return all events until the end of the window, numbered as a log."""
        entries: list[LogEntry] = []
        for happened in self.journal.entries:
            if happened.at_s > self.window_s[1]:
                continue
            for kind in _STEPS[happened.what]:
                entries.append(self._entry(len(entries) + 1, kind, happened))
        return entries

    def _entry(self, number: int, kind: EventKind, happened: Entry) -> LogEntry:
        room = kind.value.partition(".")[0]
        call = None if happened.call is None else happened.call + 1
        crew = None if happened.crew is None or room not in _OF_CREW else happened.crew + 1
        order = call if room == "assignment" else None
        data = self._data(kind, happened)
        return LogEntry(number, kind.value, self._at(happened.at_s), order, crew, call, data)

    def _data(self, kind: EventKind, happened: Entry) -> dict[str, Any]:
        if kind is EventKind.INCIDENT_CREATED and happened.call is not None:
            known = dict(self._known(happened.call))
            return {name: known[name] for name in ("kind", "priority", "lon", "lat", "address")}
        if kind is EventKind.ASSIGNMENT_OFFERED:
            return {"rank": 0}
        if kind is EventKind.ASSIGNMENT_COMPLETED:
            return {"outcome_effect": Effect.DONE.value}
        return {"to": happened.duty} if kind is EventKind.CREW_DUTY_CHANGED else {}

    def _known(self, call: int) -> PastIncident:
        calls = self.outcome.calls
        lon, lat = self.study.table.lonlat[int(calls.place[call])].tolist()
        done_s = float(self.outcome.done_s[call])
        closed = not np.isnan(done_s) and done_s <= self.window_s[1]
        return {
            "id": call + 1,
            "kind": calls.kinds[int(calls.kind[call])],
            "utility": "",
            "priority": int(calls.priority[call]),
            "address": "",
            "lon": lon,
            "lat": lat,
            "reported_at": instant(self._at(float(calls.reported_s[call]))),
            "closed_at": instant(self._at(done_s)) if closed else None,
        }

    def _incidents(self, entries: Sequence[LogEntry], since: datetime) -> list[ReplayIncident]:
        own: dict[int, list[LogEntry]] = {}
        for each in entries:
            if each.incident_id is not None:
                own.setdefault(each.incident_id, []).append(each)
        found: list[ReplayIncident] = []
        for number, story in sorted(own.items()):
            if story[-1].kind == EventKind.INCIDENT_CLOSED and story[-1].at <= since:
                continue
            known = self._known(number - 1)
            frames = _shown(incident_frames(story, known), since)
            found.append(
                {
                    **known,
                    "frames": [
                        {"at": instant(each.at), "event_id": each.event_id, **each.value}
                        for each in frames
                    ],
                }
            )
        return found

    def _crews(
        self, entries: Sequence[LogEntry], since: datetime, router: Router
    ) -> list[ReplayCrew]:
        own: dict[int, list[LogEntry]] = {}
        for each in entries:
            if each.crew_id is not None:
                own.setdefault(each.crew_id, []).append(each)
        drives: dict[int, list[Drive]] = {}
        for drive in self.journal.drives:
            drives.setdefault(drive.crew, []).append(drive)
        lonlat = self.study.table.lonlat
        found: list[ReplayCrew] = []
        for number, crew in enumerate(self.study.comparison.crews):
            duty = Duty.ON_DUTY if on_duty_at(crew, 0.0) else Duty.OFF_DUTY
            frames = crew_frames(own.get(number + 1, []), duty, since)
            driven = sorted(drives.get(number, []), key=lambda each: each.began_s)
            points = track_of(driven, lonlat[crew.post], lonlat, router, self.window_s)
            found.append(
                {
                    "id": number + 1,
                    "name": crew.name,
                    "station_name": None,
                    "skills": sorted(crew.skills),
                    "frames": [
                        {"at": instant(each.at), "event_id": each.event_id, **each.value}
                        for each in frames
                    ],
                    "track": {"fixes": len(points), "points": len(points), "segments": [points]},
                }
            )
        return found


def _shown(frames: list[Frame[Moment]], since: datetime) -> list[Frame[Moment]]:
    """Return the last frame before a period, and those in it."""
    before = sum(frame.at <= since for frame in frames)
    return frames[max(before - 1, 0) :]


def _event(entry: LogEntry, rule: str) -> EventAnswer:
    at = instant(entry.at)
    return {
        "id": entry.id,
        "kind": entry.kind,
        "at": at,
        "occurred_at": at,
        "actor": rule,
        "incident_id": entry.incident_id,
        "assignment_id": entry.assignment_id,
        "crew_id": entry.crew_id,
        "data": dict(entry.data),
    }
