"""Studies as jobs: what they are called, and how one is put in."""

from typing import Final

from sqlalchemy.orm import Session

from dispatch.jobs.queue import JobQueue

PLANNING: Final = "planning"
RUN_STUDY: Final = f"{PLANNING}:run_study"
TAKE_UP: Final = f"{PLANNING}:take_up_studies"


def defer_study(jobs: JobQueue, session: Session, study_id: int) -> None:
    """Put a study in, once; studies run one after the other, so that alarms have room beside."""
    jobs.defer(session, RUN_STUDY, once=f"{RUN_STUDY}:{study_id}", lock=PLANNING, study_id=study_id)
