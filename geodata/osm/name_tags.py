"""Names and house numbers in OpenStreetMap tags, for map and search."""

from collections.abc import Mapping

NUMBER_KEYS = ("addr:housenumber", "addr:conscriptionnumber")


def chinese_name(tags: Mapping[str, str]) -> str | None:
    """Return the Chinese name, simplified first, None if there is none."""
    return tags.get("name:zh-Hans") or tags.get("name:zh")


def house_numbers(tags: Mapping[str, str]) -> list[str]:
    """Return the house numbers of a node or building: ``12;14, 16`` are three."""
    written = next((tags[key] for key in NUMBER_KEYS if tags.get(key)), "")
    parts = (part.strip() for part in written.replace(",", ";").split(";"))
    return [part for part in parts if part]
