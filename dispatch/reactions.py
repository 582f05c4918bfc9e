"""What the rooms do when something happens, and when a deadline falls due, put together."""

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.cover.moveup_ends import EndsMoveUps
from dispatch.deadlines.handlers import DeadlineHandler
from dispatch.deadlines.states import DeadlineKind
from dispatch.deliveries.delivery_followers import AccountFollower
from dispatch.deliveries.delivery_followers import MarkFollower
from dispatch.deliveries.delivery_followers import OrderFollower
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.escalation.calls import Call
from dispatch.escalation.firing import StepHandler
from dispatch.escalation.following import ChainFollower
from dispatch.escalation.next_best import NextBestSearch
from dispatch.escalation.reoffering import ReofferHandler
from dispatch.events.followers import Follower
from dispatch.lending.falling_due import LoanHandler
from dispatch.offers.ending import OfferExpiry
from dispatch.offers.ending import OfferFollower
from dispatch.offers.offer_deliveries import OfferDeliveries
from dispatch.plans.roles import LeadSuccession
from dispatch.pledge_clocks.clock_follower import ClockFollower
from dispatch.pledge_clocks.falling_due import ClocksDue
from dispatch.safety.deadline_handlers import CheckInHandler
from dispatch.safety.deadline_handlers import RollCallHandler
from dispatch.safety.deadline_handlers import SosHandler
from dispatch.safety.follower import SafetyFollower
from dispatch.safety.rings import DeliveryRings
from dispatch.shifts.deadline_handlers import RotaHandler
from dispatch.shifts.deadline_handlers import StaffingHandler
from dispatch.shifts.spell_follower import SpellFollower
from dispatch.silence.deadline_handlers import SilenceHandler
from dispatch.silence.follower import SilenceFollower
from dispatch.silence.states import Limits
from dispatch.skills.expiry import SkillFollower
from dispatch.skills.expiry import TicketsChange

if TYPE_CHECKING:
    from dispatch.bootstrap import Services


def followers(services: "Services") -> list[Follower]:
    """Return who follows the event log, in the order in which they are called."""
    return [
        LeadSuccession(),
        ChainFollower(_call(services)),
        ClockFollower(ZoneInfo(services.settings.time_zone)),
        OfferFollower(),
        OrderFollower(),
        AccountFollower(),
        MarkFollower(),
        OfferDeliveries(services.jobs),
        EndsMoveUps(),
        SafetyFollower(),
        SkillFollower(),
        SpellFollower(),
        services.caller_follower,
        *([SilenceFollower(_silence(services))] if services.settings.silent_s else []),
    ]


def deadline_handlers(services: "Services") -> dict[str, DeadlineHandler]:
    """Return what is done when deadlines of each kind fall due."""
    search = NextBestSearch(services.work, services.candidates)
    zone = ZoneInfo(services.settings.time_zone)
    lead = timedelta(seconds=services.settings.shift_reminder_s)
    return {
        DeadlineKind.CHAIN_STEP: StepHandler(services.work, search, _call(services)),
        DeadlineKind.CHAIN_REOFFER: ReofferHandler(services.candidates, services.read_model),
        DeadlineKind.PLEDGE_CLOCKS: ClocksDue(),
        DeadlineKind.OFFER_ENDS: OfferExpiry(),
        DeadlineKind.CHECK_IN: CheckInHandler(DeliveryRings(services.jobs)),
        DeadlineKind.ROLL_CALL: RollCallHandler(),
        DeadlineKind.LOAN: LoanHandler(),
        DeadlineKind.SOS_UNTAKEN: SosHandler(DeliveryRings(services.jobs)),
        DeadlineKind.CREW_SKILLS: TicketsChange(services.skill_upkeep),
        DeadlineKind.ROTA: RotaHandler(zone, lead),
        DeadlineKind.STAFFING: StaffingHandler(zone),
        DeadlineKind.CREW_SILENT: SilenceHandler(
            DeliveryRings(services.jobs), _silence(services), watches=services.settings.silent_s > 0
        ),
    }


def _silence(services: "Services") -> Limits:
    """Return how long crews may be unheard for whom nothing else is set."""
    return Limits.of_installation(services.settings.silent_s)


def _call(services: "Services") -> Call:
    """Return what chains reach crews and supervisors with, outside the page."""

    def call(session: Session, **wanted: Any) -> object:  # noqa: ANN401  (see `request_delivery`)
        return request_delivery(session, services.jobs, **wanted)

    return call
