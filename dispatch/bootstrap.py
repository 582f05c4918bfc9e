"""Put the parts together: the one place that knows them all."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import Executor
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import procrastinate
from argon2 import PasswordHasher
from sqlalchemy import Engine

from dispatch import reactions
from dispatch.accounts.account_changes import AccountChanges
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.service import AccountService
from dispatch.accounts.service import Lifetimes
from dispatch.alarms.service import AlarmService
from dispatch.assignments.marks import MarkService
from dispatch.assignments.service import AssignmentService
from dispatch.board.event_reading import EventLog
from dispatch.board.read_model import ReadModel
from dispatch.closures import closure_rows
from dispatch.closures.service import ClosureService
from dispatch.core.instants import Clock
from dispatch.core.running import Runner
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.cover.moveups import MoveUpService
from dispatch.cover.service import CoverService
from dispatch.crews.service import CrewService
from dispatch.crews.stations import StationService
from dispatch.deadlines.service import DeadlineService
from dispatch.deadlines.watch import DeadlineWatch
from dispatch.deliveries.answers import AnswerTaker
from dispatch.deliveries.answers import DeliveryAnswers
from dispatch.deliveries.contacts import ContactService
from dispatch.deliveries.delivery_rows import DELIVERIES
from dispatch.deliveries.sending import DeliverySending
from dispatch.deliveries.sending import sending_tasks
from dispatch.deliveries.service import DeliveryService
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.subscriptions import PushSubscriptionService
from dispatch.escalation.asking import AskingService
from dispatch.escalation.service import ChainService
from dispatch.events import listening
from dispatch.events.followers import follow_with
from dispatch.events.log import CHANNEL
from dispatch.events.unreadable import UnreadableEntries
from dispatch.gateways.service import GatewayService
from dispatch.ground.addresses import AddressLookup
from dispatch.ground.service import GroundService
from dispatch.health import Health
from dispatch.history.service import HistoryService
from dispatch.incidents.addressing import FILL_ADDRESSES
from dispatch.incidents.addressing import INCIDENTS
from dispatch.incidents.addressing import Addressing
from dispatch.incidents.addressing import addressing_tasks
from dispatch.incidents.closing import DecisionService
from dispatch.incidents.reports import ReportService
from dispatch.incidents.service import IncidentService
from dispatch.jobs.housekeeping import Housekeeping
from dispatch.jobs.queue import JobQueue
from dispatch.jobs.retention import KeptDays
from dispatch.jobs.retention import Retention
from dispatch.jobs.tasks import HOUSEKEEPING
from dispatch.jobs.tasks import defer_housekeeping
from dispatch.jobs.tasks import housekeeping_tasks
from dispatch.jobs.worker import connect_app
from dispatch.layers.service import LayerService
from dispatch.merging.call_backs import CallBackService
from dispatch.merging.danger import DangerService
from dispatch.merging.previews import PreviewService
from dispatch.merging.proposals import JoinProposals
from dispatch.merging.service import MergeService
from dispatch.messages.service import MessageService
from dispatch.notices.service import NoticeService
from dispatch.offers.answering import OfferAnswers
from dispatch.offers.offer_deliveries import OfferReplies
from dispatch.offers.offer_reading import OfferReading
from dispatch.offers.service import OfferService
from dispatch.outcomes.service import OutcomeService
from dispatch.plans.levels import LevelService
from dispatch.plans.plan_sending import PlanSending
from dispatch.plans.proposals import PlanProposals
from dispatch.plans.roles import RoleService
from dispatch.plans.service import PlanService
from dispatch.pledge_clocks.clock_service import ClockService
from dispatch.pledges.calendar_service import CalendarService
from dispatch.pledges.pledge_service import PledgeService
from dispatch.pledges.weather_service import WeatherService
from dispatch.positions.service import PositionService
from dispatch.proposals.service import BatchProposals
from dispatch.reach.service import ReachService
from dispatch.records.decoding import PhotoDecoding
from dispatch.records.decoding import decoding_tasks
from dispatch.records.decoding_jobs import RECORDS
from dispatch.records.decoding_jobs import TAKE_UP_WAITING
from dispatch.records.notes import NoteService
from dispatch.records.photos import PhotoService
from dispatch.replay.exports import ExportService
from dispatch.replay.service import ReplayService
from dispatch.roads import preparation
from dispatch.roads.adapter import Roads
from dispatch.roads.types import DrivingProfile
from dispatch.safety.distress import SosService
from dispatch.safety.help_requests import HelpService
from dispatch.safety.rings import DeliveryRings
from dispatch.safety.roll_calls import RollCallService
from dispatch.safety.rules import CheckInRuleService
from dispatch.safety.service import SafetyService
from dispatch.search.service import SearchService
from dispatch.sending.candidates import CandidateService
from dispatch.sending.explanations import ExplanationService
from dispatch.sending.paths import Drives
from dispatch.sending.paths import PathService
from dispatch.sending.paths import TravelTimes
from dispatch.sending.service import SendService
from dispatch.sending.wide_judging import WideJudging
from dispatch.settings import Settings
from dispatch.writes.write_check import WriteCheck
from dispatch.zones.service import ZoneService
from geodata.db import make_engine

CHANNELS = (CHANNEL, listening.GROUND_CHANNEL, listening.CLOSURE_CHANNEL)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the faces may ask for."""

    settings: Settings
    engine: Engine
    work: UnitOfWork
    read_model: ReadModel
    accounts: AccountService
    account_changes: AccountChanges
    incidents: IncidentService
    addressing: Addressing
    history: HistoryService
    decisions: DecisionService
    merging: MergeService
    merge_previews: PreviewService
    join_proposals: JoinProposals
    call_backs: CallBackService
    danger: DangerService
    messages: MessageService
    notes: NoteService
    notices: NoticeService
    reports: ReportService
    photos: PhotoService
    decoding: PhotoDecoding
    replay: ReplayService
    exports: ExportService
    assignments: AssignmentService
    marks: MarkService
    chains: ChainService
    asking: AskingService
    outcomes: OutcomeService
    alarms: AlarmService
    pledges: PledgeService
    pledge_clocks: ClockService
    calendars: CalendarService
    weather: WeatherService
    candidates: CandidateService
    crews: CrewService
    stations: StationService
    positions: PositionService
    reach: ReachService
    events: EventLog
    sending: SendService
    plans: PlanService
    plan_proposals: PlanProposals
    plan_sending: PlanSending
    levels: LevelService
    roles: RoleService
    offers: OfferService
    offer_answers: OfferAnswers
    offer_reading: OfferReading
    proposals: BatchProposals
    cover: CoverService
    move_ups: MoveUpService
    explanations: ExplanationService
    paths: PathService
    closures: ClosureService
    zones: ZoneService
    layers: LayerService
    search: SearchService
    ground: GroundService
    roads: Roads
    health: Health
    housekeeping: Housekeeping
    retention: Retention
    jobs: JobQueue
    deadlines: DeadlineService
    gateways: GatewayService
    contacts: ContactService
    pushes: PushSubscriptionService
    deliveries: DeliveryService
    delivery_answers: DeliveryAnswers
    delivery_sending: DeliverySending
    answer_takers: dict[Purpose, AnswerTaker]
    """Who takes answers to deliveries of other purposes than orders, such as offers."""
    clock: Clock
    safety: SafetyService
    roll_calls: RollCallService
    sos: SosService
    help_requests: HelpService
    check_in_rules: CheckInRuleService

    def listen(
        self,
        channels: Sequence[str] = CHANNELS,
        timeout_s: float | Callable[[], float] = 10.0,
    ) -> Iterator[tuple[str, str] | None]:
        """Yield notifications as they come, and None after each silence; see `listening.listen`."""
        return listening.listen(self.settings.database_url, channels, timeout_s)

    def close(self) -> None:
        """Let go of the database and of the road network's thread."""
        self.roads.close()
        self.engine.dispose()


