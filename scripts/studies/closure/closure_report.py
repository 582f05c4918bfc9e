"""The report of single closures: ranking, map, and how sure it is."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.ticker import MaxNLocator

from scripts.studies.closure.closure_map import draw_closures
from scripts.studies.closure.closure_map import draw_given
from scripts.studies.closure.closure_study import ClosureStudy
from scripts.studies.closure.closure_words import MEASURE_WORDS
from scripts.studies.closure.closure_words import piece_words
from scripts.studies.closure.given_closures import GivenClosures
from scripts.studies.closure.losses import Measure
from scripts.studies.closure.ranking import RankedClosure
from scripts.studies.closure.street_pieces import ClosedAtOnce
from scripts.studies.inputs.left_out import without_demand
from scripts.studies.report.charts import new_chart
from scripts.studies.report.common_words import road_class_words
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import TableCell
from scripts.studies.report.report import Chart
from scripts.studies.report.report import Report
from scripts.studies.report.report import Table
from scripts.studies.report.text import Text

_HOUR_S, _MINUTE_S = 3600.0, 60.0
_CLOSED_WORDS = {
    ClosedAtOnce.STRETCH: Text("one stretch between two junctions", "两个路口之间的一段路"),
    ClosedAtOnce.STREET: Text("one whole named street", "一整条同名街道"),
}
_COLUMNS = (
    ("rank", Text("Rank", "名次")),
    ("street", Text("Street", "街道")),
    ("between", Text("Between", "起止")),
    ("road_class", Text("Class", "道路等级")),
    ("length_m", Text("Length, m", "长度（米）")),
    ("loses_cover", Text("Loses cover", "失去覆盖")),
    ("loses_cover_percent", Text("of all, %", "占总需求（%）")),
    ("added_hours", Text("Time added, demand × h", "增加时间（需求 × 小时）")),
    ("cut_off", Text("Cut off", "被切断")),
    ("bound", Text("Could have lost", "损失上界")),
    ("lon", Text("Longitude", "经度")),
    ("lat", Text("Latitude", "纬度")),
)


def report_closures(
    study: ClosureStudy,
    *,
    seconds: float,
    conditions: Sequence[tuple[Text, str | Text]] = (),
) -> Report:
    """Return the report.

    Parameters
    ----------
    conditions
        What the travel times hold for: profile, hour, speeds.
    seconds
        How long the searches took.
    """
    ranking = study.ranking
    rows = [_row(study, rank, one) for rank, one in enumerate(ranking.worst, start=1)]
    return Report(
        "closure",
        Text("Which closures hurt most", "哪些道路封闭影响最大"),
        summary=_summary(study, seconds),
        assumptions=[*conditions, *_assumptions(study)],
        tables=[Table("worst_closures", Text("Worst closures", "影响最大的封闭"), _COLUMNS, rows)],
        charts=[_curve(study)] if ranking.worst else [],
        layers=draw_closures(study),
        left_out=[
            *without_demand(study.posts.points.left_out),
            *study.demand.points.left_out,
        ],
        demand=study.total + sum(one.weight for one in study.demand.points.left_out),
        tiles=_tiles(study),
        numbers=_numbers(study, seconds),
        roads=study.roads,
    )


def add_given(report: Report, study: ClosureStudy, given: GivenClosures, file: Path) -> None:
    """Add what given closures do together to a report: a sentence, a map, a figure."""
    loss = given.loss
    hours = loss.added_s / _HOUR_S
    after = study.covered - loss.cover
    report.summary.append(
        Text(
            f"The closures of {file.name} together: {_share(study, loss.cover)} of the demand "
            f"loses cover ({_share(study, study.covered)} is covered before, "
            f"{_share(study, after)} after), {hours:,.1f} demand × hours are added, "
            f"{loss.cut_off:,.10g} are cut off.",
            f"{file.name} 中的封闭合计：{_share(study, loss.cover)} 的需求失去覆盖"
            f"（覆盖率由 {_share(study, study.covered)} 变为 {_share(study, after)}），"
            f"增加 {hours:,.1f} 需求 × 小时，{loss.cut_off:,.10g} 被切断。",
        )
    )
    report.numbers |= {
        "given_loses_cover": loss.cover,
        "given_added_hours": hours,
        "given_cut_off": loss.cut_off,
    }
    report.layers += draw_given(study, given, file)


def proof_words(study: ClosureStudy) -> Text:
    """Return why no closure is worse than those listed."""
    ranking = study.ranking
    skipped = ranking.groups - ranking.searched - ranking.harmless
    if not skipped:
        return Text(
            f"All {ranking.searched:,} closures that could cost anything were searched; the other "
            f"{ranking.harmless:,} lie on no first path.",
            f"已逐一计算全部 {ranking.searched:,} 个可能有影响的封闭；其余 {ranking.harmless:,} "
            "个不在任何最快路径上。",
        )
    bound = _amount(ranking.next_bound, ranking.measure)
    return Text(
        f"Exact: {ranking.searched:,} closures were searched; each of the other {skipped:,} that "
        f"could cost anything loses {bound} at most, no more than the last one listed, and "
        f"{ranking.harmless:,} lie on no first path.",
        f"结果精确：已计算 {ranking.searched:,} 个封闭；其余 {skipped:,} 个可能有影响的封闭各自至多"
        f"损失 {bound}，不超过所列最后一名；另有 {ranking.harmless:,} 个不在任何最快路径上。",
    )


def _summary(study: ClosureStudy, seconds: float) -> list[Text]:
    ranking, minutes = study.ranking, study.losses.limit_s / _MINUTE_S
    timed = Text(f"It took {seconds:.1f} s.", f"用时 {seconds:.1f} 秒。")
    covered = Text(
        f"With all streets open, {_share(study, study.covered)} of the demand is reached within "
        f"{minutes:g} min.",
        f"全部道路开放时，{_share(study, study.covered)} 的需求可在 {minutes:g} 分钟内到达。",
    )
    if not ranking.worst:
        nothing = Text("No single closure costs anything.", "任何单一封闭都没有影响。")
        return [nothing, covered, proof_words(study), timed]
    worst = ranking.worst[0]
    name, between = piece_words(study.names.describe(worst.group))
    place = Text(
        name.en + (f" ({between.en})" if between.en else ""),
        name.zh + (f"（{between.zh}）" if between.zh else ""),
    )
    cost = _amount(worst.loss.by(ranking.measure), ranking.measure)
    words = MEASURE_WORDS[ranking.measure]
    share = Text("", "")
    if ranking.measure is not Measure.TIME:
        of_all = _share(study, worst.loss.by(ranking.measure))
        share = Text(f" ({of_all} of all)", f"（占总需求 {of_all}）")
    return [
        Text(
            f"The worst single closure is {place.en}: {cost} {words.en}{share.en}.",
            f"影响最大的单一封闭是{place.zh}：{words.zh} {cost}{share.zh}。",
        ),
        covered,
        proof_words(study),
        timed,
    ]


def _assumptions(study: ClosureStudy) -> list[tuple[Text, str | Text]]:
    return [
        (Text("Covered within", "覆盖时限"), f"{study.losses.limit_s / _MINUTE_S:g} min"),
        (
            Text("Worst time that counts as added time", "计入增加时间的最长到达时间"),
            f"{study.losses.worst_s / _MINUTE_S:g} min",
        ),
        (Text("Closed at a time", "每次封闭"), _CLOSED_WORDS[study.at_once]),
        (Text("Ranked by", "排序依据"), MEASURE_WORDS[study.ranking.measure]),
        (
            Text("Places on a closed street", "位于封闭道路上的地点"),
            Text("are still reached from its ends", "仍可从道路两端到达"),
        ),
    ]


def _tiles(study: ClosureStudy) -> list[tuple[Text, str]]:
    ranking = study.ranking
    tiles = [(Text("covered now", "当前覆盖率"), _share(study, study.covered))]
    if ranking.worst:
        worst = ranking.worst[0].loss
        tiles += [
            (Text("worst closure: lose cover", "最坏封闭：失去覆盖"), _share(study, worst.cover)),
            (
                Text("worst closure: cut off", "最坏封闭：被切断"),
                _share(study, worst.cut_off),
            ),
        ]
    return [
        *tiles,
        (Text("closures searched", "已计算的封闭"), f"{ranking.searched:,} / {ranking.groups:,}"),
    ]


def _numbers(study: ClosureStudy, seconds: float) -> dict[str, Cell]:
    ranking = study.ranking
    worst = ranking.worst[0].loss.by(ranking.measure) if ranking.worst else 0.0
    return {
        "covered": study.covered,
        "worst_loss": worst,
        "last_listed_loss": ranking.worst[-1].loss.by(ranking.measure) if ranking.worst else 0.0,
        "next_bound": ranking.next_bound,
        "closures": ranking.groups,
        "searched": ranking.searched,
        "harmless": ranking.harmless,
        "search_s": seconds,
    }


def _row(study: ClosureStudy, rank: int, one: RankedClosure) -> list[TableCell]:
    piece = study.names.describe(one.group)
    name, between = piece_words(piece)
    middle = study.names.line(one.group).interpolate(0.5, normalized=True)
    bound = one.bound / _HOUR_S if study.ranking.measure is Measure.TIME else one.bound
    return [
        rank,
        name,
        between,
        road_class_words(piece.road_class),
        round(piece.length_m),
        round(one.loss.cover, 3),
        round(100.0 * one.loss.cover / study.total, 2) if study.total else None,
        round(one.loss.added_s / _HOUR_S, 2),
        round(one.loss.cut_off, 3),
        round(bound, 3),
        round(middle.x, 6),
        round(middle.y, 6),
    ]


def _curve(study: ClosureStudy) -> Chart:
    measure = study.ranking.measure
    scale = _HOUR_S if measure is Measure.TIME else 1.0
    figure, axes = new_chart()
    ranks = np.arange(1, len(study.ranking.worst) + 1)
    axes.bar(ranks, [one.loss.by(measure) / scale for one in study.ranking.worst])
    bound = study.ranking.next_bound / scale
    axes.axhline(bound, color="#7a858f", linestyle="--", linewidth=1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("rank")
    axes.set_ylabel("lost" + (", demand × h" if measure is Measure.TIME else ""))
    return Chart(
        "losses",
        Text(
            "What the worst closures cost; the line: what any that was not searched can cost",
            "各封闭的损失；虚线为未计算封闭的损失上界",
        ),
        figure,
    )


def _share(study: ClosureStudy, amount: float) -> str:
    return f"{amount / study.total:.1%}" if study.total else "–"


def _amount(amount: float, measure: Measure) -> str:
    if measure is Measure.TIME:
        return f"{amount / _HOUR_S:,.1f}"
    return f"{amount:,.6g}" if amount != round(amount) else f"{amount:,.0f}"
