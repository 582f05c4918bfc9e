"""The jobs of planning, for the process that runs them."""

from procrastinate import Blueprint

from dispatch.planning.study_jobs import TAKE_UP
from dispatch.planning.study_running import StudyRunning


def study_tasks(running: StudyRunning) -> Blueprint:
    """Return the tasks, to be added to one app under `study_jobs.PLANNING`."""
    tasks = Blueprint()

    @tasks.task(name="run_study")
    def run_study(study_id: int) -> None:
        running.run(study_id)

    @tasks.periodic(cron="* * * * *")
    @tasks.task(name="take_up_studies", queueing_lock=TAKE_UP)
    def take_up_studies(timestamp: int) -> None:  # noqa: ARG001  (when it was due; it does not matter)
        running.take_up()

    return tasks
