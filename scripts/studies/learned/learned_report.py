"""The report of predicted against actual travel times."""

from collections.abc import Sequence

from dispatch.driven_tracks.hour_bands import BANDS
from geodata.roads.types import ROAD_CLASSES
from scripts.studies.learned.error_bands import ErrorBand
from scripts.studies.learned.factor_fit import CLASS_SPREAD
from scripts.studies.learned.factor_fit import ENOUGH_DRIVES
from scripts.studies.learned.learned_charts import draw_bias
from scripts.studies.learned.learned_charts import draw_calibration
from scripts.studies.learned.learned_charts import draw_drives
from scripts.studies.learned.learned_charts import hours_label
from scripts.studies.learned.learned_study import LearnedStudy
from scripts.studies.learned.out_of_sample import OutOfSample
from scripts.studies.report.common_words import road_class_words
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import TableCell
from scripts.studies.report.report import Report
from scripts.studies.report.report import Table
from scripts.studies.report.text import Text

_HOURS = ("hours", Text("Hours", "时段"))
_AS_CLASS = Text("mostly as its class", "主要取该等级整体的值")
_TOO_FEW = Text("too few drives: 1", "行程过少，写为 1")
_CLASS = ("road_class", Text("Class", "道路等级"))
_ERRORS = (
    ("drives", Text("Drives", "行程数")),
    ("bias_percent", Text("Took longer by, %", "比预计长（%）")),
    ("low", Text("Nine of ten: from, × predicted", "90% 区间下限（× 预计）")),
    ("high", Text("to, × predicted", "上限（× 预计）")),
)
_FACTORS = (
    _CLASS,
    _HOURS,
    ("drives", Text("Drives", "行程数")),
    ("present", Text("Factor in use", "当前系数")),
    ("factor", Text("Learned", "学习所得系数")),
    ("low", Text("90 %: from", "90% 区间下限")),
    ("high", Text("to", "上限")),
    ("remark", Text("Remark", "备注")),
)


def report_learned(
    study: LearnedStudy, conditions: Sequence[tuple[Text, str | Text]] = ()
) -> Report:
    """Return the report.

    Parameters
    ----------
    conditions
        Where the drives come from, and what else was taken for granted.
    """
    charts = [draw_drives(study)]
    if study.others is not None:
        charts += [draw_calibration(study.others), draw_bias(study.others)]
    hours = [
        [hours_label(band), *_errors(one)] for band, one in zip(BANDS, study.by_hour, strict=True)
    ]
    classes = [
        [road_class_words(name), *_errors(one)]
        for name, one in zip(ROAD_CLASSES, study.by_class, strict=True)
        if one.drives
    ]
    return Report(
        "learned",
        Text("Predicted and actual travel times", "预计与实际行程时间"),
        summary=[*_summary(study), in_force_words()],
        assumptions=[*conditions, *_assumptions(study)],
        tables=[
            Table("by_hour", Text("By hour", "按时段"), (_HOURS, *_ERRORS), hours),
            Table(
                "by_class",
                Text("By the class that most of the drive was on", "按行程主要道路等级"),
                (_CLASS, *_ERRORS),
                classes,
            ),
            Table("factors", Text("Speed factors", "速度系数"), _FACTORS, _factor_rows(study)),
        ],
        charts=charts,
        left_out=list(study.drives.left_out),
        demand=float(len(study.drives) + len(study.drives.left_out)),
        tiles=_tiles(study),
        numbers=_numbers(study),
    )


def in_force_words() -> Text:
    """Return how the factors are put in force: not by the study."""
    return Text(
        "Nothing was changed. To put the factors in force, look at them, name speeds.json in "
        "NEARCREW_SPEEDS and restart the service and the workers; studies take them by --speeds.",
        "未作任何更改。如要启用，请先核对系数，再将 NEARCREW_SPEEDS 指向 speeds.json "
        "并重启服务与后台进程；其他研究可用 --speeds 读取。",
    )


def _summary(study: LearnedStudy) -> list[Text]:
    overall = study.overall
    longer = abs(overall.bias)
    texts = [
        Text(
            f"{overall.drives:,} drives: the middle one took {longer:.0%} "
            f"{'longer' if overall.bias >= 0 else 'less'} than predicted.",
            f"共 {overall.drives:,} 次行程：实际时间的中位数比预计"
            f"{'长' if overall.bias >= 0 else '短'} {longer:.0%}。",
        )
    ]
    if overall.low is not None and overall.high is not None:
        texts.append(
            Text(
                f"Nine of ten took {overall.low:.2f} to {overall.high:.2f} times the prediction.",
                f"九成行程的实际时间为预计的 {overall.low:.2f} 至 {overall.high:.2f} 倍。",
            )
        )
    known = [name for name, enough in zip(ROAD_CLASSES, study.fitted.enough, strict=True) if enough]
    if not known:
        texts.append(
            Text(
                f"Too few drives to learn from: no road class has {ENOUGH_DRIVES}. All factors are "
                "written as 1.",
                f"可供学习的行程过少：没有任何道路等级达到 {ENOUGH_DRIVES} 次，系数一律写为 1。",
            )
        )
        return texts
    texts.append(
        Text(
            f"Factors were learned of {', '.join(known)}; other classes have fewer than "
            f"{ENOUGH_DRIVES} drives and are written as 1.",
            f"已学习以下等级的系数：{'、'.join(road_class_words(one).zh for one in known)}；"
            f"其他等级不足 {ENOUGH_DRIVES} 次行程，写为 1。",
        )
    )
    texts.append(_others_words(study.others))
    return texts


