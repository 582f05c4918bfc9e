"""What can go wrong on the road, as one family of exceptions."""


class RoutingError(Exception):
    """Base of everything routing raises on purpose."""


class InvalidPointError(RoutingError, ValueError):
    """A position, heading or offset that cannot be one: NaN, wrong shape, out of range."""


class NetworkError(RoutingError, ValueError):
    """Road arrays that contradict each other, or a profile nobody defined."""


class NetworkFileError(RoutingError):
    """A saved file that is not ours, of another version, cut short or altered."""


class OutsideNetworkError(RoutingError):
    """A position further from every road than the snapping limit.

    Attributes
    ----------
    distance_m
        How far the nearest road is, metres.
    limit_m
        How far it may be, metres.
    """

    def __init__(self, distance_m: float, limit_m: float, hint: str = "") -> None:
        self.distance_m = distance_m
        self.limit_m = limit_m
        super().__init__(
            f"the nearest road is {distance_m:,.0f} m away, further than {limit_m:,.0f} m{hint}"
        )


class UnreachableError(RoutingError):
    """Both ends lie on roads, but no permitted way leads from one to the other."""


class SpeedTableError(RoutingError, ValueError):
    """Speed factors that cannot be, or a file that does not hold any."""


class ClosureError(RoutingError, ValueError):
    """A closure that cannot be: an outline that crosses itself, a stretch that is on no road."""


class InvalidLimitError(RoutingError, ValueError):
    """A time limit that is no number, infinite or not above zero."""


class UnknownLanguageError(RoutingError, ValueError):
    """Guidance was asked for in a language it does not speak."""

    def __init__(self, language: str) -> None:
        super().__init__(f"guidance speaks zh and en, not {language!r}")


class EngineError(RoutingError):
    """The search engine gave up; its objects were dropped and the next call starts afresh."""
