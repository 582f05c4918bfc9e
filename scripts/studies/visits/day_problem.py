"""The visits and crews of a day as a problem of PyVRP.

Skills and fixed crews are one routing profile for each set of crews, in which edges into forbidden
visits take longer than any shift; breaks are visits that only their crew can make, at a place,
since a place without distances would let crews jump across the city; an open end is a place at no
distance from all; several windows are visits of which at most one is made.
"""

from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np
import pyvrp

from scripts.studies.inputs.points import IntArray
from scripts.studies.visits.appointments import LOWEST_PRIORITY
from scripts.studies.visits.appointments import Break
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.appointments import Window
from scripts.studies.visits.day_times import DayTimes
from scripts.studies.visits.scheduling import Task

PRIZE_S = 100_000
"""What dropping a visit of the lowest priority costs; each priority above costs twice as much.

More driving than any shift holds: no visit is dropped to save fuel.
"""
_FORBIDDEN_S = 10_000_000


class DayProblem:
    """The visits and crews as PyVRP takes them: everything by number, in whole seconds."""

    def __init__(
        self,
        visits: Sequence[Visit],
        crews: Sequence[Crew],
        pauses: Mapping[str, Break | None],
        times: DayTimes,
    ) -> None:
        self._visits, self._crews = visits, crews
        self._pauses = [(crew.name, pause) for crew in crews if (pause := pauses.get(crew.name))]
        starts = [crew.start for crew in crews]
        ends = [crew.start if crew.end is None else crew.end for crew in crews]
        places: list[LonLat] = [
            *(visit.lonlat for visit in visits),
            *(pause.lonlat for _, pause in self._pauses),
            *starts,
            *ends,
        ]
        drive_s = times.table_s(places)
        # Rounded up: what is planned in whole seconds can be driven.
        whole_s = np.where(np.isfinite(drive_s), np.ceil(drive_s), _FORBIDDEN_S).astype(np.int64)
        self._first_start = len(visits) + len(self._pauses)
        ends_open = [crew.end is None for crew in crews]
        whole_s[:, self._first_start + len(crews) :][:, ends_open] = 0
        np.fill_diagonal(whole_s, 0)
        self._drive_s = whole_s
        self._tasks: list[Task] = []

    def model(self, *, may_drop: bool) -> pyvrp.ProblemData:
        """Return the problem, with leave to drop visits at a price or without."""
        self._tasks.clear()
        clients, groups = self._clients(may_drop=may_drop)
        profile_of, matrices = self._matrices()
        depots = [pyvrp.Depot(self._first_start + number) for number in range(2 * len(self._crews))]
        vehicles = [
            pyvrp.VehicleType(
                num_available=1,
                start_depot=number,
                end_depot=len(self._crews) + number,
                tw_early=crew.free_s,
                tw_late=crew.until_s,
                # The "distance" is driving time: waiting costs nothing.
                unit_distance_cost=1,
                profile=profile_of[number],
                name=crew.name,
            )
            for number, crew in enumerate(self._crews)
        ]
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in range(len(self._drive_s))],
            clients=clients,
            depots=depots,
            vehicle_types=vehicles,
            distance_matrices=matrices,  # type: ignore[arg-type] # its stub has a shape for a type
            duration_matrices=matrices,  # type: ignore[arg-type] # the same
            groups=groups,
        )

    def orders(self, solution: pyvrp.Solution) -> dict[str, list[Task]]:
        """Return what each crew does, in its order."""
        return {
            self._crews[route.vehicle_type()].name: [
                self._tasks[one.idx] for one in route.schedule() if one.is_client()
            ]
            for route in solution.routes()
        }

    def _clients(self, *, may_drop: bool) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup]]:
        clients: list[pyvrp.Client] = []
        groups: list[pyvrp.ClientGroup] = []
        for location, visit in enumerate(self._visits):
            several = len(visit.windows) > 1
            group = len(groups) if several else None
            if several:
                numbers = [len(clients) + one for one in range(len(visit.windows))]
                groups.append(pyvrp.ClientGroup(numbers, required=not may_drop))
            prize = PRIZE_S << (LOWEST_PRIORITY - visit.priority) if may_drop else 0
            for window in visit.windows:
                task = Task(visit.name, visit.lonlat, visit.duration_s, window)
                required = not may_drop and not several
                clients.append(_client(location, task, prize, group, required=required))
                self._tasks.append(task)
        for number, (_, pause) in enumerate(self._pauses):
            window = Window(pause.from_s, pause.until_s - pause.duration_s)
            task = Task(None, pause.lonlat, pause.duration_s, window)
            clients.append(_client(len(self._visits) + number, task, 0, None, required=True))
            self._tasks.append(task)
        return clients, groups

    def _matrices(self) -> tuple[list[int], list[IntArray]]:
        """Return the profile of each crew, and the driving times of each profile.

        Crews that may make the same visits share one: each is as large as the square of all places.
        """
        profile_of: list[int] = []
        profiles: dict[tuple[bool, ...], int] = {}
        matrices: list[IntArray] = []
        for crew in self._crews:
            forbidden = tuple(
                [not crew.may_do(visit) for visit in self._visits]
                + [name != crew.name for name, _ in self._pauses]
            )
            if forbidden not in profiles:
                profiles[forbidden] = len(matrices)
                drive_s = self._drive_s.copy()
                drive_s[:, : self._first_start][:, list(forbidden)] = _FORBIDDEN_S
                np.fill_diagonal(drive_s, 0)
                matrices.append(drive_s)
            profile_of.append(profiles[forbidden])
        return profile_of, matrices


def _client(
    location: int, task: Task, prize: int, group: int | None, *, required: bool
) -> pyvrp.Client:
    return pyvrp.Client(
        location,
        service_duration=task.duration_s,
        tw_early=max(task.window.from_s, 0),
        tw_late=task.window.until_s,
        prize=prize,
        required=required,
        group=group,
    )
