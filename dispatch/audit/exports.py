"""Note what leaves the house as a file, before its first byte does."""

from collections.abc import Mapping
from typing import Any

from dispatch.access.permissions import Actor
from dispatch.audit.entries import write_entry
from dispatch.audit.states import TrailKind
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork


class ExportTrail:
    """Writes exports into the trail; one that cannot be written down is not given."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def note(
        self,
        actor: Actor,
        subject: str,
        *,
        subject_id: str = "",
        asked: Mapping[str, Any] | None = None,
    ) -> None:
        """Write that somebody exports something.

        Parameters
        ----------
        subject
            What: the name of the file without anything personal, such as ``incidents.csv``.
        asked
            The filters, as they were asked for.
        """
        with self._work.writing() as session:
            write_entry(
                session,
                TrailKind.EXPORT,
                "export",
                at=self._clock(),
                actor_id=actor.account_id,
                actor=actor.display_name,
                subject=subject,
                subject_id=subject_id,
                unit_id=actor.unit_id,
                said={name: value for name, value in (asked or {}).items() if value is not None},
            )
