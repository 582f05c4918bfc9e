"""What closures and their losses are called, in both languages."""

from scripts.studies.closure.losses import Measure
from scripts.studies.closure.street_pieces import StreetPiece
from scripts.studies.report.common_words import road_class_words
from scripts.studies.report.text import Text

MEASURE_WORDS = {
    Measure.COVER: Text("demand that loses cover", "失去覆盖的需求"),
    Measure.TIME: Text("time added, demand × hours", "增加的到达时间（需求 × 小时）"),
    Measure.CUT_OFF: Text("demand that is cut off", "被完全切断的需求"),
}


def piece_words(piece: StreetPiece) -> tuple[Text, Text]:
    """Return what a piece is called, and what it lies between."""
    name = (
        Text(piece.name, piece.name)
        if piece.name
        else Text(
            f"unnamed {piece.road_class}", f"无名道路（{road_class_words(piece.road_class).zh}）"
        )
    )
    ends = [end for end in (piece.begin, piece.end) if end]
    if not ends:
        return name, Text("", "")
    return name, Text(" – ".join(ends), " – ".join(ends))
