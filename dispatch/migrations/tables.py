"""Every table, imported so that the metadata which migrations compare is complete."""

# ruff: noqa: F401 - imported for what they register
from dispatch.accounts import models as accounts
from dispatch.alarms import models as alarms
from dispatch.assignments import models as assignments
from dispatch.closures import models as closures
from dispatch.cover import models as cover
from dispatch.crews import models as crews
from dispatch.deadlines import models as deadlines
from dispatch.deliveries import models as deliveries
from dispatch.escalation import models as escalation
from dispatch.events import models as events
from dispatch.gateways import models as gateways
from dispatch.incidents import models as incidents
from dispatch.merging import models as merging
from dispatch.messages import models as messages
from dispatch.notices import models as notices
from dispatch.offers import models as offers
from dispatch.outcomes import models as outcomes
from dispatch.plans import models as plans
from dispatch.pledge_clocks import models as pledge_clocks
from dispatch.pledges import models as pledges
from dispatch.positions import models as positions
from dispatch.proposals import models as proposals
from dispatch.reach import models as reach
from dispatch.records import models as records
from dispatch.safety import models as safety
from dispatch.writes import models as commands
from dispatch.zones import models as zones
from geodata.ground import models as ground
from geodata.layers import models as layers
from geodata.places import models as places
from geodata.roads import models as roads
from geodata.tiles import models as tiles
