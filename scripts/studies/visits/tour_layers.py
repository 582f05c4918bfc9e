"""Tours, visits and crews as layers of the map."""

from collections.abc import Sequence
from itertools import pairwise

import geopandas
import numpy as np
import shapely

from routing.errors import RoutingError
from scripts.studies.report.frames import points_frame
from scripts.studies.report.report import Layer
from scripts.studies.report.text import Text
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.day_clock import DayClock
from scripts.studies.visits.plans import Tour

_WGS84 = "EPSG:4326"
_MOST_COLOURS = 8


def tour_layer(
    roads: StudyRoads,
    tours: Sequence[Tour],
    crews: Sequence[Crew],
    *,
    anew: bool = False,
) -> Layer:
    """Return one line a crew, along the streets that it drives; hidden at first if planned anew."""
    lines = [_line(roads, tour, crew) for tour, crew in zip(tours, crews, strict=True)]
    kept = [number for number, line in enumerate(lines) if line is not None]
    drawn = [line for line in lines if line is not None]
    few = len(kept) <= _MOST_COLOURS
    title = Text("Tours after the emergency", "突发事件后的路线") if anew else Text("Tours", "路线")
    frame = geopandas.GeoDataFrame(
        {
            "crew": [tours[number].crew for number in kept],
            "visits": [len(tours[number].visits) for number in kept],
            "drive_min": [round(tours[number].drive_s / 60, 1) for number in kept],
        },
        geometry=drawn,
        crs=_WGS84,
    )
    return Layer(
        "tours_after" if anew else "tours",
        title,
        frame,
        "crew" if few else None,
        "crew",
        Text("crew", "班组"),
        shown=not anew,
    )


def visit_layer(tours: Sequence[Tour], visits: Sequence[Visit], clock: DayClock) -> Layer:
    """Return the visits with who makes them and when; those nobody makes have no crew."""
    made = {stop.name: (tour.crew, stop.begin_s) for tour in tours for stop in tour.visits}
    crews = [made.get(visit.name, ("", 0))[0] for visit in visits]
    begins = [clock.text(made[one.name][1]) if one.name in made else "" for one in visits]
    frame = points_frame(
        np.array([visit.lonlat for visit in visits], dtype=np.float64).reshape(-1, 2),
        name=[visit.name for visit in visits],
        crew=crews,
        begin=begins,
        priority=[visit.priority for visit in visits],
        label=[
            f"{visit.name}: {crew} {begin}" if crew else f"{visit.name}: –"
            for visit, crew, begin in zip(visits, crews, begins, strict=True)
        ],
    )
    return Layer("visits", Text("Visits", "预约"), frame, None, "label", colour="#0072b2")


def crew_layer(crews: Sequence[Crew], clock: DayClock) -> Layer:
    """Return where each crew begins."""
    frame = points_frame(
        np.array([crew.start for crew in crews], dtype=np.float64).reshape(-1, 2),
        crew=[crew.name for crew in crews],
        free=[clock.text(crew.free_s) for crew in crews],
    )
    return Layer("crews", Text("Crews begin", "班组起点"), frame, None, "crew", colour="#009e73")


def point_layer(name: str, title: Text, lonlat: LonLat, label: str) -> Layer:
    """Return one place."""
    frame = points_frame(np.array([lonlat]), name=[label])
    return Layer(name, title, frame, None, "name", colour="#d55e00")


def _line(roads: StudyRoads, tour: Tour, crew: Crew) -> shapely.MultiLineString | None:
    places = [crew.start, *(stop.lonlat for stop in tour.stops)]
    if tour.stops and crew.end is not None:
        places.append(crew.end)
    lines = []
    for begin, end in pairwise(places):
        if begin == end:
            continue
        try:
            lines.append(shapely.LineString(roads.router.route([begin], [end]).line))
        except RoutingError:
            # Both places on one spot of the road: no way to draw, and none to drive.
            continue
    return shapely.MultiLineString(lines) if lines else None
