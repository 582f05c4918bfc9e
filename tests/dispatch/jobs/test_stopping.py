"""A worker that has to end while a job does not."""

import asyncio
import threading

import pytest

from dispatch.jobs.worker import connect_app
from dispatch.jobs.worker import work_until
from dispatch.settings import Settings
from tests.dispatch.jobs.conftest import Trial
from tests.own_loop import run_to_its_end

pytestmark = pytest.mark.postgis


def test_a_job_that_does_not_end_keeps_nobody_from_stopping(
    trial: Trial, settings: Settings
) -> None:
    """It is left `doing`: the process ends, and another worker takes it up."""
    never, begun = threading.Event(), threading.Event()
    app, stop = connect_app(settings.database_url), asyncio.Event()

    @app.task(name="trial:for_ever", queue="alone")
    def for_ever() -> None:
        begun.set()
        never.wait()

    async def stop_in_the_midst() -> bool:
        working = asyncio.create_task(
            work_until(
                stop, app, why_not_ready=lambda: None, begin=lambda: None, finish_within_s=0.1
            )
        )
        await asyncio.to_thread(begun.wait)
        stop.set()
        try:
            return await working
        finally:
            never.set()

    trial.defer("trial:for_ever")
    all_ended = run_to_its_end(stop_in_the_midst())

    assert not all_ended
    assert trial.jobs() == [("trial:for_ever", "doing")]
