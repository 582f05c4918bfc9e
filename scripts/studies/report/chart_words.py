"""Words within charts: drawn in English, shown on the page in the reader's language."""

import re
from collections.abc import Mapping
from collections.abc import Sequence
from html import escape
from html import unescape
from typing import Final

from scripts.studies.report.text import Text

CHINESE: Final[Mapping[str, str]] = {
    "min": "分钟",
    "s": "秒",
    "1/h": "起/小时",
    "% of demand": "占需求（%）",
    "% demand": "占需求（%）",
    "% in time": "按时率（%）",
    "sites": "站点数",
    "site rank": "站点名次",
    "crews": "班组数",
    "hour": "时刻",
    "rank": "名次",
    "lost": "损失（需求）",
    "lost, demand × h": "损失（需求 × 小时）",
    "open": "开放",
    "closed": "封闭",
    "mean": "平均",
    "crews, the busiest first": "班组（从忙到闲）",
    "fitted, min": "拟合值（分钟）",
    "observed, min": "观测值（分钟）",
    "observed": "观测值",
    "exponential": "指数分布",
    "predicted, min": "预计（分钟）",
    "actual, min": "实际（分钟）",
    "actual / predicted": "实际 / 预计",
    "predicted quantile": "预计分位数",
    "share of drives below": "低于该值的行程占比",
    "in use": "当前系数",
    "learned on other days": "其他日期学得的系数",
    "Mo": "周一",
    "Tu": "周二",
    "We": "周三",
    "Th": "周四",
    "Fr": "周五",
    "Sa": "周六",
    "Su": "周日",
}
"""What stands within the charts of all studies; a chart's own words come with it."""
_MINUTES: Final = re.compile(r"([\d.,]+) min")
_TEXT: Final = re.compile(r"<text\b([^>]*)>([^<]*)</text>")


def in_both(svg: str, words: Sequence[Text] = ()) -> str:
    """Return a drawing in which each text that has Chinese words stands in both languages.

    The page hides the language that is not read. The picture file stays English.
    """
    own = {text.en: text.zh for text in words}

    def twice(found: re.Match[str]) -> str:
        english = unescape(found[2])
        chinese = own.get(english) or _chinese(english)
        if chinese is None or chinese == english:
            return found[0]
        return (
            f'<text lang="en"{found[1]}>{found[2]}</text>'
            f'<text lang="zh"{found[1]}>{escape(chinese)}</text>'
        )

    return _TEXT.sub(twice, svg)


def _chinese(english: str) -> str | None:
    minutes = _MINUTES.fullmatch(english)
    return f"{minutes[1]} 分钟" if minutes else CHINESE.get(english)
