"""A log of incidents that does not hold every day of the week is warned of."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

from scripts.studies.report.short_log import short_log_words

_MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_a_log_of_fewer_than_seven_days_is_warned_of_in_both_languages() -> None:
    """Monday and Wednesday: three days, with the empty Tuesday."""
    said = short_log_words([_MONDAY, _MONDAY + timedelta(days=2)])

    assert len(said) == 1
    assert "covers 3 days, 2026-01-05 to 2026-01-07, less than a week" in said[0].en
    assert "仅覆盖 3 天（2026-01-05 至 2026-01-07），不足一周" in said[0].zh


def test_a_log_from_monday_to_sunday_is_not_warned_of() -> None:
    """Seven calendar days, though less than seven times 24 hours."""
    assert not short_log_words([_MONDAY, _MONDAY + timedelta(days=6)])


def test_days_of_a_log_are_those_of_its_time_zone() -> None:
    """From 8 to 16 o'clock in London is one day, in Shanghai it is midnight already."""
    at = [_MONDAY, _MONDAY + timedelta(hours=8)]

    assert "covers 1 day," in short_log_words(at)[0].en
    assert "covers 2 days," in short_log_words(at, ZoneInfo("Asia/Shanghai"))[0].en


def test_nothing_is_said_of_demand_whose_time_nobody_knows() -> None:
    """Customers are no log."""
    assert not short_log_words(None)
