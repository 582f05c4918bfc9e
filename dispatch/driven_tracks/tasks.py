"""Making tracks as jobs: what they are called and when they run."""

from procrastinate import Blueprint

from dispatch.driven_tracks.matching import TrackMaking

DRIVEN_TRACKS = "driven_tracks"
MAKE_TRACKS = f"{DRIVEN_TRACKS}:make"


def track_tasks(making: TrackMaking) -> Blueprint:
    """Return the tasks: tracks are made every ten minutes, and forgotten once an hour."""
    tasks = Blueprint()

    @tasks.periodic(cron="3-53/10 * * * *")
    @tasks.task(name="make", queueing_lock=MAKE_TRACKS, lock=MAKE_TRACKS)
    def make(timestamp: int) -> None:  # noqa: ARG001  (when it was due; it does not matter)
        making.make()

    @tasks.periodic(cron="37 * * * *")
    @tasks.task(name="forget", queueing_lock=f"{DRIVEN_TRACKS}:forget")
    def forget(timestamp: int) -> None:  # noqa: ARG001
        making.forget()

    return tasks
