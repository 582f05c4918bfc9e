"""Exports of tracks, routes and events as GPX 1.1 and GeoJSON, with every reported fix."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.running import Runner
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents.models import IncidentKind
from dispatch.positions import tracks
from dispatch.replay.export_files import write
from dispatch.replay.service import Past
from dispatch.replay.service import ReplayService
from dispatch.replay.types import Format
from dispatch.replay.types import KeptDecision
from dispatch.replay.types import ReplayIncident
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import Origin
from dispatch.sending.paths import PathService

FORMATS: dict[Format, str] = {"gpx": "application/gpx+xml", "geojson": "application/geo+json"}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """File name, content type and content of an export."""

    content: bytes
    mimetype: str
    name: str


class ExportService:
    """Exports past incidents and crews."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        replay: ReplayService,
        paths: PathService,
        blocking: Runner,
    ) -> None:
        self._work = unit_of_work
        self._replay = replay
        self._paths = paths
        self._blocking = blocking

    def crew(
        self,
        actor: Actor,
        crew_id: int,
        format_: Format,
        *,
        from_: datetime | None = None,
        to: datetime | None = None,
        language: str = "en",
    ) -> ExportFile:
        """Return a crew's track and events in a period, limited as in its replay.

        Parameters
        ----------
        actor
            Who may replay it: the desk, and the crew itself.
        crew_id
            Which crew.
        format_
            ``gpx`` or ``geojson``.
        from_, to
            The period; the last four hours by default, 24 hours at most.
        language
            Of the names of incident kinds, ``en`` or ``zh``.

        Raises
        ------
        InvalidInput
            On ``from``, also when there are more fixes than a file may hold: none is left out.
        """
        if actor.crew_id != crew_id:
            actor.require(Permission.EXPORT)
        past = self._replay.past_of_crew(actor, crew_id, from_, to)
        return self._file(f"crew-{crew_id}", past, format_, language)

    def incident(
        self,
        actor: Actor,
        incident_id: int,
        format_: Format,
        *,
        from_: datetime | None = None,
        to: datetime | None = None,
        language: str = "en",
    ) -> ExportFile:
        """Return an incident with the tracks of its crews, their ways and what happened."""
        actor.require(Permission.EXPORT)
        past = self._replay.past_of_incident(actor, incident_id, from_, to)
        (incident,) = past.told["incidents"]
        ways = [way for each in past.told["decisions"] if (way := self._way(each, incident))]
        return self._file(f"incident-{incident_id}", past, format_, language, ways)

    def _file(
        self,
        name: str,
        past: Past,
        format_: Format,
        language: str,
        ways: Sequence[Mapping[str, Any]] = (),
    ) -> ExportFile:
        period = (past.crew_ids, past.since, past.until)
        label = IncidentKind.name_zh if language == "zh" else IncidentKind.name_en
        with self._work.reading() as session:
            if tracks.interval_s(session, *period) is not None:
                message = N_("more fixes follow than a file may hold: choose a shorter period")
                raise InvalidInput.one("from", message)
            kinds = {row[0]: row[1] for row in session.execute(select(IncidentKind.code, label))}
            fixes = tracks.read_fixes(session, *period)
        content = self._blocking(write, format_, name, past.told, kinds, ways, fixes)
        file_name = f"nearcrew-{name}-{past.since:%Y%m%dT%H%MZ}.{format_}"
        return ExportFile(content, FORMATS[format_], file_name)

    def _way(self, decision: KeptDecision, incident: ReplayIncident) -> dict[str, Any] | None:
        """Return the way that a crew was sent, on the roads of today; None where there is none."""
        chosen = [each for each in decision["candidates"] if each["crew_id"] == decision["crew_id"]]
        if not chosen or chosen[0].get("lon") is None:
            return None
        origin = Origin(chosen[0]["lon"], chosen[0]["lat"])
        try:
            profile = DrivingProfile(chosen[0].get("profile", DrivingProfile.NORMAL))
            target = (incident["lon"], incident["lat"])
            way = self._paths.fastest(origin, target, profile=profile)
        except (Conflict, InvalidInput):
            return None
        return {**way, "crew_id": decision["crew_id"], "at": decision["decided_at"]}
