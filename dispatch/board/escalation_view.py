"""Where an order's chain stands, as the API shows it at the order."""

from dispatch.core.instants import instant
from dispatch.escalation.models import OrderChain
from dispatch.escalation.states import StepAction
from dispatch.escalation.states import Waiting
from dispatch.escalation.types import NextBestAnswer
from dispatch.escalation.types import OrderChainAnswer


def order_chain_view(chain: OrderChain, next_crew: str | None) -> OrderChainAnswer:
    """Return the chain of an order; ``next_crew`` is the name of the crew that was found."""
    best: NextBestAnswer | None = None
    if chain.next_crew_id is not None:
        best = {
            "crew_id": chain.next_crew_id,
            "crew_name": next_crew or "",
            "travel_time_s": chain.next_travel_time_s,
            "distance_m": chain.next_distance_m or 0.0,
        }
    return {
        "waiting": Waiting(chain.waiting) if chain.waiting else None,
        "alarm_at": instant(chain.alarm_at),
        "next_action": StepAction(chain.next_action) if chain.next_action else None,
        "next_at": instant(chain.next_at),
        "round": chain.round,
        "rounds": chain.chain["rounds"],
        "auto_reoffer": chain.chain["auto_reoffer"],
        "supervisor_at": instant(chain.supervisor_at),
        "sought_at": instant(chain.sought_at),
        "next_best": best,
    }
