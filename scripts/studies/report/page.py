"""The page of a report: one HTML file with everything in it, in both languages.

It asks for nothing from anywhere: Leaflet is that of the console, the streets are our own, the
charts are drawings within the text. It is read by mail, on a phone, printed, years later.
"""

import json
import math
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from routing.network.road_network import RoadNetwork
from scripts.errors import ScriptError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.report.chart_files import Drawing
from scripts.studies.report.left_out_words import reason_words
from scripts.studies.report.map_packing import MOST_SHOWN
from scripts.studies.report.map_packing import bounds_of
from scripts.studies.report.map_packing import pack_layers
from scripts.studies.report.map_packing import pack_streets
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import Layer
from scripts.studies.report.pieces import Table
from scripts.studies.report.pieces import TableCell
from scripts.studies.report.text import Text

_HERE = Path(__file__).parent
_LEAFLET = _HERE.parents[2] / "node_modules" / "leaflet" / "dist"
MOST_ROWS = 50
"""Rows of a table on the page; its CSV has all."""
_DEGREES = frozenset({"lon", "lat"})
_WITHOUT_DEMAND = frozenset({"missing_weight", "not_a_number"})
"""Reasons for which nobody knows how much demand a row stands for."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on the page; as of `Report`, with the charts drawn and the files' names."""

    title: Text
    tiles: Sequence[tuple[Text, str]]
    summary: Sequence[Text]
    assumptions: Sequence[tuple[Text, str | Text]]
    tables: Sequence[Table]
    drawings: Sequence[Drawing]
    layers: Sequence[Layer]
    left_out: Sequence[LeftOut]
    demand: float | None
    roads: RoadNetwork | None
    files: Sequence[str]

    def as_html(self) -> str:
        """Return the whole page."""
        body = [
            f"<h1>{both(self.title)}</h1>",
            self._tiles(),
            _section(
                Text("Result", "结果"),
                "<ul class=summary>"
                + "".join(f"<li>{both(text)}</li>" for text in self.summary)
                + "</ul>",
            ),
            self._map(),
            *self._charts(),
            *(_table(table) for table in self.tables),
            self._assumptions(),
            self._left_out(),
            self._files(),
        ]
        return (
            '<!doctype html><html lang="en" data-lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self.title.en)}</title>"
            f"<style>{_leaflet('leaflet.css')}\n{_own('page.css')}</style></head>"
            f"<body data-en={_quoted(self.title.en)} data-zh={_quoted(self.title.zh)}>"
            "<header><b>Nearcrew</b><nav>"
            "<button type=button id=language lang=zh>中文</button>"
            f"<button type=button id=theme>{both(Text('Light / dark', '浅色 / 深色'))}</button>"
            f"<button type=button id=print>{both(Text('Print', '打印'))}</button></nav></header>"
            f"<main>{''.join(body)}</main>"
            f"<script>{_leaflet('leaflet.js')}</script><script>{_own('page.js')}</script>"
            "</body></html>\n"
        )

    def _tiles(self) -> str:
        if not self.tiles:
            return ""
        shown = (
            f"<div><strong>{escape(figure)}</strong><span>{both(what)}</span></div>"
            for what, figure in self.tiles
        )
        return f"<div class=tiles>{''.join(shown)}</div>"

    def _map(self) -> str:
        bounds = bounds_of(self.layers)
        if bounds is None:
            return ""
        layers = pack_layers(self.layers)
        described = [{key: layer[key] for key in layer if key != "data"} for layer in layers]
        packed = [
            _data(f"layer-{number}", layer["data"]) for number, layer in enumerate(layers, start=0)
        ]
        if self.roads is not None:
            packed.append(_data("streets", pack_streets(self.roads, bounds)))
        thinned = "".join(
            f"<p class=note>{both(_thinned(layer))}</p>" for layer in layers if layer["every"] > 1
        )
        about = json.dumps({"bounds": bounds.tolist(), "layers": described}, ensure_ascii=False)
        return _section(
            Text("Map", "地图"),
            "<div class=map><div id=map></div><div id=legend></div></div>"
            f"{thinned}"
            f'<script type="application/json" id=about>{about.replace("<", chr(92) + "u003c")}'
            f"</script>{''.join(packed)}",
        )

    def _charts(self) -> Iterable[str]:
        if not self.drawings:
            return
        figures = (
            f"<figure><figcaption>{both(drawing.title)}</figcaption>"
            f"<div class=chart>{drawing.svg}</div></figure>"
            for drawing in self.drawings
        )
        yield f"<div class=charts>{''.join(figures)}</div>"

    def _assumptions(self) -> str:
        if not self.assumptions:
            return ""
        rows = "".join(
            f"<tr><th>{both(name)}</th><td>"
            f"{both(value) if isinstance(value, Text) else escape(value)}</td></tr>"
            for name, value in self.assumptions
        )
        return _section(Text("Assumptions", "前提条件"), f"<table class=pairs>{rows}</table>")

    def _left_out(self) -> str:
        title = Text("Left out, and why", "未计入的数据及原因")
        if not self.left_out:
            nothing = Text("Nothing: all rows of the input count.", "无：所有输入行均已计入。")
            return _section(title, f"<p>{both(nothing)}</p>")
        reasons: dict[str, list[LeftOut]] = {}
        for one in self.left_out:
            reasons.setdefault(one.reason, []).append(one)
        rows: list[Sequence[Cell]] = [
            (reason, len(some), _total(some)) for reason, some in reasons.items()
        ]
        shown = "".join(
            f"<tr><td>{both(reason_words(str(reason)))}</td><td class=n>{number(count)}</td>"
            f"<td class=n>{number(weight, decimals_of([weight]))}</td>"
            f"<td class=n>{self._share(weight)}</td></tr>"
            for reason, count, weight in rows
        )
        heads = (
            Text("Reason", "原因"),
            Text("Rows", "行数"),
            Text("Demand", "需求量"),
            Text("Share of demand", "占总需求"),
        )
        head = "".join(
            f"<th{' class=n' if at else ''}>{both(text)}</th>" for at, text in enumerate(heads)
        )
        lost = self._share(_total(self.left_out))
        count = f"{len(self.left_out):,}"
        unread = sum(one.reason in _WITHOUT_DEMAND for one in self.left_out)
        unknown = Text("", "")
        if unread:
            unknown = Text(
                f", not counting {unread:,} whose demand cannot be read",
                f"（另有 {unread:,} 行的需求量无法读取，未包含在内）",
            )
        sentence = Text(
            f"Rows of the input that do not count: {count}, with {lost} of all demand{unknown.en}. "
            "left_out.csv lists them.",
            f"有 {count} 行输入未计入，占总需求的 {lost}{unknown.zh}。明细见 left_out.csv。",
        )
        return _section(
            title,
            f"<p>{both(sentence)}</p><div class=wide><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{shown}</tbody></table></div>",
        )

    def _share(self, weight: Cell) -> str:
        if not self.demand or not isinstance(weight, int | float):
            return "–"
        return f"{100.0 * weight / self.demand:.2f} %"

    def _files(self) -> str:
        text = Text("Files beside this page", "随附文件")
        listed = " · ".join(
            f'<a href="{escape(name, quote=True)}">{escape(name)}</a>' for name in self.files
        )
        return _section(text, f"<p class=files>{listed}</p>")


