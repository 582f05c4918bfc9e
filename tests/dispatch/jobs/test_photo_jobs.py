"""Photos and a real worker: decoded as it goes, and never its end."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.records.decoding_jobs import DECODE_PHOTO
from dispatch.records.types import AddPhoto
from dispatch.records.types import PhotoAnswer
from tests.dispatch.jobs.conftest import Trial
from tests.dispatch.jobs.conftest import TrialWorker
from tests.dispatch.jobs.trial_worker import DECODE_TIGHTLY
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import plain_png
from tests.waiting import wait_until

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def test_a_decompression_bomb_is_refused_and_the_worker_goes_on(
    services: Services, dispatcher: Actor, pin: Pin, trial: Trial, standing_worker: TrialWorker
) -> None:
    """Its decoder needs more than it is given; the next photo is shown by the same worker."""
    incident_id = pin(2, 2)["id"]

    def states() -> list[tuple[str, str | None]]:
        photos = services.photos.list(dispatcher, incident_id)["photos"]
        return [(photo["state"], photo["refusal"]) for photo in photos]

    def add(content: bytes) -> PhotoAnswer:
        return services.photos.add(dispatcher, incident_id, AddPhoto(photo=content))[0]

    with standing_worker.standing_still():
        bomb = add(plain_png(3000, 3000))
        trial.execute("DELETE FROM procrastinate_jobs")
        trial.defer(DECODE_TIGHTLY, photo_id=bomb["id"])
    wait_until(lambda: states() == [("refused", "too_costly")])
    add(encoded(drawn()))
    wait_until(lambda: states() == [("refused", "too_costly"), ("shown", None)])

    assert standing_worker.is_running_jobs()
    wait_until(lambda: f"{DECODE_PHOTO} (job" in standing_worker.said())
