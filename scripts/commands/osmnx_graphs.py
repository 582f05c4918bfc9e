"""Read street graphs of osmnx from a GraphML file, or download them by place name."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeVar
from xml.etree.ElementTree import ParseError

import requests

from geodata.roads.types import RoadData
from routing.errors import NetworkError
from routing.network.osmnx_import import from_graph
from scripts.errors import UsageError

SUFFIX = ".graphml"
_REQUEST_TIMEOUT_S = 60.0
_OFFLINE = "Extracts need no network: nearcrew import-osm FILE.osm.pbf"
_T = TypeVar("_T")


def read_graphml(path: Path) -> RoadData:
    """Return the streets of a file that osmnx saved.

    Raises
    ------
    UsageError
        If there is no such file, or it is something else.
    """
    import osmnx  # noqa: PLC0415  (loads pandas and more: seconds)

    if not path.is_file():
        message = f"There is no file {path}."
        raise UsageError(message)
    try:
        return from_graph(osmnx.io.load_graphml(path))
    except NetworkError as error:
        message = f"{path.name} cannot be imported: {error}."
        raise UsageError(message) from error
    except (ParseError, KeyError, ValueError, TypeError, OSError) as error:
        message = f"{path.name} is no GraphML file of osmnx: {error}."
        raise UsageError(message, mend="osmnx.save_graphml(graph, path) makes one.") from error


def download(
    place: str, *, timeout_s: float, overpass: str | None = None, nominatim: str | None = None
) -> RoadData:
    """Return the streets of a place, downloaded from OpenStreetMap's public services.

    Parameters
    ----------
    place
        What Nominatim finds: "Piedmont, California, USA".
    timeout_s
        After so many seconds it is given up, whatever the services promise: osmnx itself would
        wait and ask again without an end.
    overpass, nominatim
        Addresses of services of one's own.

    Raises
    ------
    UsageError
        If there is no network, no such place, no street in it, or no answer in time.
    """
    import osmnx  # noqa: PLC0415  (as above)
    from osmnx._errors import InsufficientResponseError  # noqa: PLC0415
    from osmnx._errors import ResponseStatusCodeError  # noqa: PLC0415

    osmnx.settings.use_cache = False
    osmnx.settings.requests_timeout = min(timeout_s, _REQUEST_TIMEOUT_S)
    osmnx.settings.overpass_url = overpass or osmnx.settings.overpass_url
    osmnx.settings.nominatim_url = nominatim or osmnx.settings.nominatim_url
    # One's own service says nothing of free slots, and the public one is asked once.
    osmnx.settings.overpass_rate_limit = overpass is None
    try:
        graph = _within(timeout_s, lambda: osmnx.graph_from_place(place, network_type="drive"))
    except requests.RequestException as error:
        message = f"{place} cannot be downloaded: no answer from the network ({_short(error)})."
        raise UsageError(message, mend=_OFFLINE) from error
    except TimeoutError as error:
        message = f"{place} was not downloaded within {timeout_s:,.0f} s."
        raise UsageError(message, mend=f"Try --timeout, or a smaller place. {_OFFLINE}") from error
    except (InsufficientResponseError, ResponseStatusCodeError, ValueError, TypeError) as error:
        message = f"{place} cannot be downloaded: {_short(error)}."
        raise UsageError(message, mend=f"Is the name right? {_OFFLINE}") from error
    try:
        return from_graph(graph)
    except NetworkError as error:
        message = f"{place} cannot be imported: {error}."
        raise UsageError(message) from error


def _within(timeout_s: float, work: Callable[[], _T]) -> _T:
    """Return the result of a function run in a thread, with a time limit.

    A thread that still waits for the network does not keep the process from ending.
    """
    done: list[_T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001  (raised again by who waits)
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True, name="download")
    thread.start()
    thread.join(timeout_s)
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError
    return done[0]


def _short(error: Any) -> str:  # noqa: ANN401  (whatever osmnx raised)
    return (
        str(error).strip().rstrip(".").splitlines()[0][:200] if str(error).strip() else "no reason"
    )
