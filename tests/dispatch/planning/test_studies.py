"""Studies as jobs: made by a child process with limits, ended on cancel, never left running."""

import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from sqlalchemy import text
from sqlalchemy import update

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.planning import studies as studies_module
from dispatch.planning.models import PlanningStudy
from dispatch.planning.states import MOST_ATTEMPTS
from dispatch.planning.states import DemandKind
from dispatch.planning.states import StudyFailure
from dispatch.planning.states import StudyKind
from dispatch.planning.states import StudyState
from dispatch.planning.study_arguments import command_of
from dispatch.planning.study_folder import StudyFolder
from dispatch.planning.study_inputs import StudyInputs
from dispatch.planning.study_process import StudyLimits
from dispatch.planning.study_running import StudyRunning
from dispatch.planning.types import Conditions
from dispatch.planning.types import Post
from dispatch.planning.types import SaveScenario
from dispatch.planning.types import StartStudy
from dispatch.planning.types import StudyAnswer
from scripts.studies import study_commands
from tests.conftest import SettableClock
from tests.waiting import wait_until

pytestmark = pytest.mark.postgis
At = Callable[[float, float], Post]
WRITES = """
import pathlib, shutil, sys
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
posts = sys.argv[sys.argv.index("--posts") + 1]
print("12.5 % of the demand is reached.")
print("Reading 40 %", file=sys.stderr)
(out / "report.html").write_text("<script>1</script>")
shutil.copy(posts, out / "posts.csv")
"""
"""Stands in for the command, which has tests of its own: takes its arguments, writes its files."""


@pytest.fixture
def running(services: Services, tmp_path: Path) -> Callable[..., StudyRunning]:
    """Return a function that makes who runs studies, with a program in place of the command."""

    def make(program: str, limits: StudyLimits | None = None) -> StudyRunning:
        script = tmp_path / f"program-{time.monotonic_ns()}.py"
        script.write_text(program, encoding="utf-8")
        return StudyRunning(
            services.work,
            services.jobs,
            services.settings,
            services.clock,
            limits,
            command=(sys.executable, str(script)),
        )

    return make


@pytest.fixture
def asked(services: Services, planner: Actor, post: At) -> Callable[[], int]:
    """Return a function that asks for a study of a scenario with one point."""

    def ask() -> int:
        scenario, _ = services.scenarios.save(planner, SaveScenario(name="A", posts=[post(1, 1)]))
        study, _ = services.studies.start(planner, StartStudy(scenario_id=scenario["id"]))
        return study["id"]

    return ask


def of(services: Services, planner: Actor, study_id: int) -> StudyAnswer:
    """Return how a study stands."""
    return services.studies.get(planner, study_id)


def test_a_study_is_put_in_once_made_and_handed_out(
    services: Services, planner: Actor, post: At, running: Callable[..., StudyRunning]
) -> None:
    """Queued with its job in the same transaction; then done, with words and files."""
    scenario, _ = services.scenarios.save(planner, SaveScenario(name="A", posts=[post(1, 1)]))
    wanted = StartStudy(scenario_id=scenario["id"])
    study, _ = services.studies.start(planner, wanted, "key-1")
    again, replayed = services.studies.start(planner, wanted, "key-1")
    with services.work.reading() as session:
        jobs = session.execute(
            text("SELECT args, lock FROM procrastinate_jobs WHERE task_name = 'planning:run_study'")
        ).all()

    running(WRITES).run(study["id"])
    running("raise SystemExit('made twice')").run(study["id"])  # a job may run twice

    done = of(services, planner, study["id"])
    assert (again, replayed, study["state"]) == (study, True, StudyState.QUEUED)
    assert jobs == [({"study_id": study["id"]}, "planning")]
    assert (done["state"], done["said"]) == (StudyState.DONE, "12.5 % of the demand is reached.")
    assert [each["name"] for each in done["files"]] == ["report.html", "posts.csv"]
    posts = services.studies.file(planner, study["id"], "posts.csv").read_text(encoding="utf-8")
    assert posts.splitlines()[0] == "name,lon,lat"
    assert posts.splitlines()[1].startswith("1/1,7.4")
    with zipfile.ZipFile(services.studies.file(planner, study["id"], "study.zip")) as file:
        assert file.namelist() == ["report.html", "posts.csv"]
    for name in ("../said.txt", "said.txt", "nothing"):
        with pytest.raises(NotFound):
            services.studies.file(planner, study["id"], name)


@pytest.mark.parametrize(
    "case",
    [
        ("import sys; sys.exit('posts.csv row 3: no number')", {}, "refused", "row 3"),
        ("1 / 0", {}, "broken", ""),
        ("pass", {}, "broken", ""),
        ("import time; time.sleep(60)", {"wall_s": 0.2}, "too_long", ""),
        ("x = bytearray(900_000_000)", {"memory_bytes": 500_000_000}, "broken", ""),
        (WRITES, {"all_bytes": 10}, "too_large", ""),
    ],
)
def test_a_study_that_fails_says_why(
    services: Services,
    planner: Actor,
    running: Callable[..., StudyRunning],
    asked: Callable[[], int],
    case: tuple[str, dict[str, float], str, str],
) -> None:
    """The command's own refusal in its words; of a fault nothing that only a programmer reads."""
    program, limits, failure, said = case
    study_id = asked()

    running(program, StudyLimits(**{**asdict(StudyLimits()), **limits})).run(study_id)

    failed = of(services, planner, study_id)
    assert (failed["state"], failed["failure"]) == (StudyState.FAILED, failure)
    assert (said in failed["said"]) if said else failed["said"] == ""
    assert failed["files"] == []


