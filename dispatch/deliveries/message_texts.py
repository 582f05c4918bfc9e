"""What somebody is told outside the page, in either language, and what they may answer. Pure.

The console's catalogues stand above this floor, and a job worker has no request to read a language
from; so the few sentences stand here side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dispatch.assignments.states import AssignmentState
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.states import Reply

ENGLISH: Final = "en"
CHINESE: Final = "zh"
LANGUAGES: Final = (ENGLISH, CHINESE)


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about; whatever is unknown is left out of it."""

    priority: int | None = None
    kind_en: str = ""
    kind_zh: str = ""
    address: str = ""
    crew_name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A title of a few words, and all of it in one text; nobody's name or number of a caller."""

    title: str
    text: str


ACCEPT_OR_DECLINE: Final = MappingProxyType({"1": Reply.ACCEPTED, "2": Reply.DECLINED})
CONFIRM: Final = MappingProxyType({"1": Reply.SEEN})

_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "order": ("New order", "新派单"),
    "remind": ("Order not answered yet", "派单尚未应答"),
    "remind_accepted": ("Accepted, but not set out yet", "已接单，但尚未出发"),
    "remind_later": ("Order under way: the desk asks for a sign", "派单进行中：请回应调度"),
    "offer": ("Order offered: the first to accept gets it", "抢单：先接先得"),
    "notice": ("Your order has changed: look at your page", "您的派单有变化，请查看班组页面"),
    "notice_withdrawn": ("Recalled: this order is no longer yours", "已撤回：该派单已不归您处理"),
    "check_in": ("Check in: are you safe?", "安全确认：您是否安全？"),
    "supervisor": ("Nobody answers", "无人应答"),
    "test": ("Test ring: nothing has happened", "测试呼叫：没有险情"),
}
_TO_ACCEPT: Final = ("Reply 1 to accept, 2 to decline.", "回复 1 接单，回复 2 拒绝。")
_TO_CONFIRM: Final = ("Reply 1 to confirm.", "回复 1 确认。")
_PRESS_TO_ACCEPT: Final = ("Press 1 to accept, 2 to decline.", "按 1 接单，按 2 拒绝。")
_PRESS_TO_CONFIRM: Final = ("Press 1 to confirm.", "按 1 确认。")


class Answering(StrEnum):
    """How somebody who is told can answer there."""

    NOT = "not"
    WRITING = "writing"
    PRESSING = "pressing"
    """On a telephone, during a call."""


def answers_to(purpose: Purpose, asked_in: str | None) -> Mapping[str, Reply]:
    """Return what may be answered, by the digit for it."""
    asked = asked_in == AssignmentState.OFFERED
    if purpose is Purpose.OFFER or (purpose in {Purpose.ORDER, Purpose.REMIND} and asked):
        return ACCEPT_OR_DECLINE
    return CONFIRM


def message(
    purpose: Purpose, asked_in: str | None, about: About, language: str, answering: Answering
) -> Message:
    """Return what is told.

    Parameters
    ----------
    purpose, asked_in
        What the delivery is for, and the state of its order when it was asked for.
    about
        The incident.
    language
        ``"en"`` or ``"zh"``; any other is English.
    answering
        How digits can be answered.
    """
    place = 1 if language == CHINESE else 0
    title = _TITLES[_title_key(purpose, asked_in)][place]
    what = _what(about, chinese=place == 1)
    if purpose is Purpose.SUPERVISOR and about.crew_name:
        what = _joined([what, (f"asked: {about.crew_name}", f"已通知 {about.crew_name}")[place]])
    colon, stop = ((": ", ". "), ("：", "。"))[place]
    text = (title if not what else f"{title}{colon}{what}") + stop
    if answering is not Answering.NOT:
        accepts = answers_to(purpose, asked_in) is ACCEPT_OR_DECLINE
        pressing = answering is Answering.PRESSING
        to_accept = _PRESS_TO_ACCEPT if pressing else _TO_ACCEPT
        to_confirm = _PRESS_TO_CONFIRM if pressing else _TO_CONFIRM
        text += (to_accept if accepts else to_confirm)[place]
    return Message(title, text.strip())


def _title_key(purpose: Purpose, asked_in: str | None) -> str:
    if purpose is Purpose.REMIND and asked_in not in {None, AssignmentState.OFFERED}:
        return "remind_accepted" if asked_in == AssignmentState.ACCEPTED else "remind_later"
    if purpose is Purpose.NOTICE and asked_in == AssignmentState.WITHDRAWN:
        return "notice_withdrawn"
    return purpose.value


def _what(about: About, *, chinese: bool) -> str:
    kind = about.kind_zh if chinese else about.kind_en
    level = f"P{about.priority}" if about.priority is not None else ""
    return _joined([" ".join(filter(None, (level, kind))), about.address])


def _joined(parts: list[str]) -> str:
    return " · ".join(filter(None, parts))
