"""What a proofreader would mark in the Chinese, as far as a rule can see it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[3] / "webconsole/translations/zh/LC_MESSAGES"
_HAN = "\u4e00-\u9fff"
_TOUCHING = re.compile(rf"[{_HAN}][A-Za-z0-9#]|[A-Za-z0-9][{_HAN}]")
_HELD = re.compile(rf"(?<=[{_HAN}])%\((\w+)\)s|%\((\w+)\)s(?=[{_HAN}])")
_UNITS_END_IT = {"age", "time", "travel", "what"}
"""What is Chinese itself: lengths of time (5 分钟前, 约 5 分钟后), and what a time is of."""
_ENGLISH_STOPS = re.compile(rf"[{_HAN}][,;:!?](?:\s|$)|[{_HAN}]\.(?:\s|$)|\.\.\.")
_NOT_OURS = {
    "车站": "a bus stop: 抢修站 is the crews' station, 交通站点 a stop of any traffic",
    "维修站": "抢修站",
    "报修途径": "报修渠道",
    "途径": "渠道",
    "指挥中心": "the desk is 调度",
    "控制台": "the console is 调度台",
    "看板": "what the desk sees is 画面",
    "队列": "险情列表",
    "角点": "顶点",
    "标注点": "定点处",
    "工单": "派单; only a hotline has 热线工单",
    "事故": "险情; only an accident on the road is 交通事故",
    "您好": "nobody is greeted at 3 a.m.",
    "请您": "请",
    "应答超时": "超时未接单",
}
_ALLOWED = {"热线工单", "交通事故"}
_TERMS = {
    "Incidents": "险情",
    "Reports": "报修记录",
    "Crew": "抢修班组",
    "On duty": "值班",
    "Sent": "派单",
    "Candidates": "候选班组",
    "Fix": "定位",
    "Road closed": "道路封闭",
    "Station": "抢修站",
    "Result": "处置结果",
}
"""Words of the design, as the console says them."""


def sentences() -> Iterator[tuple[str, str]]:
    """Yield the English and the Chinese of every message, in every form."""
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if not message.id:
                    continue
                english = message.id if isinstance(message.id, str) else message.id[0]
                forms = (
                    [message.string] if isinstance(message.string, str) else message.string or ()
                )
                for chinese in forms:
                    yield english, str(chinese)


def test_latin_letters_and_numbers_stand_apart() -> None:
    """A space between 汉字 and Latin; so do names, which are mostly Latin or end in a number."""
    touching = [
        chinese
        for _, chinese in sentences()
        if _TOUCHING.search(re.sub(r"%\(\w+\)s", "", chinese))
        or {one or other for one, other in _HELD.findall(chinese)} - _UNITS_END_IT
    ]

    assert touching == []


def test_stops_are_chinese() -> None:
    """，。：；, and the dots of what goes on are one sign."""
    assert [chinese for _, chinese in sentences() if _ENGLISH_STOPS.search(chinese)] == []


@pytest.mark.parametrize("word", _NOT_OURS)
def test_a_thing_has_one_word(word: str) -> None:
    """Two words for one thing read like two things."""
    said = [chinese for _, chinese in sentences() if word in chinese]

    assert [each for each in said if each not in _ALLOWED] == [], _NOT_OURS[word]


def test_the_words_of_the_domain_are_kept() -> None:
    """As dispatchers were taught them."""
    by_english = dict(sentences())

    assert {english: by_english[english] for english in _TERMS if english in by_english} == {
        english: chinese for english, chinese in _TERMS.items() if english in by_english
    }


def test_one_english_sentence_has_one_chinese() -> None:
    """In whichever file it stands."""
    seen: dict[str, str] = {}
    for english, chinese in sentences():
        assert seen.setdefault(english, chinese) == chinese, english
