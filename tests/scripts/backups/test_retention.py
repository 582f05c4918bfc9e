"""Which nightly backups are kept."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

from scripts.backups.retention import kept

NOW = datetime(2026, 6, 30, 2, 40, tzinfo=UTC)  # a Tuesday


def _nights(count: int) -> list[datetime]:
    return [NOW - timedelta(days=number) for number in range(count)]


def test_of_a_year_of_nights_days_stay_and_then_sundays() -> None:
    """Seven days, 24 to 30 June; of the weeks before, each one's last night, a Sunday.

    Four weeks back begins on 2 June at 02:40: 21, 14 and 7 June are in them, 31 May is not.
    """
    stay = kept(_nights(365), NOW, days=7, weeks=4)

    days = {datetime(2026, 6, day, 2, 40, tzinfo=UTC) for day in range(24, 31)}
    sundays = {datetime(2026, 6, day, 2, 40, tzinfo=UTC) for day in (21, 14, 7)}
    assert stay == days | sundays


def test_of_several_on_one_day_the_newest_stays() -> None:
    """Somebody made one by hand before an upgrade."""
    evening = NOW - timedelta(hours=28)
    morning = evening - timedelta(hours=10)

    assert kept([morning, evening, NOW], NOW, days=7, weeks=1) == {evening, NOW}


def test_the_newest_stays_however_old_it_is() -> None:
    """A server that was off for a year, or whose clock was wrong, keeps what there is."""
    old, later = NOW - timedelta(days=400), NOW + timedelta(days=3)

    assert kept([old], NOW, days=7, weeks=4) == {old}
    assert kept([old, later], NOW, days=7, weeks=4) == {later}
    assert kept([], NOW, days=7, weeks=4) == set()
