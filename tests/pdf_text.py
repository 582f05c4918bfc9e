"""The text of a PDF that WeasyPrint made: enough of the format for what we print ourselves."""

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_MAPPED = re.compile(rb"^<([0-9a-f]{4})> <([0-9a-f]+)>$", re.MULTILINE)
_SHOWN = re.compile(rb"\[(.*?)\] TJ", re.DOTALL)
_GLYPHS = re.compile(rb"<([0-9a-f]+)>")


def pdf_text(pdf: bytes) -> str:
    """Return the text, a line for each piece that is set as one."""
    streams = [_unpacked(match[1]) for match in _STREAM.finditer(pdf)]
    letters: dict[bytes, str] = {}
    for stream in streams:
        if b"beginbfchar" in stream:
            for glyph, letter in _MAPPED.findall(stream):
                letters[glyph] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    lines = []
    for stream in streams:
        for shown in _SHOWN.findall(stream):
            glyphs = b"".join(_GLYPHS.findall(shown))
            pieces = (glyphs[at : at + 4] for at in range(0, len(glyphs), 4))
            lines.append("".join(letters.get(piece, "") for piece in pieces))
    return "\n".join(lines)


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream
