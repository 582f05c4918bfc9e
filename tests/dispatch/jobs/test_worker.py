"""Real workers, real processes: jobs are run, once, and also after the worst."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.sending import AT_ONCE
from dispatch.deliveries.types import RingTest
from dispatch.deliveries.types import SetContacts
from dispatch.gateways.types import AddGateway
from dispatch.jobs.stalled_jobs import MOST_ATTEMPTS
from dispatch.jobs.worker import JOBS_AT_ONCE
from tests.conftest import CrewYard
from tests.dispatch.deliveries.receiver import HANG
from tests.dispatch.deliveries.receiver import receiving
from tests.dispatch.jobs.conftest import Trial
from tests.dispatch.jobs.conftest import TrialWorker
from tests.dispatch.jobs.trial_worker import CLOSE_IF_OPEN
from tests.dispatch.jobs.trial_worker import FAIL
from tests.dispatch.jobs.trial_worker import NOTE
from tests.dispatch.jobs.trial_worker import NOTE_AND_WAIT
from tests.dispatch.jobs.trial_worker import SECRET
from tests.waiting import PATIENCE_S
from tests.waiting import wait_until

pytestmark = pytest.mark.postgis


def test_a_committed_job_is_run_and_forgotten(trial: Trial, standing_worker: TrialWorker) -> None:
    """One that ended well leaves no row."""
    job_id = trial.defer(NOTE, name="a")

    wait_until(lambda: trial.names() and not trial.jobs())

    assert trial.names() == ["a"]
    wait_until(lambda: f"{NOTE} (job {job_id}): done" in standing_worker.said())


def test_two_workers_share_the_jobs_and_run_each_once(
    trial: Trial, standing_worker: TrialWorker, second_worker: TrialWorker
) -> None:
    """As many as both can run at a time, so that both must take part."""
    names = [f"job {number}" for number in range(2 * JOBS_AT_ONCE)]

    with trial.gate_closed():
        for name in names:
            trial.defer(NOTE_AND_WAIT, name=name)
        wait_until(lambda: len(trial.notes()) == len(names))
        pids = [pid for _, pid in trial.notes()]
    wait_until(lambda: not trial.jobs())

    assert sorted(trial.names()) == sorted(names + [f"{name}, done" for name in names])
    for worker in (standing_worker, second_worker):
        assert pids.count(worker.process.pid) == JOBS_AT_ONCE


def test_a_worker_that_stood_still_goes_on_beside_the_one_that_took_its_job(
    trial: Trial, standing_worker: TrialWorker, second_worker: TrialWorker
) -> None:
    """A machine that was asleep: the job runs twice, and nobody stumbles over it."""
    with trial.gate_closed():
        with standing_worker.standing_still():
            trial.defer(NOTE_AND_WAIT, name="slow")
            wait_until(lambda: trial.notes() == [("slow", second_worker.process.pid)])
        with second_worker.standing_still():
            wait_until(lambda: len(trial.notes()) == 2)
    wait_until(lambda: len(trial.notes()) == 4 and not trial.jobs())
    with standing_worker.standing_still():
        trial.defer(NOTE, name="next")
        wait_until(lambda: "next" in trial.names())

    both = [standing_worker.process.pid, second_worker.process.pid]
    done = [pid for name, pid in trial.notes() if name == "slow, done"]
    assert sorted(done) == sorted(both)


def test_the_jobs_of_a_killed_worker_are_run_by_another(
    trial: Trial, standing_worker: TrialWorker, second_worker: TrialWorker
) -> None:
    """They would stay `doing` for ever, and what waits behind their locks too.

    Where the same work waits already (the next hour's housekeeping behind this hour's), it is
    done once.
    """
    with standing_worker.standing_still(), trial.gate_closed():
        trial.defer(NOTE_AND_WAIT, lock="order:7", name="first")
        trial.defer(NOTE, lock="order:7", name="behind it")
        trial.defer(NOTE_AND_WAIT, lock="house", once="house", name="this hour")
        wait_until(lambda: sorted(trial.names()) == ["first", "this hour"])
        trial.defer(NOTE, lock="house", once="house", name="next hour")
        second_worker.process.kill()

    wait_until(lambda: not trial.jobs())

    other = standing_worker.process.pid
    after = [name for name, pid in trial.notes() if pid == other]
    assert sorted(after) == ["behind it", "first", "first, done", "next hour"]
    assert after.index("behind it") > after.index("first, done")
    assert "was left by a worker that is gone; it is run again" in standing_worker.said()
    assert "the same job waits already" in standing_worker.said()


def test_a_job_that_runs_twice_acts_once(trial: Trial, standing_worker: TrialWorker) -> None:
    """It looks whether what it was made for still holds."""
    assert standing_worker.is_running_jobs()
    trial.execute("INSERT INTO trial_thing VALUES (1, 'open', 0)")

    for _ in range(2):
        trial.defer(CLOSE_IF_OPEN, thing=1)
    wait_until(lambda: trial.names() == ["closing 1"] * 2)

    with trial.app_engine.connect() as connection:
        row = connection.execute(text("SELECT state, closings FROM trial_thing")).one()
    assert tuple(row) == ("closed", 1)


def test_a_failed_job_is_kept_and_logged_without_personal_data(
    trial: Trial, standing_worker: TrialWorker
) -> None:
    """A refused row stands in the database's message, with the caller's number."""
    job_id = trial.defer(FAIL)

    wait_until(lambda: trial.jobs() == [(FAIL, "failed")])

    wait_until(
        lambda: f"{FAIL} (job {job_id}) failed with IntegrityError" in standing_worker.said()
    )
    assert "trial_worker.py" in standing_worker.said()
    assert SECRET not in standing_worker.said()


def test_a_worker_that_is_asked_to_stop_finishes_its_job_and_takes_no_other(
    trial: Trial, standing_worker: TrialWorker, second_worker: TrialWorker
) -> None:
    """As a service manager or Ctrl-C does."""
    with standing_worker.standing_still():
        with trial.gate_closed():
            trial.defer(NOTE_AND_WAIT, name="last")
            wait_until(lambda: trial.names() == ["last"])
            second_worker.process.terminate()
            wait_until(lambda: "Stopping" in second_worker.said())
            trial.defer(NOTE, name="too late")
        code = second_worker.process.wait(PATIENCE_S)
        done = trial.names()

    assert code == 0
    assert done == ["last", "last, done"]
    wait_until(lambda: trial.names()[-1] == "too late")


def test_a_job_that_takes_each_worker_with_it_is_given_up(
    trial: Trial, standing_worker: TrialWorker
) -> None:
    """Otherwise one bad picture would end all workers, one after the other, for ever."""
    job_id = trial.defer(NOTE, name="deadly", due_at=datetime.now(UTC) + timedelta(days=1))
    left = "UPDATE procrastinate_jobs SET status = 'doing', attempts = :attempts WHERE id = :id"
    trial.execute(left, attempts=MOST_ATTEMPTS - 1, id=job_id)

    wait_until(lambda: trial.jobs() == [(NOTE, "failed")])

    assert trial.names() == []
    assert f"has cost {MOST_ATTEMPTS} workers and is given up" in standing_worker.said()


def test_a_gateway_that_hangs_leaves_the_worker_its_other_jobs(
    services: Services,
    administrator: Actor,
    yard: CrewYard,
    trial: Trial,
    standing_worker: TrialWorker,
) -> None:
    """As many deliveries as it runs jobs, and more: two wait for an answer, the rest for those."""
    crew_ids = [yard.put(f"Crew {number}", 1, 1) for number in range(JOBS_AT_ONCE + 1)]

    def states() -> list[str]:
        with services.work.reading() as session:
            return list(session.scalars(select(Delivery.state)))

    with receiving() as receiver:
        receiver.does = HANG
        wanted = {"name": "Modem", "url": receiver.url, "secret": "x" * 20, "timeout_s": 30.0}
        gateway = services.gateways.add(administrator, AddGateway.model_validate(wanted))
        for crew_id in crew_ids:
            address = {"gateway_id": gateway["id"], "address": f"+{crew_id}"}
            contacts = SetContacts.read({"contacts": [address]})
            services.contacts.set_of_crew(administrator, crew_id, contacts)
            services.deliveries.test_ring(administrator, crew_id, RingTest(channel="gateway"))
        wait_until(lambda: len(receiver.got) == AT_ONCE)
        trial.defer(NOTE, name="other")
        wait_until(lambda: trial.names() == ["other"])
        assert (len(receiver.got), set(states())) == (AT_ONCE, {"queued"})

        receiver.does = 200
        receiver.let_go.set()
        wait_until(lambda: states() == ["sent"] * len(crew_ids))

    assert standing_worker.is_running_jobs()
