"""What planners look at, which studies there are, and how one stands. Pure rules."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class DemandKind(StrEnum):
    """What is to be reached in time."""

    ROAD = "road"
    """Every metre of street counts the same."""
    INCIDENTS = "incidents"
    """Every incident of the past year counts the same."""
    ZONES = "zones"
    """Streets within each zone; each zone by its incidents, as the desk is told of cover."""


class StudyKind(StrEnum):
    """Which command makes it: ``nearcrew study …``."""

    COVERAGE = "coverage"
    SITE = "site"
    """The scenario's points are places where one could stand; so many of them are chosen."""
    CLOSURE = "closure"
    """One street at a time is closed: which costs most cover of the scenario's points."""
    FLEET = "fleet"
    SIMULATE = "simulate"
    """One crew stands at each of the scenario's points."""


class StudyState(StrEnum):
    """How far a study is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StudyFailure(StrEnum):
    """Why a study has no report."""

    INTERRUPTED = "interrupted"
    """The worker was lost, and each that took it up."""
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    REFUSED = "refused"
    """The command said why: its words are kept."""
    BROKEN = "broken"
    """It ended otherwise, as when it needed more memory than it may have."""


OF_WHOLE_LOG: Final = frozenset({StudyKind.FLEET, StudyKind.SIMULATE})
"""These read the desk's log of incidents themselves, so only who sees all of it may have them."""
ENDED: Final = frozenset({StudyState.DONE, StudyState.FAILED, StudyState.CANCELLED})
LIVE: Final = frozenset({StudyState.QUEUED, StudyState.RUNNING})
MOST_ATTEMPTS: Final = 3
"""A study whose worker was lost so often is given up."""

DEMAND_LABELS: Final[Mapping[DemandKind, str]] = {
    DemandKind.ROAD: N_("Road length"),
    DemandKind.INCIDENTS: N_("Past incidents"),
    DemandKind.ZONES: N_("Zones, by their incidents"),
}
STUDY_LABELS: Final[Mapping[StudyKind, str]] = {
    StudyKind.COVERAGE: N_("Coverage"),
    StudyKind.SITE: N_("Best of these points"),
    StudyKind.CLOSURE: N_("Closures that hurt most"),
    StudyKind.FLEET: N_("Number of crews"),
    StudyKind.SIMULATE: N_("Simulation of dispatch rules"),
}
STATE_LABELS: Final[Mapping[StudyState, str]] = {
    StudyState.QUEUED: N_("waiting"),
    StudyState.RUNNING: N_("running"),
    StudyState.DONE: N_("done"),
    StudyState.FAILED: N_("failed"),
    StudyState.CANCELLED: N_("cancelled"),
}
FAILURE_LABELS: Final[Mapping[StudyFailure, str]] = {
    StudyFailure.INTERRUPTED: N_("interrupted: the worker that ran it was lost"),
    StudyFailure.TOO_LONG: N_("it took longer than a study may"),
    StudyFailure.TOO_LARGE: N_("its files are larger than a study may keep"),
    StudyFailure.REFUSED: N_("the study was refused"),
    StudyFailure.BROKEN: N_("it ended without a report; it may have needed too much memory"),
}


def next_attempt(state: StudyState, attempts: int) -> StudyState:
    """Return the state of a study whose job is run, possibly again after a worker was lost."""
    if state in ENDED:
        return state
    return StudyState.RUNNING if attempts < MOST_ATTEMPTS else StudyState.FAILED
