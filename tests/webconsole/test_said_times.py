"""Times as a dispatcher reads them beside a crew."""

import re

from tests.webconsole.desk_scripts import at_the_desk


def test_a_range_is_never_from_a_minute_to_the_same_one() -> None:
    """For every pair of times of up to an hour, on both sides of where minutes round."""
    said = at_the_desk("""
        const { travelTimeRange } = await script("core/format");
        const around = Array.from({ length: 60 }, (_, minute) => minute * 60 + 30);
        const times = around.flatMap((middle) => [middle - 0.6, middle - 0.4, middle + 0.4]);
        return times.flatMap((from) => times.filter((to) => to >= from && to < from + 200)
          .map((to) => travelTimeRange(from, to)));
    """)

    for words in said:
        ends = re.findall(r"\d+", words.replace("1 h ", "1"))
        assert len(set(ends)) == len(ends), words
