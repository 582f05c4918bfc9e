"""The exceptions of routing."""


class RoutingError(Exception):
    """Base class of all errors that routing raises."""


class InvalidPointError(RoutingError, ValueError):
    """An invalid position, heading or offset: NaN, wrong shape, out of range."""


class InvalidTrackError(RoutingError, ValueError):
    """A track whose times are missing or no numbers."""


class NetworkError(RoutingError, ValueError):
    """Road arrays that contradict each other, or an unknown profile."""


class NetworkFileError(RoutingError):
    """A saved file of another format or version, truncated or altered."""


class OutsideNetworkError(RoutingError):
    """A position further from every road than the snapping limit.

    Attributes
    ----------
    distance_m
        Distance to the nearest road, metres.
    limit_m
        Greatest permitted distance, metres.
    """

    def __init__(self, distance_m: float, limit_m: float, hint: str = "") -> None:
        self.distance_m = distance_m
        self.limit_m = limit_m
        super().__init__(
            f"the nearest road is {distance_m:,.0f} m away, further than {limit_m:,.0f} m{hint}"
        )


class UnreachableError(RoutingError):
    """Both endpoints are on roads, but no permitted path leads from one to the other."""


class SpeedTableError(RoutingError, ValueError):
    """Invalid speed factors, or a file that holds none."""


class ClosureError(RoutingError, ValueError):
    """An invalid closure: an outline that crosses itself, a stretch that is on no road."""


class InvalidLimitError(RoutingError, ValueError):
    """A time limit that is not a number, infinite or not above zero."""


class UnknownLanguageError(RoutingError, ValueError):
    """Guidance was requested in an unsupported language."""

    def __init__(self, language: str) -> None:
        super().__init__(f"guidance is available in zh and en, not in {language!r}")


class EngineError(RoutingError):
    """The search engine failed; its query objects were dropped, so the next call starts anew."""
