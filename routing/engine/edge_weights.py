"""Profiles, and the weights of edges and turns in whole milliseconds.

One topology carries many sets of weights. A profile decides which of the marked arcs may be used
and at what price; changing it is a new column of numbers, not a new network.
"""

from dataclasses import dataclass
from dataclasses import field

import numpy as np

from routing.engine.edge_expansion import FORBIDDEN_TURN
from routing.engine.edge_expansion import U_TURN
from routing.engine.edge_expansion import Expansion
from routing.engine.turn_costs import TurnCosts
from routing.engine.turn_costs import turn_times_ms
from routing.errors import NetworkError
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork

UNREACHABLE_MS = 2**31 - 1  # infinity in RoutingKit; weights are 32-bit
_LONGEST_EDGE_MS = 24 * 3_600_000


@dataclass(frozen=True)
class Profile:
    """A vehicle profile: what it may do, and at what additional cost.

    Attributes
    ----------
    name
        Name in settings and requests.
    contraflow_factor
        How much longer a street takes against its one-way sign; ``None``: forbidden.
    forbidden_turn_ms
        Additional cost of a forbidden turn; ``None``: forbidden.
    u_turn_ms
        Additional cost of turning back at a junction; ``None``: only at dead ends.
    turns
        The table of turn costs.
    """

    name: str
    contraflow_factor: float | None = None
    forbidden_turn_ms: int | None = None
    u_turn_ms: int | None = None
    turns: TurnCosts = field(default_factory=TurnCosts)


NORMAL = Profile("normal")
# Road Traffic Safety Law of the PRC, article 53: on an urgent task, safety ensured, a rescue
# vehicle is not bound by route, direction, speed and signals. Ensuring safety takes time: prices.
EMERGENCY = Profile("emergency", contraflow_factor=2.5, forbidden_turn_ms=10_000, u_turn_ms=10_000)
PROFILES = {profile.name: profile for profile in (NORMAL, EMERGENCY)}


def profile_named(name: str) -> Profile:
    """Return a profile by name.

    Raises
    ------
    NetworkError
        If there is none of that name.
    """
    try:
        return PROFILES[name]
    except KeyError:
        message = f"no profile {name!r}; there are {', '.join(sorted(PROFILES))}"
        raise NetworkError(message) from None


@dataclass(frozen=True, eq=False)
class EdgeWeights:
    """Weights of all edges and arcs for one profile and hour.

    Attributes
    ----------
    edge_ms
        Time from end to end of each directed edge, int64, shape ``(2m,)``; ``UNREACHABLE_MS`` where
        it may not be driven.
    arc_ms
        Time along the edge an arc begins at and through the turn at its end, int64, shape ``(a,)``;
        ``UNREACHABLE_MS`` where either edge or the turn is not permitted.
    """

    edge_ms: IntArray
    arc_ms: IntArray


def compute_weights(
    network: RoadNetwork,
    expansion: Expansion,
    lines: Lines,
    profile: Profile,
    edge_factor: FloatArray | None = None,
) -> EdgeWeights:
    """Return the weights of a profile without closures.

    Parameters
    ----------
    edge_factor
        Share of the free-flow speed driven on each directed edge, shape ``(2m,)``; ``None``: all 1.
    """
    edge_ms = _edge_times_ms(network, profile, edge_factor)
    here = expansion.state_edge[expansion.arc_from]
    there = expansion.state_edge[expansion.arc_to]
    arc_ms = edge_ms[here] + turn_times_ms(network, expansion, lines, profile.turns)
    shut = (edge_ms[here] == UNREACHABLE_MS) | (edge_ms[there] == UNREACHABLE_MS)
    for mark, price_ms in (
        (FORBIDDEN_TURN, profile.forbidden_turn_ms),
        (U_TURN, profile.u_turn_ms),
    ):
        marked = (expansion.arc_mark & mark) > 0
        if price_ms is None:
            shut |= marked
        else:
            arc_ms[marked] += price_ms
    arc_ms[shut] = UNREACHABLE_MS
    return EdgeWeights(edge_ms, arc_ms)


def _edge_times_ms(
    network: RoadNetwork, profile: Profile, edge_factor: FloatArray | None
) -> IntArray:
    roads = network.roads
    speed_mps = np.empty(network.edge_count)
    speed_mps[0::2], speed_mps[1::2] = roads.segment_forward_mps, roads.segment_backward_mps
    if edge_factor is not None:
        speed_mps *= edge_factor
    ms = 1000.0 * np.repeat(roads.segment_length_m, 2) / speed_mps
    if profile.contraflow_factor is not None:
        ms[~network.edge_driveable] *= profile.contraflow_factor
    edge_ms = np.clip(np.rint(ms), 1, _LONGEST_EDGE_MS).astype(np.int64)
    # A street nobody may drive in either direction stays shut, whatever the profile.
    open_somehow = np.repeat(roads.segment_forward | roads.segment_backward, 2)
    permitted = network.edge_driveable | (profile.contraflow_factor is not None)
    edge_ms[~(permitted & open_somehow)] = UNREACHABLE_MS
    return edge_ms
