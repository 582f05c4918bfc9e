"""The maps of single closures, and of given ones."""

from pathlib import Path

import geopandas
import numpy as np

from scripts.studies.closure.closure_study import ClosureStudy
from scripts.studies.closure.closure_words import MEASURE_WORDS
from scripts.studies.closure.closure_words import piece_words
from scripts.studies.closure.given_closures import GivenClosures
from scripts.studies.closure.losses import Measure
from scripts.studies.inputs.map_file import read_map_in_degrees
from scripts.studies.report.frames import points_frame
from scripts.studies.report.report import Layer
from scripts.studies.report.text import Text

_HOUR_S, _MINUTE_S = 3600.0, 60.0


def draw_closures(study: ClosureStudy) -> list[Layer]:
    """Return the streets by their loss, who loses cover by the worst, and the posts."""
    ranking, names = study.ranking, study.names
    ranks = {one.group: rank for rank, one in enumerate(ranking.worst, start=1)}
    searched = np.flatnonzero(np.nan_to_num(ranking.found) > 0.0)
    layers = []
    if len(searched):
        scale = _HOUR_S if ranking.measure is Measure.TIME else 1.0
        rising = searched[np.argsort(ranking.found[searched], kind="stable")]  # the worst on top
        pieces = [names.describe(one) for one in rising.tolist()]
        frame = geopandas.GeoDataFrame(
            {
                "street": [piece_words(piece)[0].en for piece in pieces],
                "between": [piece_words(piece)[1].en for piece in pieces],
                "rank": [ranks.get(one) for one in rising.tolist()],
                "loss": np.round(ranking.found[rising] / scale, 3),
            },
            geometry=[names.line(one) for one in rising.tolist()],
            crs="EPSG:4326",
        )
        title = Text("Streets by what closing them costs", "按封闭损失着色的道路")
        layers.append(
            Layer("closures", title, frame, "loss", "street", MEASURE_WORDS[ranking.measure])
        )
    if ranking.worst:
        losing = study.losing_cover(ranking.worst[0].group)
        if len(losing):
            points = study.demand.points
            frame = points_frame(
                points.lonlat[losing],
                name=[points.names[one] for one in losing.tolist()],
                weight=points.weights[losing],
            )
            title = Text("Lose cover by the worst closure", "最坏封闭下失去覆盖的需求")
            layers.append(
                Layer("losing_cover", title, frame, None, "name", shown=False, colour="#cc79a7")
            )
    posts = study.posts.points
    frame = points_frame(posts.lonlat, name=list(posts.names))
    layers.append(Layer("posts", Text("Posts", "驻点"), frame, None, "name", colour="#1b1b1b"))
    return layers


def draw_given(study: ClosureStudy, given: GivenClosures, file: Path) -> list[Layer]:
    """Return given closures as drawn in their file, and where arrivals are later by them."""
    closed = read_map_in_degrees(file)[["geometry"]]
    layers = [
        Layer("given_closures", Text("Given closures", "给定的封闭"), closed, colour="#4b3f72")
    ]
    changed = np.flatnonzero(given.after_s > given.before_s)
    if not len(changed):
        return layers
    points = study.demand.points
    worst_s = study.losses.worst_s
    after_s = np.minimum(given.after_s[changed], worst_s)
    added_min = (after_s - np.minimum(given.before_s[changed], worst_s)) / _MINUTE_S
    frame = points_frame(
        points.lonlat[changed],
        name=[points.names[one] for one in changed.tolist()],
        weight=points.weights[changed],
        added_min=np.round(added_min, 2),
    )
    title = Text("Later because of the given closures", "因给定封闭而延后到达")
    legend = Text("minutes later", "延后（分钟）")
    return [*layers, Layer("later", title, frame, "added_min", "name", legend)]