def _others_words(others: OutOfSample | None) -> Text:
    if others is None:
        return Text(
            "All drives are of one day: how good the factors are on others cannot be said.",
            "所有行程都在同一天：无法判断系数在其他日期的效果。",
        )
    before, after = others.median_error(others.present_s), others.median_error(others.learned_s)
    return Text(
        f"On days that they were not learned from ({others.days} days in turn), the median error "
        f"was {after:.0%} of the time, {before:.0%} with the factors in use; the 90 % band held "
        f"{others.coverage:.0%} of the drives (± {2 * others.coverage_error:.0%} by chance).",
        f"在未参与学习的日期上（共 {others.days} 天轮换检验），中位误差为 {after:.0%}，当前系数为 "
        f"{before:.0%}；90% 区间实际包含 {others.coverage:.0%} 的行程（随机误差 ± "
        f"{2 * others.coverage_error:.0%}）。",
    )


def _assumptions(study: LearnedStudy) -> list[tuple[Text, str | Text]]:
    return [
        (Text("Time zone of hours and days", "时段与日期的时区"), study.drives.time_zone),
        (
            Text("Few drives", "行程较少时"),
            Text(
                "a band of hours is drawn toward its class, and a class toward 1 (deviation "
                f"{CLASS_SPREAD})",
                f"时段系数向该道路等级的均值收缩，等级系数向 1 收缩（标准差 {CLASS_SPREAD}）",
            ),
        ),
        (
            Text("Turns, lights and walks", "转弯、信号灯与步行"),
            Text("as predicted; factors are of driving", "按预计值；系数仅针对行驶"),
        ),
        (
            Text("Split for the test", "检验划分"),
            Text("by whole days, each fifth day left out in turn", "按整日划分，轮流留出五分之一"),
        ),
    ]


def _tiles(study: LearnedStudy) -> list[tuple[Text, str]]:
    tiles = [
        (Text("drives", "行程"), f"{len(study.drives):,}"),
        (Text("took longer by (median)", "比预计长（中位数）"), f"{study.overall.bias:+.0%}"),
    ]
    others = study.others
    if others is not None and len(others.drive):
        tiles += [
            (
                Text("median error now", "当前中位误差"),
                f"{others.median_error(others.present_s):.0%}",
            ),
            (
                Text("with learned factors, other days", "使用学习系数（其他日期）"),
                f"{others.median_error(others.learned_s):.0%}",
            ),
            (Text("90 % band holds", "90% 区间覆盖"), f"{others.coverage:.0%}"),
        ]
    return tiles


def _numbers(study: LearnedStudy) -> dict[str, Cell]:
    others = study.others
    return {
        "drives": len(study.drives),
        "bias": study.overall.bias,
        "low": study.overall.low,
        "high": study.overall.high,
        "median_error_present": None if others is None else others.median_error(others.present_s),
        "median_error_learned": None if others is None else others.median_error(others.learned_s),
        "coverage_of_90_percent_band": None if others is None else others.coverage,
        "days": None if others is None else others.days,
    }


def _factor_rows(study: LearnedStudy) -> list[list[TableCell]]:
    fitted = study.fitted
    rows: list[list[TableCell]] = []
    for at, name in enumerate(ROAD_CLASSES):
        if not fitted.class_drives[at]:
            continue
        for column, band in enumerate(BANDS):
            drives = int(fitted.drives[at, column])
            row: list[TableCell] = [road_class_words(name), hours_label(band), drives]
            row.append(float(study.present.factors[at, band.hours_of_week[0]]))
            if fitted.enough[at]:
                values = (fitted.factor, fitted.low, fitted.high)
                row += [round(float(value[at, column]), 3) for value in values]
                row.append("" if drives >= ENOUGH_DRIVES else _AS_CLASS)
            else:
                row += [1.0, None, None, _TOO_FEW]
            rows.append(row)
    return rows


def _errors(one: ErrorBand) -> list[Cell]:
    if not one.drives:
        return [0, None, None, None]
    limits = [None if limit is None else round(limit, 2) for limit in (one.low, one.high)]
    return [one.drives, round(100.0 * one.bias, 1), *limits]
