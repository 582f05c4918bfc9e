"""The base map that a setting puts in the place of our own tiles."""

import logging
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import abort
from flask import send_file
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from dispatch.ground.base_map import BaseMap
from dispatch.ground.base_map import Kind
from geodata.errors import NotPmtilesError
from geodata.tiles.pmtiles_archive import Archive
from geodata.tiles.pmtiles_archive import read_archive
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import SIGNED_IN
from webconsole.platform.route_rights import Pages

LOG = logging.getLogger(__name__)
base_map = Pages("base_map", __name__)
_MIMETYPE = "application/vnd.pmtiles"
_YEAR_S = 31_536_000
_MARKUP = re.compile(r"<[^>]*>|\s+")


@base_map.get("/base-map/<version>.pmtiles", needs=SIGNED_IN)
def pieces(version: str) -> BaseResponse:
    """Return the pieces of the archive that a browser asks for.

    Its name changes when the file is replaced: pieces of two archives never mix.
    """
    actor()
    setting = services().settings.base_map
    try:
        if setting.kind is not Kind.PMTILES or version != _version(setting):
            abort(404)
        answer = send_file(setting.source, mimetype=_MIMETYPE, conditional=True)
    except FileNotFoundError:
        abort(404)
    answer.headers["Cache-Control"] = f"private, max-age={_YEAR_S}, immutable"
    return answer


def check(setting: BaseMap) -> None:
    """Refuse an archive that cannot be drawn: better at the start than an empty map at every desk.

    Raises
    ------
    NotPmtilesError
        If it is something else, or holds pictures.
    """
    if setting.kind is Kind.PMTILES:
        _archive(setting.source, _version(setting))


def told_to_pages(setting: BaseMap) -> dict[str, Any]:
    """Return what a page draws the base map from; our own if the archive is gone since the start.

    A desk on another map goes on working; one without a page does not.
    """
    told = {"kind": setting.kind.value, "datum": setting.datum.value}
    if setting.kind is Kind.OWN:
        return told
    if setting.kind is Kind.RASTER:
        return {
            **told,
            "url": setting.source,
            "max_zoom": setting.max_zoom,
            "attribution": setting.attribution,
        }
    try:
        version = _version(setting)
        archive = _archive(setting.source, version)
    except (OSError, NotPmtilesError):
        LOG.exception("the base map cannot be read; pages draw our own")
        return told_to_pages(BaseMap())
    return {
        **told,
        "url": url_for("base_map.pieces", version=version),
        "max_zoom": archive.max_zoom,
        "attribution": setting.attribution or _as_text(archive.attribution),
        "ours": archive.is_ours,
    }


@lru_cache(maxsize=4)
def _archive(source: str, _version_read: str) -> Archive:
    return read_archive(Path(source))


def _version(setting: BaseMap) -> str:
    stat = Path(setting.source).stat()
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"


def _as_text(credit: str) -> str:
    """Return who is to be named as text: archives carry links."""
    return " ".join(_MARKUP.sub(" ", credit).split())
