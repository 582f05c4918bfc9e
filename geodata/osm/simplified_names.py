"""Collect simplified Chinese names of an extract, for objects that carry traditional ones alone."""

from pathlib import Path

import osmium
import osmium.filter

from geodata.osm.extract_file import extract_errors
from geodata.osm.name_tags import CHINESE_KEYS
from geodata.osm.name_tags import chinese_name
from geodata.osm.name_tags import is_simplified


def simplified_names(path: Path) -> dict[str, str]:
    """Return simplified Chinese names by the local name, where the two differ.

    Raises
    ------
    TruncatedExtractError
        If the file breaks off.
    """
    found: dict[str, str] = {}
    with extract_errors(path):
        named = osmium.FileProcessor(path).with_filter(osmium.filter.KeyFilter(*CHINESE_KEYS))
        for item in named:
            tags = {tag.k: tag.v.replace("\0", "") for tag in item.tags}
            name, chinese = tags.get("name"), chinese_name(tags)
            if name and chinese and chinese != name and is_simplified(chinese):
                found.setdefault(name, chinese)
    return found
