"""How browsers and programs name themselves, in the few words that people know them by. Pure."""

import re
from typing import Final

# The first that fits: most browsers also claim to be others.
_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Edg(?:e|A|iOS)?/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|CriOS/|Chromium/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"),
    ("Linux|X11", "Linux"),
)
_LONGEST_NAME: Final = 40


def device_name(agent: str | None) -> str:
    """Return the browser and the system, such as "Firefox, Windows"; of programs their name."""
    if not agent:
        return ""
    browser = _first(_BROWSERS, agent)
    system = _first(_SYSTEMS, agent)
    if browser is None:
        return agent.split()[0][:_LONGEST_NAME]
    return browser if system is None else f"{browser}, {system}"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for pattern, name in names if re.search(pattern, agent)), None)
