"""A worker that has to end while a job does not."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatch.jobs.worker import connect_app
from dispatch.jobs.worker import work_until
from dispatch.settings import Settings
from tests.dispatch.jobs.conftest import Trial

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
    # In a thread of its own: where a browser is driven, the main thread has a loop that runs.
    with ThreadPoolExecutor(max_workers=1) as thread:
        all_ended = thread.submit(lambda: asyncio.run(stop_in_the_midst())).result()

    assert not all_ended
    assert trial.jobs() == [("trial:for_ever", "doing")]
