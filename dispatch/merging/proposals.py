"""What is being reported may be known already: incidents near a place, and why they fit."""

from datetime import timedelta

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.read_model import ReadModel
from dispatch.core.instants import Clock
from dispatch.core.limits import DEFAULT_NEAR
from dispatch.core.limits import SAME_MAIN_M
from dispatch.core.limits import SAME_PLACE_M
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents import kinds
from dispatch.merging.likeness import Known
from dispatch.merging.likeness import Likeness
from dispatch.merging.likeness import Why
from dispatch.merging.likeness import likeness
from dispatch.merging.nearby import on_one_main
from dispatch.merging.nearby import unfinished_near
from dispatch.merging.types import NearIncidentsAnswer
from dispatch.merging.types import ReasonAnswer

_MOST_COMPARED = 60


class JoinProposals:
    """Finds what a new report may be about."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def near(
        self,
        actor: Actor,
        lonlat: tuple[float, float],
        *,
        kind: str | None = None,
        address: str = "",
        radius_m: float | None = None,
        limit: int = DEFAULT_NEAR,
    ) -> NearIncidentsAnswer:
        """Return what is known near a place already, the likeliest first.

        Parameters
        ----------
        actor
            The desk.
        lonlat
            WGS 84 position, longitude first.
        kind
            What is reported there: only incidents of the same utility fit it. None: any may.
        address
            Where it is reported, in words.
        radius_m
            How far they may lie from it, in metres in a straight line. None: `SAME_PLACE_M`, or
            `SAME_MAIN_M` for those at a main that passes the place, too.
        limit
            How many at most.

        Raises
        ------
        InvalidInput
            On ``kind``, if there is none of this code.
        """
        actor.require(Permission.INCIDENT_READ)
        now = self._clock()
        with self._work.reading() as session:
            utility = None if kind is None else kinds.known(session, kind).utility
            found = unfinished_near(
                session,
                lonlat,
                radius_m or SAME_MAIN_M,
                now,
                utility=utility,
                most=_MOST_COMPARED,
            )
            mains = on_one_main(session, lonlat, [each.incident_id for each in found])
            judged = [
                (
                    each,
                    judge(
                        distance_m=each.distance_m,
                        told_ago=now - each.last_told_at,
                        kinds=(kind, each.kind),
                        utilities=(utility, each.utility),
                        same_main=each.incident_id in mains,
                        addresses=(address, each.address),
                    ),
                )
                for each in found
                if radius_m or each.distance_m <= SAME_PLACE_M or each.incident_id in mains
            ]
            judged.sort(key=lambda each: (-each[1].score, each[0].distance_m, each[0].incident_id))
            ids = [each.incident_id for each, _ in judged[:limit]]
            incidents = self._read_model.incidents(session, ids)
        return {
            "incidents": [
                {
                    "distance_m": each.distance_m,
                    "score": round(alike.score, 2),
                    "likely": alike.is_likely,
                    "reasons": reasons(alike, mains.get(each.incident_id)),
                    "incident": incidents[each.incident_id],
                }
                for each, alike in judged[:limit]
            ]
        }


def judge(
    *,
    distance_m: float,
    told_ago: timedelta,
    kinds: tuple[str | None, str],
    utilities: tuple[str | None, str],
    same_main: bool,
    addresses: tuple[str, str],
) -> Likeness:
    """Return how likely two are the same; of each pair the first may not be known yet."""
    known = Known(
        distance_m=distance_m,
        last_told_ago=told_ago,
        same_kind=None if kinds[0] is None else kinds[0] == kinds[1],
        same_utility=None if utilities[0] is None else utilities[0] == utilities[1],
        same_main=same_main,
        address=addresses[1],
        reported_address=addresses[0],
    )
    return likeness(known)


def reasons(alike: Likeness, main: str | None) -> list[ReasonAnswer]:
    """Return what a score comes from as the API shows it; of a main what it is called."""
    return [
        {"code": why.value, "detail": (main or None) if why is Why.SAME_MAIN else None}
        for why in alike.why
    ]
