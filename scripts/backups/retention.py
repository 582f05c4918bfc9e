"""Which of the nightly backups are kept. Pure: what there is and the time are told."""

from collections.abc import Collection
from datetime import datetime
from datetime import timedelta


def kept(made_at: Collection[datetime], now: datetime, *, days: int, weeks: int) -> set[datetime]:
    """Return which backups are kept: the newest of each day, then of each week.

    Parameters
    ----------
    made_at
        When each was made, UTC.
    now
        The time; whatever a wrong clock has dated later is kept.
    days, weeks
        For how long: of so many days the newest each, of so many (ISO) weeks the newest each.

    Returns
    -------
    kept
        Never without the newest of all, however old it is.
    """
    if not made_at:
        return set()
    keep = {max(made_at)}
    newest_first = sorted(made_at, reverse=True)
    of_day: dict[object, datetime] = {}
    of_week: dict[object, datetime] = {}
    for each in newest_first:
        of_day.setdefault(each.date(), each)
        of_week.setdefault(each.isocalendar()[:2], each)
    keep |= {each for each in of_day.values() if now - each < timedelta(days=days)}
    keep |= {each for each in of_week.values() if now - each < timedelta(weeks=weeks)}
    return keep | {each for each in made_at if each > now}
