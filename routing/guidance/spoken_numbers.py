"""Round distances and bearings as they are spoken, in any language."""

_KILOMETRE_M = 1000.0
_TENTHS_UPTO_M = 10_000.0
_STEPS_M = ((250.0, 10), (500.0, 50), (_KILOMETRE_M, 100))


def rounded(metres: float) -> tuple[str, bool]:
    """Return a distance rounded for speaking, and whether it is in kilometres.

    To 10 m below 250 m, 50 m below 500 m, 100 m below a kilometre; then tenths of a kilometre, and
    whole ones from ten on.
    """
    for below_m, step_m in _STEPS_M:
        if metres < below_m:
            said = max(10, int(metres / step_m + 0.5) * step_m)
            if said < _KILOMETRE_M:
                return str(said), False
    kilometres = metres / _KILOMETRE_M
    text = f"{kilometres:.1f}" if metres < _TENTHS_UPTO_M else f"{kilometres:.0f}"
    return text.removesuffix(".0"), True


def compass_point(bearing_deg: float) -> int:
    """Return the nearest of eight compass points to a bearing, 0 is north."""
    return int((bearing_deg + 22.5) // 45.0) % 8