def test_cancelling_ends_the_process_and_what_waits_is_not_begun(
    services: Services,
    planner: Actor,
    running: Callable[..., StudyRunning],
    asked: Callable[[], int],
    tmp_path: Path,
) -> None:
    """Within a second of the wish; the process is gone."""
    runs, waits = asked(), asked()
    note = tmp_path / "pid"
    program = (
        f"import os, sys, time; open({str(note)!r}, 'w').write(str(os.getpid()));"
        " print('Searching 30 %', file=sys.stderr, flush=True); time.sleep(60)"
    )
    worker = threading.Thread(target=running(program).run, args=(runs,))
    worker.start()
    wait_until(lambda: of(services, planner, runs)["progress"] == 0.3)
    seen = of(services, planner, runs)

    services.studies.cancel(planner, runs)
    worker.join(5)
    services.studies.cancel(planner, waits)
    running("raise SystemExit('begun')").run(waits)

    assert (seen["state"], seen["progress_words"]) == (StudyState.RUNNING, "Searching 30 %")
    assert not worker.is_alive()
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)
    assert of(services, planner, runs)["state"] == StudyState.CANCELLED
    assert of(services, planner, waits)["state"] == StudyState.CANCELLED
    assert services.studies.remove(planner, runs)["id"] == runs


def test_a_worker_that_dies_takes_the_study_s_process_with_it(tmp_path: Path) -> None:
    """The process is tied to its worker's life, whatever ends that."""
    note = tmp_path / "pid"
    child = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    worker = (
        "import json, os, subprocess, sys, time\n"
        "from dataclasses import asdict\n"
        "from dispatch.planning.study_process import StudyLimits\n"
        "asked = json.dumps({'parent': os.getpid(), 'limits': asdict(StudyLimits())})\n"
        "subprocess.Popen([sys.executable, '-m', 'dispatch.planning.study_process', asked,"
        f" sys.executable, '-c', {child!r}])\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", worker])  # noqa: S603  (the text above)
    wait_until(lambda: note.exists() and note.read_text() != "")
    number = int(note.read_text())

    process.kill()
    process.wait()

    wait_until(lambda: not Path(f"/proc/{number}").exists())


def test_a_study_whose_worker_was_lost_is_taken_up_and_at_last_given_up(
    services: Services,
    planner: Actor,
    clock: SettableClock,
    running: Callable[..., StudyRunning],
    asked: Callable[[], int],
) -> None:
    """Told as lost meanwhile; put in again once a minute; made, or failed when it is too often."""
    made, given_up = asked(), asked()
    with services.work.writing() as session:
        left = {"state": "running", "started_at": clock(), "alive_at": clock()}
        session.execute(update(PlanningStudy).values(attempts=1, **left))
        session.execute(
            update(PlanningStudy).where(PlanningStudy.id == given_up).values(attempts=MOST_ATTEMPTS)
        )
        session.execute(text("DELETE FROM procrastinate_jobs"))
    clock.forward(61)
    lost = of(services, planner, made)["lost"]

    worker = running(WRITES)
    worker.take_up()
    worker.take_up()
    with services.work.reading() as session:
        jobs = session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
    for study_id in (made, given_up):
        worker.run(study_id)

    assert (lost, jobs) == (True, 2)
    assert of(services, planner, made)["state"] == StudyState.DONE
    assert of(services, planner, given_up)["failure"] == StudyFailure.INTERRUPTED


def test_only_so_many_wait_and_only_so_many_are_kept(
    services: Services,
    planner: Actor,
    running: Callable[..., StudyRunning],
    asked: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sixth is refused; of ended ones the oldest go, with their files."""
    monkeypatch.setattr("dispatch.planning.study_running.KEPT", 1)
    numbers = [asked() for _ in range(studies_module.MOST_LIVE)]
    with pytest.raises(Conflict) as refused:
        asked()
    worker = running(WRITES)

    worker.run(numbers[0])
    folder = services.settings.studies_dir / str(numbers[0])
    there = folder.is_dir()
    worker.run(numbers[1])

    assert refused.value.code == "too_many_studies"
    assert (there, folder.exists()) == (True, False)
    left = [each["id"] for each in services.studies.list(planner)["studies"]]
    assert left == list(reversed(numbers[1:]))
    with pytest.raises(Conflict):
        services.studies.remove(planner, numbers[2])


@pytest.mark.parametrize("kind", list(StudyKind))
def test_the_command_knows_every_argument_that_a_study_of_its_kind_is_given(
    kind: StudyKind, tmp_path: Path
) -> None:
    """The words are read by the command's own parser, which refuses what it does not know."""
    place = {"name": "A", "lon": 7.4, "lat": 43.7}
    conditions = Conditions(demand=DemandKind.INCIDENTS, hour_of_week=31)
    area = {"type": "Polygon", "coordinates": [[[7, 43], [8, 43], [8, 44], [7, 43]]]}
    feature = {"type": "Feature", "properties": {"name": "West"}, "geometry": area}
    at = datetime(2026, 3, 3, 7, tzinfo=ZoneInfo("Asia/Shanghai"))
    inputs = StudyInputs([place], conditions, [[7.4, 43.7]], [feature], [feature], 1, at)
    folder = StudyFolder(tmp_path, 1, 1)
    folder.prepare()

    name, *words = command_of(kind, inputs, folder, "speeds.json")

    group: Any = typer.main.get_command(study_commands.app)
    context = group.commands[name].make_context(name, list(words))
    assert context.params["out"] is not None
    assert str(context.params["at"]).startswith("2026-03-03")
    read = [each for each in words if each.startswith("in/")]
    assert read
    assert all((folder.path / each).is_file() for each in read)
