"""What given closures do together, and files of them."""

import json
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routing.router import Router
from scripts.errors import UsageError
from scripts.studies.closure.given_closures import study_given
from scripts.studies.inputs.closure_file import read_closures
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import StudyRoads
from tests.routing.drawing import draw
from tests.routing.drawing import lonlat
from tests.routing.drawing import street

_NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)


def _feature(kind: str, coordinates: object, **properties: str) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _written(folder: Path, *features: dict[str, Any]) -> Path:
    file = folder / "closures.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return file


def test_two_closures_together_cut_off_what_each_alone_does_not(tmp_path: Path) -> None:
    """The road on the left in one direction, that on the right as an area."""
    #       C          A-B-C and A-D-C, 100 m each; post on A-E, demand on C-F
    #    B     D
    #       A
    places = {"A": (0, 0), "B": (-80, 60), "C": (0, 120), "D": (80, 60)}
    town = draw(
        {**places, "E": (0, -100), "F": (0, 220)},
        [street(one) for one in ("A-B", "B-C", "A-D", "D-C", "E-A", "C-F")],
    )
    roads = StudyRoads(Router(town.network))
    post = roads.place(Points.at_places([lonlat((0, -50))]))
    demand = roads.place(Points.at_places([lonlat((0, 170))], [8.0]))
    left = _feature("LineString", [lonlat((-72, 54)), lonlat((-8, 6))], direction="against")
    around = [lonlat(at) for at in ((60, 70), (60, 100), (20, 100), (60, 70))]
    right = _feature("Polygon", [around])

    def given(*features: dict[str, Any]) -> tuple[float, float]:
        closures = read_closures(_written(tmp_path, *features))
        loss = study_given(roads, post, demand, closures, now=_NOW, limit_s=60.0).loss
        return loss.cover, loss.cut_off

    assert given(left) == given(right) == (0.0, 0.0)
    assert given(left, right) == (8.0, 8.0)
    # Against the line is towards B, which it was drawn from; along it nobody drives here.
    along = _feature("LineString", left["geometry"]["coordinates"], direction="along")
    assert given(along, right) == (0.0, 0.0)
    open_again = roads.nearest(post, demand, np.inf).travel_time_s
    assert np.isfinite(open_again).all()


def test_a_direction_that_is_none_is_refused_with_its_place(tmp_path: Path) -> None:
    """Not taken for both in silence."""
    line = _feature("LineString", [[7.42, 43.73], [7.43, 43.73]], direction="up")

    with pytest.raises(UsageError, match="feature 1: 'up' is no direction"):
        read_closures(_written(tmp_path, line))
