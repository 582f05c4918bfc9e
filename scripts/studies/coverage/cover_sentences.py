"""What a study of cover found, in plain sentences."""

from collections.abc import Sequence

import numpy as np

from scripts.studies.coverage.cover_difference import CoverDifference
from scripts.studies.coverage.cover_rates import PERCENTILES
from scripts.studies.coverage.cover_study import Coverage
from scripts.studies.report.text import Text

_MINUTE_S = 60.0
_NOTABLE = 0.0005


def sentences(coverage: Coverage) -> list[Text]:
    """Return the sentences of one variant, the most important first."""
    rates, posts = coverage.rates, len(coverage.posts)
    said = [
        Text(
            f"{_share(share)} of demand is reached within {_minutes(limit_s)} min"
            f" from {posts} {'post' if posts == 1 else 'posts'}.",
            f"{posts} 个驻点在 {_minutes(limit_s)} 分钟内可到达 {_share(share)} 的需求。",
        )
        for limit_s, share in zip(coverage.limits_s, rates.covered, strict=True)
    ]
    if np.isfinite(rates.mean_s):
        p90_s = rates.percentiles_s[PERCENTILES.index(0.9)]
        late = f"{p90_s / _MINUTE_S:.1f}" if np.isfinite(p90_s) else "∞"
        said.append(
            Text(
                f"The first crew is there after {rates.mean_s / _MINUTE_S:.1f} min on average, and"
                f" after {late} min for 90 % of demand.",
                f"首个班组平均 {rates.mean_s / _MINUTE_S:.1f} 分钟到达；90 % 的需求在 {late}"
                " 分钟内到达。",
            )
        )
    if rates.unreached > 0.0:
        said.append(
            Text(
                f"No road leads to {_share(rates.unreached)} of demand.",
                f"{_share(rates.unreached)} 的需求没有道路可达。",
            )
        )
    return [*said, *_zone_sentence(coverage), *_hour_sentence(coverage), *_post_sentence(coverage)]


def difference_sentences(
    before: Coverage, after: Coverage, difference: CoverDifference, names: Sequence[str]
) -> list[Text]:
    """Return what a second variant changes."""
    said = []
    for at, limit_s in enumerate(before.limits_s):
        minutes = _minutes(limit_s)
        said.append(
            Text(
                f"{names[1]}: {_share(after.rates.covered[at])} within {minutes} min instead of"
                f" {_share(before.rates.covered[at])}; {_share(difference.gained[at])} of demand"
                f" gains cover, {_share(difference.lost[at])} loses it.",
                f"{names[1]}：{minutes} 分钟内为 {_share(after.rates.covered[at])}（原"
                f" {_share(before.rates.covered[at])}）；{_share(difference.gained[at])}"
                f" 的需求新增覆盖，{_share(difference.lost[at])} 失去覆盖。",
            )
        )
    return said


def _zone_sentence(coverage: Coverage) -> list[Text]:
    zones = {name: rates for name, rates in coverage.by_zone.items() if rates.demand > 0.0}
    if len(zones) < 2:  # noqa: PLR2004 - nothing to choose from
        return []
    name = min(zones, key=lambda zone: zones[zone].covered[-1])
    minutes, share = _minutes(coverage.limits_s[-1]), _share(zones[name].covered[-1])
    return [
        Text(
            f"The worst-served zone is {name or 'outside all zones'}: {share} within"
            f" {minutes} min.",
            f"服务最差的区域是{name or '各区域之外'}：{minutes} 分钟内 {share}。",
        )
    ]


def _hour_sentence(coverage: Coverage) -> list[Text]:
    if len(coverage.by_hour) < 2:  # noqa: PLR2004 - nothing to choose from
        return []
    at, rates = min(coverage.by_hour.items(), key=lambda item: item[1].covered[0])
    best = max(other.covered[0] for other in coverage.by_hour.values())
    minutes = _minutes(coverage.limits_s[0])
    if best - rates.covered[0] < _NOTABLE:
        return [Text("All hours that were asked for are the same.", "所查询的各时段结果相同。")]
    return [
        Text(
            f"The worst hour is {at:%H:%M}: {_share(rates.covered[0])} within {minutes} min, at the"
            f" best hour {_share(best)}.",
            f"最差时段为 {at:%H:%M}：{minutes} 分钟内 {_share(rates.covered[0])}，最佳时段为"
            f" {_share(best)}。",
        )
    ]


def _post_sentence(coverage: Coverage) -> list[Text]:
    alone = [share.alone for share in coverage.by_post]
    if len(alone) < 2 or any(share is None for share in alone):  # noqa: PLR2004 - nothing to choose
        return []
    lost = np.array(alone, dtype=np.float64) / max(coverage.rates.demand, 1e-300)
    at, minutes = int(lost.argmax()), _minutes(coverage.limits_s[-1])
    if lost[at] < _NOTABLE:
        return []
    name = coverage.posts.names[at]
    return [
        Text(
            f"Most depends on {name}: without it {_share(float(lost[at]))} of demand would not be"
            f" reached within {minutes} min.",
            f"最关键的驻点是 {name}：没有它，{_share(float(lost[at]))} 的需求在 {minutes}"
            " 分钟内无法到达。",
        )
    ]


def _minutes(time_s: float) -> str:
    return f"{time_s / _MINUTE_S:g}"


def _share(share: float) -> str:
    return f"{100.0 * share:.1f} %"
