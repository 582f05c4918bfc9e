"""Ask the labels of a router themselves, however small the matrix."""

from routing.engine.native_thread import call_directly
from routing.labels.label_engine import LabelEngine
from routing.locate.checked_positions import PositionsLike
from routing.network.arrays import FloatArray
from routing.router import Router


def labels_of(router: Router) -> LabelEngine:
    """Return the labels of a router, made if they are not."""
    router.prepare_labels()
    return router._matrices._engines[router._search]


def matrix_by_labels(router: Router, origins: PositionsLike, targets: PositionsLike) -> FloatArray:
    """Return seconds, shape ``(origins, targets)``."""
    starts, goals = router._snapper.origins(origins), router._snapper.targets(targets)
    return labels_of(router).matrix(router._search, call_directly, starts, goals) / 1000.0
