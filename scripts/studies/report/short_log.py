"""Whether a log of past incidents is long enough to tell the days of a week apart."""

from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from datetime import tzinfo

from scripts.studies.report.text import Text

_DAYS_A_WEEK = 7


def short_log_words(at: Sequence[datetime] | None, zone: tzinfo = UTC) -> list[Text]:
    """Return a warning if the incidents lie on fewer calendar days than a week has.

    Days are counted from the first incident to the last, both included, in a time zone. A log
    from Monday to Sunday has seven. Nothing is said of incidents whose time nobody knows.
    """
    if not at:
        return []
    first, last = min(at).astimezone(zone).date(), max(at).astimezone(zone).date()
    days = (last - first).days + 1
    if days >= _DAYS_A_WEEK:
        return []
    counted = f"{days} {'day' if days == 1 else 'days'}"
    return [
        Text(
            f"Caution: the log of incidents covers {counted}, {first} to {last}, less than a week. "
            "Days of the week that are not in it count as those that are.",
            f"注意：险情记录仅覆盖 {days} 天（{first} 至 {last}），不足一周；"
            "记录中没有的星期几按已有的日子计算。",
        )
    ]
