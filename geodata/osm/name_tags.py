"""Names and house numbers in OpenStreetMap tags, for map and search."""

from collections.abc import Mapping

NUMBER_KEYS = ("addr:housenumber", "addr:conscriptionnumber")


CHINESE_KEYS = ("name:zh-Hans", "name:zh-CN", "name:zh")


def chinese_name(
    tags: Mapping[str, str], simplified: Mapping[str, str] | None = None
) -> str | None:
    """Return the Chinese name, simplified if the source has it so; None if there is none.

    Parameters
    ----------
    simplified
        Simplified Chinese names by the local name, from wherever in the source they stand
        (`simplified_names`): one object of a city has it, and another the traditional one.
    """
    written = [tags[key] for key in CHINESE_KEYS if tags.get(key)]
    if not written:
        return None
    own = next((name for name in written if is_simplified(name)), None)
    return own or (simplified or {}).get(tags.get("name", ""), written[0])


def is_simplified(name: str) -> bool:
    """Tell whether all of a name is in GB 2312, which holds simplified characters only."""
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def house_numbers(tags: Mapping[str, str]) -> list[str]:
    """Return the house numbers of a node or building: ``12;14, 16`` are three."""
    written = next((tags[key] for key in NUMBER_KEYS if tags.get(key)), "")
    parts = (part.strip() for part in written.replace(",", ";").split(";"))
    return [part for part in parts if part]
