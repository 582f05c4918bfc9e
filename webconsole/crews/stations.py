"""Stations: listed, added, changed and removed."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.core.bulk import BulkAnswer
from dispatch.crews.station_types import ChangeStation
from dispatch.crews.station_types import StationListQuery
from dispatch.crews.station_types import StationPageAnswer
from dispatch.crews.types import AddStation
from dispatch.crews.types import StationAnswer
from webconsole.crews.schemas import RemoveStations
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

stations = Area("stations", __name__, url_prefix="/api/v1/stations", tag="Stations")
STATION = described(StationAnswer)
WRITE = (Permission.STATION_WRITE,)


@stations.get("", needs=(Permission.CREW_READ,))
@stations.input(StationListQuery, location="query", arg_name="query")
@stations.output(described(StationPageAnswer))
def list_stations(query: StationListQuery) -> Response:
    """List the stations, all by name unless a page is asked for."""
    return answer(services().stations.list(actor(), query))


@stations.post("", needs=WRITE)
@stations.input(AddStation, arg_name="body")
@stations.output(STATION, 201)
@stations.doc(responses={409: "name_taken"})
def add_station(body: AddStation) -> Response:
    """Add a station."""
    station_id = services().stations.add(actor(), body)
    return answer(services().stations.one(actor(), station_id), 201)


@stations.patch("/<int:station_id>", needs=WRITE)
@stations.input(ChangeStation, arg_name="body")
@stations.output(STATION)
@stations.doc(responses={409: "name_taken"})
def change_station(station_id: int, body: ChangeStation) -> Response:
    """Change what is named of a station."""
    return answer(services().stations.change(actor(), station_id, body))


@stations.delete("/<int:station_id>", needs=WRITE)
@stations.output({}, 204)
@stations.doc(responses={409: "station_in_use"})
def remove_station(station_id: int) -> Response:
    """Remove a station that no crew starts from."""
    services().stations.remove(actor(), station_id)
    return Response(status=204)


@stations.post("/remove", needs=WRITE)
@stations.input(RemoveStations, arg_name="body")
@stations.output(described(BulkAnswer))
@stations.doc(responses={409: "bulk_refused"})
def remove_stations(body: RemoveStations) -> Response:
    """Remove several stations: all of them, or none if crews start from one."""
    return answer(services().stations.remove_several(actor(), body.ids))