def both(text: Text) -> str:
    """Return a text in both languages, of which the page shows one."""
    if text.en == text.zh:
        return _unbroken(text.en)
    return f"<span lang=en>{_unbroken(text.en)}</span><span lang=zh>{_unbroken(text.zh)}</span>"


def _unbroken(text: str) -> str:
    """Return a text whose per cents stay on the line of their number."""
    return escape(text).replace(" %", "\N{NO-BREAK SPACE}%")


def number(value: TableCell, decimals: int = 0) -> str:
    """Return a cell as it is read: thousands apart, with so many decimals."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, Text):
        return both(value)
    if isinstance(value, str):
        return escape(value)
    return f"{value:,.{decimals}f}" if math.isfinite(value) else "∞"


def decimals_of(values: Iterable[TableCell]) -> int:
    """Return how many decimals a column needs for three figures or so; 0 of whole numbers."""
    broken = [
        abs(value)
        for value in values
        if isinstance(value, float) and math.isfinite(value) and value != round(value)
    ]
    if not broken:
        return 0
    most = max(broken)
    return 1 if most >= 100.0 else 2 if most >= 0.1 else 4  # noqa: PLR2004 - figures


def _table(table: Table) -> str:
    shown = table.rows[:MOST_ROWS]
    numeric = [
        all(isinstance(row[at], int | float | None) for row in shown)
        for at in range(len(table.columns))
    ]
    decimals = [
        5 if name in _DEGREES else decimals_of(row[at] for row in shown)
        for at, (name, _) in enumerate(table.columns)
    ]
    head = "".join(
        f"<th{' class=n' if is_number else ''}><button type=button>{both(text)}</button></th>"
        for (_, text), is_number in zip(table.columns, numeric, strict=True)
    )
    rows = "".join(
        f"<tr>{''.join(_cell(*each) for each in zip(row, numeric, decimals, strict=True))}</tr>"
        for row in shown
    )
    note = ""
    if len(table.rows) > len(shown):
        cut = Text(
            f"The first {len(shown)} of {len(table.rows):,} rows; all are in {table.name}.csv.",
            f"仅显示前 {len(shown)} 行，共 {len(table.rows):,} 行；全部见 {table.name}.csv。",
        )
        note = f"<p class=note>{both(cut)}</p>"
    return _section(
        table.title,
        f"<div class=wide><table class=sortable><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{note}",
    )


def _cell(value: TableCell, is_number: bool, decimals: int) -> str:  # noqa: FBT001 - with zip
    if not is_number:
        return f"<td>{number(value)}</td>"
    sorted_by = "" if value is None else f" data-v={value}"
    return f"<td class=n{sorted_by}>{number(value, decimals)}</td>"


def _section(title: Text, content: str) -> str:
    return f"<section><h2>{both(title)}</h2>{content}</section>"


def _data(name: str, packed: str) -> str:
    return f'<script type="text/plain" id="{name}">{packed}</script>'


def _thinned(layer: dict[str, object]) -> Text:
    title = layer["title"]
    assert isinstance(title, dict)  # noqa: S101 - as packed
    return Text(
        f"{title['en']}: the map shows one of {layer['every']}, since there are more than "
        f"{MOST_SHOWN:,}; study.gpkg has all.",
        f"{title['zh']}：超过 {MOST_SHOWN:,} 个要素，地图每 {layer['every']} 个显示一个；"
        "全部见 study.gpkg。",
    )


def _total(left_out: Iterable[LeftOut]) -> float:
    return sum(one.weight for one in left_out)


def _quoted(text: str) -> str:
    return f'"{escape(text, quote=True)}"'


def _own(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _leaflet(name: str) -> str:
    """Return a file of Leaflet without addresses of other files: none of its pictures is used."""
    try:
        text = (_LEAFLET / name).read_text(encoding="utf-8")
    except OSError as error:
        message = "Leaflet, which draws the map of the report, is not installed."
        raise ScriptError(message, mend="make setup") from error
    lines = (line for line in text.splitlines() if not line.startswith("//# sourceMappingURL"))
    kept = "\n".join(lines).replace("https://leafletjs.com", "leafletjs.com")
    while "url(images/" in kept:
        begin = kept.index("url(images/")
        kept = kept[:begin] + "none" + kept[kept.index(")", begin) + 1 :]
    return kept