def build(
    settings: Settings,
    *,
    new_thread: Callable[[], Executor] | None = None,
    prepare_apart: bool = False,
    blocking: Runner | None = None,
    passwords: Runner | None = None,
    clock: Clock | None = None,
    hasher: PasswordHasher | None = None,
    also_push_to: frozenset[str] = frozenset(),
) -> Services:
    """Build all services on one database.

    Parameters
    ----------
    settings
        What to connect to, and the numbers of the house.
    new_thread
        Starts a native thread as an executor of one worker; each road network loaded has its own.
        By default a thread of the standard library; under gevent that would be a greenlet, and
        it must be a native thread there too.
    prepare_apart
        Whether a new road network is prepared in a process of its own: wherever requests are
        answered meanwhile.
    blocking
        ``blocking(function, *arguments)`` runs a slow calculation that any thread may do, and
        waits. By default they run where they are asked for.
    passwords
        Like it, for hashing passwords and nothing else: whatever is calculated, people can sign in.
    clock
        What time it is; the system's UTC clock by default.
    hasher
        How passwords are hashed; argon2id as its authors recommend by default.
    also_push_to
        Hosts besides the browsers' push services that pages may name: for tests.
    """
    now = clock or _utc_now
    engine = make_engine(settings.database_url, serving=True)
    work = UnitOfWork(engine)
    zone = ZoneInfo(settings.time_zone)
    fresh = timedelta(seconds=settings.stale_fix_s)
    read_model = ReadModel(now, zone, fresh)
    unreadable = UnreadableEntries()
    event_log = EventLog(work, read_model, unreadable)
    ground = GroundService(engine)
    addresses = AddressLookup(engine)
    cache_dir = settings.cache_dir
    roads = Roads(
        ground,
        new_thread or _road_thread,
        cache_dir,
        partial(closure_rows.not_over, work, now),
        now,
        prepare=preparation.prepare_apart(settings.database_url, cache_dir)
        if prepare_apart
        else preparation.prepare_here(ground, cache_dir),
        wait_s=settings.roads_wait_s,
        profiles=list(DrivingProfile) if settings.emergency_kinds else [DrivingProfile.NORMAL],
        speeds_file=settings.speeds_file,
    )
    candidates = CandidateService(
        work,
        read_model,
        roads,
        now,
        stale_fix_s=settings.stale_fix_s,
        default_radius_m=settings.default_radius_m,
        unrecorded_suffice=settings.unrecorded_skills_suffice,
        emergency_kinds=settings.emergency_kinds,
    )
    sending = SendService(work, read_model, candidates, now)
    judging = WideJudging(
        work,
        read_model,
        roads,
        now,
        stale_fix_s=settings.stale_fix_s,
        unrecorded_suffice=settings.unrecorded_skills_suffice,
        emergency_kinds=settings.emergency_kinds,
    )
    drives = Drives(work, settings.emergency_kinds)
    assignments = AssignmentService(work, read_model, TravelTimes(drives, roads).to_incident, now)
    paths = PathService(drives, assignments, roads)
    lifetimes = Lifetimes(
        timedelta(hours=settings.session_hours), timedelta(hours=settings.token_hours)
    )
    hashing = PasswordHashing(hasher or PasswordHasher(), passwords or _inline)
    jobs = JobQueue()
    answer_takers: dict[Purpose, AnswerTaker] = {}
    messages = MessageService(work, now)
    replay = ReplayService(work, now, blocking or _inline, unreadable)
    services = Services(
        settings=settings,
        engine=engine,
        work=work,
        read_model=read_model,
        accounts=AccountService(work, now, lifetimes, hashing),
        account_changes=AccountChanges(work, now, hashing),
        incidents=IncidentService(work, read_model, event_log, ground, addresses, now),
        addressing=Addressing(work, addresses, now),
        history=HistoryService(work, read_model, now, zone),
        decisions=DecisionService(work, read_model, now),
        merging=MergeService(work, read_model, now),
        merge_previews=PreviewService(work, read_model, now),
        join_proposals=JoinProposals(work, read_model, now),
        call_backs=CallBackService(work, now, zone),
        danger=DangerService(work, read_model, now),
        messages=messages,
        notes=NoteService(work, now, messages),
        notices=NoticeService(work, now),
        reports=ReportService(work, now),
        photos=PhotoService(work, now, jobs),
        decoding=PhotoDecoding(work, now, zone, jobs),
        replay=replay,
        exports=ExportService(work, replay, paths, blocking or _inline),
        assignments=assignments,
        marks=MarkService(work, now),
        chains=ChainService(work, now),
        asking=AskingService(work, read_model, now),
        outcomes=OutcomeService(work, now),
        alarms=AlarmService(work, now, settings.acknowledge_s),
        pledges=PledgeService(work, now),
        pledge_clocks=ClockService(work, now),
        calendars=CalendarService(work, now, settings.time_zone),
        weather=WeatherService(work, now),
        candidates=candidates,
        crews=CrewService(work, read_model, now),
        stations=StationService(work),
        positions=PositionService(work, now, timedelta(days=settings.history_days)),
        reach=ReachService(work, now, fresh),
        events=event_log,
        sending=sending,
        plans=PlanService(work, now),
        plan_proposals=PlanProposals(work, candidates),
        plan_sending=PlanSending(work, read_model, sending),
        levels=LevelService(work, read_model, now),
        roles=RoleService(work, read_model, now),
        offers=OfferService(work, candidates, now),
        offer_answers=OfferAnswers(work, read_model, now),
        offer_reading=OfferReading(work, now),
        proposals=BatchProposals(work, judging, sending, now, radius_m=settings.default_radius_m),
        cover=CoverService(
            work,
            roads,
            now,
            within_s=settings.cover_within_s,
            stale_fix_s=settings.stale_fix_s,
        ),
        move_ups=MoveUpService(work, addresses, now),
        explanations=ExplanationService(work, now),
        paths=paths,
        closures=ClosureService(work, ground, roads, now),
        zones=ZoneService(work, ground, now),
        layers=LayerService(work, now),
        search=SearchService(work, ground),
        ground=ground,
        roads=roads,
        health=Health(engine, roads, WriteCheck(engine)),
        housekeeping=Housekeeping(work, now),
        retention=Retention(
            work,
            KeptDays(settings.history_days, settings.photo_days, settings.personal_data_days),
        ),
        jobs=jobs,
        deadlines=DeadlineService(work, now),
        gateways=GatewayService(work, now),
        contacts=ContactService(work, now),
        pushes=PushSubscriptionService(work, now, also_push_to),
        deliveries=DeliveryService(work, now, jobs),
        delivery_answers=DeliveryAnswers(work, now, jobs, assignments, answer_takers),
        delivery_sending=DeliverySending(work, now, jobs),
        answer_takers=answer_takers,
        clock=now,
        safety=SafetyService(work, now),
        roll_calls=RollCallService(work, now, DeliveryRings(jobs)),
        sos=SosService(work, now),
        help_requests=HelpService(work, now),
        check_in_rules=CheckInRuleService(work, now),
    )
    answer_takers[Purpose.OFFER] = OfferReplies(services.offer_answers)
    follow_with(work, reactions.followers(services))
    services.deadlines.handle_with(reactions.deadline_handlers(services))
    return services


