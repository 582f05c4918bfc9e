"""The streets from which crews set out, found once for each fix.

Every question about an incident asks for all crews around it, and most have not moved since the
last one: finding their streets again would take longer than the search itself.
"""

import threading
from collections.abc import Sequence

import numpy as np

from dispatch.roads.post_reach import PostReach
from dispatch.roads.street_reach import StreetReach
from dispatch.roads.types import Origin
from routing.locate.nearby_streets import NearbyStreets
from routing.router import Router

MOST_KEPT = 20_000
_NAN = float("nan")


class OriginStreets:
    """A router, and the streets of the latest origins on its network; any thread may ask.

    Attributes
    ----------
    router
        The router.
    reach
        Points spread over its streets, and who reaches them.
    posts
        What standby points reach that planners look at.
    """

    def __init__(self, router: Router, most_kept: int = MOST_KEPT) -> None:
        """Keep nothing yet.

        Parameters
        ----------
        router
            Finds the streets.
        most_kept
            How many; when there would be more, all are dropped and found again.
        """
        self.router = router
        self.reach = StreetReach(router)
        self.posts = PostReach(router)
        self._most_kept = most_kept
        self._lock = threading.Lock()
        self._kept = NearbyStreets.nowhere(most_kept, router.network.content_hash)
        self._rows: dict[Origin, int] = {}

    def forget_reach(self) -> None:
        """Drop what was found to be reached: other roads are closed now."""
        self.reach.forget()
        self.posts.forget()

    def find(self, origins: Sequence[Origin]) -> NearbyStreets:
        """Return the streets of each origin."""
        with self._lock:
            different = dict.fromkeys(origins)
            if len(different) > self._most_kept:
                return _streets_from(self.router, origins)
            unknown = [each for each in different if each not in self._rows]
            if len(self._rows) + len(unknown) > self._most_kept:
                unknown, self._rows = list(different), {}
            if unknown:
                first = len(self._rows)
                rows = slice(first, first + len(unknown))
                self._kept.replace(rows, _streets_from(self.router, unknown))
                self._rows |= {each: first + at for at, each in enumerate(unknown)}
            return self._kept[np.array([self._rows[each] for each in origins], dtype=np.int64)]


def _streets_from(router: Router, origins: Sequence[Origin]) -> NearbyStreets:
    table = np.array(
        [[_NAN if each is None else each for each in origin] for origin in origins], dtype=float
    )
    return router.streets_from(table[:, :2], table[:, 2], table[:, 3])
