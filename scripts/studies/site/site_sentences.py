"""What a study of sites found, in plain sentences of both languages."""

import math

from scripts.studies.report.text import Text
from scripts.studies.site.model_choice import Model
from scripts.studies.site.site_study import SiteStudy

_MINUTE_S = 60.0
NAMES = {
    Model.LSCP: Text("Fewest sites (LSCP)", "最少站点（LSCP）"),
    Model.LSCP_B: Text("Fewest sites with most backup (LSCP-B)", "最少站点、最多后备（LSCP-B）"),
    Model.MCLP: Text("Most cover (MCLP)", "最大覆盖（MCLP）"),
    Model.P_MEDIAN: Text("Least mean time (p-median)", "平均时间最短（p-中值）"),
    Model.P_CENTER: Text("Least longest time (p-center)", "最长时间最短（p-中心）"),
    Model.DOUBLE_STANDARD: Text("Double standard", "双重标准模型"),
    Model.MEXCLP: Text("Expected cover (MEXCLP)", "期望覆盖（MEXCLP）"),
}


def sentences(study: SiteStudy) -> list[Text]:
    """Return what was found, how certain it is, and what it means for the demand."""
    return [_found(study), proof(study), _means(study)]


def proof(study: SiteStudy) -> Text:
    """Return whether the answer is proven, in words that cannot be misread."""
    found = study.answer
    if found.proven:
        return Text(
            "Proven: no other choice of these candidates is better.",
            "已证明：在这些候选点中没有更优的选择。",
        )
    if not math.isfinite(found.gap):
        return Text(
            "Not proven: nothing is known of how good the best choice could be.",
            "未证明：尚不知道最优选择能有多好。",
        )
    at_most = value(study, found.bound)
    return Text(
        f"Not proven: the best choice could be up to {100.0 * found.gap:.2f} % better"
        f" (bound: {at_most.en}). More time may close the gap: --seconds.",
        f"未证明：最优选择最多可能再好 {100.0 * found.gap:.2f} %（界：{at_most.zh}）。"
        "延长计算时间（--seconds）可能缩小差距。",
    )


def value(study: SiteStudy, objective: float) -> Text:
    """Return a value of the model's objective with its unit."""
    total = float(study.demand.weights.sum())
    match study.question.model:
        case Model.LSCP:
            return Text(f"{objective:.0f} sites", f"{objective:.0f} 个站点")
        case Model.P_CENTER:
            return Text(_minutes(objective), f"{objective / _MINUTE_S:.1f} 分钟")
        case Model.P_MEDIAN:
            mean_s = objective / total if total > 0.0 else 0.0
            return Text(f"{_minutes(mean_s)} on average", f"平均 {mean_s / _MINUTE_S:.2f} 分钟")
        case _:
            share = 100.0 * objective / total if total > 0.0 else 0.0
            return Text(f"{share:.2f} % of demand", f"需求的 {share:.2f} %")


def _found(study: SiteStudy) -> Text:  # noqa: PLR0911 - one of each model
    count = len(study.answer.sites)
    sites, crews = _counted(count, "site"), _counted(count, "crew")
    limit = f"{study.question.limit_s / _MINUTE_S:g}"
    worth = value(study, study.answer.objective)
    match study.question.model:
        case Model.LSCP:
            return Text(
                f"{sites} reach all demand within {limit} min.",
                f"{count} 个站点可在 {limit} 分钟内到达全部需求。",
            )
        case Model.LSCP_B:
            return Text(
                f"{sites} reach all demand within {limit} min, and {worth.en} from two.",
                f"{count} 个站点可在 {limit} 分钟内到达全部需求，其中{worth.zh}有两个站点可达。",
            )
        case Model.MCLP:
            return Text(
                f"{sites} reach {worth.en} within {limit} min.",
                f"{count} 个站点可在 {limit} 分钟内到达{worth.zh}。",
            )
        case Model.P_MEDIAN:
            return Text(
                f"From {sites} demand is reached in {worth.en}.",
                f"由 {count} 个站点到达需求，{worth.zh}。",
            )
        case Model.P_CENTER:
            return Text(
                f"From {sites} everybody is reached within {worth.en}.",
                f"由 {count} 个站点，所有需求可在 {worth.zh}内到达。",
            )
        case Model.DOUBLE_STANDARD:
            return Text(
                f"{crews} reach {worth.en} twice within {limit} min.",
                f"{count} 个班组可在 {limit} 分钟内双重覆盖{worth.zh}。",
            )
        case Model.MEXCLP:
            return Text(
                f"{crews} give {worth.en} a free crew within {limit} min, on average.",
                f"{count} 个班组平均可使{worth.zh}在 {limit} 分钟内得到空闲班组。",
            )


def _means(study: SiteStudy) -> Text:
    limit = f"{study.question.limit_s / _MINUTE_S:g}"
    share = 100.0 * study.covered(study.question.limit_s)
    fresh = int((~study.sites.existing[study.chosen]).sum())
    kept = len(study.chosen) - fresh
    closed = int((study.sites.existing).sum()) - kept
    return Text(
        f"{share:.1f} % of demand is within {limit} min of an open site; open sites: {kept}"
        f" existing, {fresh} new; given up: {closed}.",
        f"{share:.1f} % 的需求在某个站点的 {limit} 分钟范围内；保留现有站点 {kept} 个，"
        f"新增 {fresh} 个，放弃 {closed} 个。",
    )


def _minutes(seconds: float) -> str:
    return f"{seconds / _MINUTE_S:.2f} min"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
