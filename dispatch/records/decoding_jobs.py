"""The job that decodes a photo: what it is called, and how it is put in."""

from sqlalchemy.orm import Session

from dispatch.jobs.queue import JobQueue

RECORDS = "records"
DECODE_PHOTO = f"{RECORDS}:decode_photo"
TAKE_UP_WAITING = f"{RECORDS}:take_up_waiting_photos"


def defer_decoding(
    jobs: JobQueue, session: Session, photo_id: int, account_id: int | None
) -> int | None:
    """Have a photo decoded once the transaction is committed; None if it waits for that already.

    The photos of one account are decoded one after the other: whoever sends the worst pictures
    there are holds up no others but their own.
    """
    return jobs.defer(
        session,
        DECODE_PHOTO,
        lock=f"photos of account {account_id or 0}",
        once=f"photo {photo_id}",
        photo_id=photo_id,
    )
