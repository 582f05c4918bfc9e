"""Words within charts are in both languages, as the page is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import scripts.studies
from scripts.studies.report.chart_words import CHINESE
from scripts.studies.report.chart_words import in_both
from scripts.studies.report.text import Text

_LABELS = frozenset({"set_xlabel", "set_ylabel"})


def test_a_word_of_a_chart_stands_in_both_languages_and_a_name_once() -> None:
    """Own words of the chart go first; what a planner called a zone is nobody's to translate."""
    svg = (
        '<svg><text x="1">5 min</text><text x="2">grab</text><text x="3">La Condamine</text></svg>'
    )

    assert in_both(svg, [Text("grab", "抢单")]) == (
        '<svg><text lang="en" x="1">5 min</text><text lang="zh" x="1">5 分钟</text>'
        '<text lang="en" x="2">grab</text><text lang="zh" x="2">抢单</text>'
        '<text x="3">La Condamine</text></svg>'
    )


def test_every_axis_of_a_study_has_chinese_words() -> None:
    """Of the axes' names that stand in the source; "%" is the same in both."""
    told = {words for file in _sources() for words in _axis_names(file)}

    assert "% of demand" in told
    assert told - {"%"} <= CHINESE.keys()


def _sources() -> Iterator[Path]:
    return Path(scripts.studies.__path__[0]).rglob("*.py")


def _axis_names(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in _LABELS and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