def deadline_watch(services: Services) -> DeadlineWatch:
    """Return what a worker watches deadlines with."""
    return DeadlineWatch(services.deadlines, services.listen, services.clock)


def job_app(services: Services) -> procrastinate.App:
    """Return the app that a worker runs, with the jobs of all rooms; the web workers need none."""
    app = connect_app(services.settings.database_url)
    app.add_tasks_from(
        housekeeping_tasks(services.housekeeping, services.retention), namespace=HOUSEKEEPING
    )
    app.add_tasks_from(decoding_tasks(services.decoding), namespace=RECORDS)
    app.add_tasks_from(sending_tasks(services.delivery_sending), namespace=DELIVERIES)
    app.add_tasks_from(addressing_tasks(services.addressing), namespace=INCIDENTS)
    return app


def defer_at_start(services: Services) -> None:
    """Put in what a worker does first: nobody knows when it was last done."""
    defer_housekeeping(services.work, services.jobs)
    with services.work.writing() as session:
        for task in (TAKE_UP_WAITING, FILL_ADDRESSES):
            services.jobs.defer(session, task, once=task, timestamp=0)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _inline(function: Runner, *arguments: object) -> Any:  # noqa: ANN401  (as the function)
    return function(*arguments)


def _road_thread() -> Executor:
    return ThreadPoolExecutor(1, thread_name_prefix="roads")
