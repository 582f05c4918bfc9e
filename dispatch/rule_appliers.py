"""What stores a change of rules once somebody else has approved it, put together for all rooms."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any

from dispatch.escalation.types import SetChain
from dispatch.pledges.types import SetPledge
from dispatch.pledges.types import UsePreset

if TYPE_CHECKING:
    from dispatch.bootstrap import Services
    from dispatch.roles.rule_changes import Applier


def appliers(services: "Services") -> dict[str, "Applier"]:
    """Return them by what is changed."""
    pledges, chains = services.pledges, services.chains
    return {
        "pledge.add": lambda actor, _, told: pledges.add(actor, SetPledge.read_json(_json(told))),
        "pledge.change": lambda actor, target, told: pledges.change(
            actor, int(target or 0), SetPledge.read_json(_json(told))
        ),
        "pledge.switch": lambda actor, target, told: pledges.switch(
            actor, int(target or 0), enabled=UsePreset.read_json(_json(told)).enabled
        ),
        "pledge.retire": lambda actor, target, _: pledges.retire(actor, int(target or 0)),
        "pledge.use_preset": lambda actor, target, told: pledges.use_preset(
            actor, target or "", UsePreset.read_json(_json(told))
        ),
        "chain.set": lambda actor, _, told: chains.set(actor, SetChain.read_json(_json(told))),
        "chain.remove": lambda actor, target, _: chains.remove(actor, int(target or 0)),
    }


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(told)).encode()
