"""Words that cells of several studies' tables consist of, in both languages."""

from typing import Final

from scripts.studies.report.text import Text
from scripts.studies.report.text import same

YES: Final = Text("yes", "是")
NO: Final = Text("no", "否")
_CLASSES: Final = {
    "motorway": "高速公路",
    "trunk": "快速路",
    "primary": "主干道",
    "secondary": "次干道",
    "tertiary": "支路",
    "unclassified": "一般道路",
    "residential": "居住区道路",
    "living_street": "生活街区",
    "road": "未定等级道路",
    "service": "内部道路",
    "track": "土路",
}
_LINK: Final = "_link"


def yes_or_no(holds: bool) -> Text:  # noqa: FBT001 - the only thing that is said
    """Return the word."""
    return YES if holds else NO


def road_class_words(name: str) -> Text:
    """Return what a class of OpenStreetMap's roads is called; its own name in English."""
    chinese = _CLASSES.get(name.removesuffix(_LINK))
    if chinese is None:
        return same(name)
    return Text(name, f"{chinese}匝道" if name.endswith(_LINK) else chinese)
