"""Put the parts together: the one place that knows them all."""

import hashlib
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
from dispatch import rule_appliers
from dispatch import table_subjects
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.service import AccountService
from dispatch.accounts.service import Lifetimes
from dispatch.alarms.service import AlarmService
from dispatch.assignments.marks import MarkService
from dispatch.assignments.service import AssignmentService
from dispatch.audit.blocks import BlockService
from dispatch.audit.exports import ExportTrail
from dispatch.audit.reading_windows import ReadingLimit
from dispatch.audit.readings import ReadingLog
from dispatch.audit.service import TrailService
from dispatch.audit.verification import ChainVerification
from dispatch.board.event_reading import EventLog
from dispatch.board.read_model import ReadModel
from dispatch.callers.follower import CallerFollower
from dispatch.callers.link_rows import CALLERS
from dispatch.callers.public_page import CallerPageService
from dispatch.callers.rules import CallerRules
from dispatch.callers.safety_texts import SafetyTextService
from dispatch.callers.sending import CallerLinkSending
from dispatch.callers.sending import caller_link_tasks
from dispatch.callers.service import CallerService
from dispatch.closures import closure_rows
from dispatch.closures.service import ClosureService
from dispatch.core.instants import Clock
from dispatch.core.running import Runner
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import Scope
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.cover.moveups import MoveUpService
from dispatch.cover.service import CoverService
from dispatch.crews.crew_changes import CrewChanges
from dispatch.crews.members import MemberService
from dispatch.crews.register import CrewRegister
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
from dispatch.devices.service import DeviceService
from dispatch.driven_tracks.matching import TrackMaking
from dispatch.driven_tracks.service import DrivenTrackService
from dispatch.driven_tracks.tasks import DRIVEN_TRACKS
from dispatch.driven_tracks.tasks import track_tasks
from dispatch.escalation.asking import AskingService
from dispatch.escalation.service import ChainService
from dispatch.events import listening
from dispatch.events.followers import follow_with
from dispatch.events.log import CHANNEL
from dispatch.events.unreadable import UnreadableEntries
from dispatch.exporting.service import ExportSubjects
from dispatch.exporting.service import TableExports
from dispatch.factors.further_steps import StepsByStanding
from dispatch.factors.overview import FactorOverview
from dispatch.factors.own_account import OwnAccount
from dispatch.factors.rules import FactorRuleService
from dispatch.factors.sealing import Sealing
from dispatch.factors.service import FactorService
from dispatch.factors.sign_in_steps import SignInSteps
from dispatch.forms.codes import ResultCodeService
from dispatch.forms.measurements import MeasurementService
from dispatch.forms.parts import PartService
from dispatch.forms.report_sections import ReportSections
from dispatch.forms.service import FormService
from dispatch.gateways.service import GatewayService
from dispatch.ground.addresses import AddressLookup
from dispatch.ground.service import GroundService
from dispatch.handovers.leaving import LeavingService
from dispatch.handovers.service import HandOverService
from dispatch.health import Health
from dispatch.history.service import HistoryService
from dispatch.importing.service import ImportService
from dispatch.importing.subjects import ImportSubjects
from dispatch.incidents.addressing import FILL_ADDRESSES
from dispatch.incidents.addressing import INCIDENTS
from dispatch.incidents.addressing import Addressing
from dispatch.incidents.addressing import addressing_tasks
from dispatch.incidents.closing import DecisionService
from dispatch.incidents.kind_changes import KindService
from dispatch.incidents.moving import IncidentMoves
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
from dispatch.kit.service import KitService
from dispatch.layers.service import LayerService
from dispatch.lending.service import LoanService
from dispatch.links.service import LinkService
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
from dispatch.people.account_changes import AccountChanges
from dispatch.people.bulk import AccountBulk
from dispatch.people.invitations import InvitationService
from dispatch.people.link_sending import PEOPLE
from dispatch.people.link_sending import LinkSending
from dispatch.people.link_sending import link_tasks
from dispatch.people.reading import PeopleReading
from dispatch.people.sign_ins import SignInService
from dispatch.people.tokens import TokenService
from dispatch.planning.scenarios import ScenarioService
from dispatch.planning.standby_cover import StandbyCover
from dispatch.planning.studies import StudyService
from dispatch.planning.study_jobs import PLANNING
from dispatch.planning.study_jobs import TAKE_UP
from dispatch.planning.study_running import StudyRunning
from dispatch.planning.tasks import study_tasks
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
from dispatch.public_reports.codes import REPORTS
from dispatch.public_reports.codes import ReportCodes
from dispatch.public_reports.codes import code_tasks
from dispatch.public_reports.polling import RELAY
from dispatch.public_reports.polling import RelayPolling
from dispatch.public_reports.polling import polling_tasks
from dispatch.public_reports.receiving import ReportReceiving
from dispatch.public_reports.rules import ReportRules
from dispatch.public_reports.service import PublicReportService
from dispatch.reach.phone_checks import PhoneCheckService
from dispatch.reach.service import ReachService
from dispatch.recordings.service import LargestRecordings
from dispatch.recordings.service import RecordingService
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
from dispatch.roads.track_matching import TrackMatching
from dispatch.roads.types import DrivingProfile
from dispatch.roles.duties import DutyService
from dispatch.roles.rule_changes import RuleChanges
from dispatch.roles.service import AccessRoles
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
from dispatch.shifts.duty_hours import RestLimit
from dispatch.shifts.feeds import FeedService
from dispatch.shifts.rota_service import RotaService
from dispatch.shifts.service import ShiftService
from dispatch.shifts.staffing_service import StaffingService
from dispatch.shifts.swaps import SwapService
from dispatch.signatures.service import SignatureService
from dispatch.signon.invitations import SignOnInvitations
from dispatch.signon.providers import read_providers
from dispatch.signon.service import SignOnService
from dispatch.silence import heard_again
from dispatch.silence.service import SilenceService
from dispatch.silence.states import Limits
from dispatch.skills.service import SkillService
from dispatch.skills.ticket_list import TicketList
from dispatch.skills.tickets import TicketService
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.trackers.arrivals import ArrivalService
from dispatch.trackers.arrivals import StateNotes
from dispatch.trackers.service import TrackerService
from dispatch.units.giving import GivingService
from dispatch.units.service import UnitService
from dispatch.units.sight import SightService
from dispatch.vehicles.equipment import EquipmentService
from dispatch.vehicles.service import VehicleService
from dispatch.vehicles.vehicle_list import VehicleList
from dispatch.visibility.service import WhoSees
from dispatch.ways.service import WayService
from dispatch.work_reports.printing import Printing
from dispatch.work_reports.sending import WORK_REPORTS
from dispatch.work_reports.sending import WorkReportSendings
from dispatch.work_reports.sending import report_tasks
from dispatch.work_reports.service import WorkReportService
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
    sight: SightService
    read_model: ReadModel
    accounts: AccountService
    account_changes: AccountChanges
    sign_in_steps: SignInSteps
    own_account: OwnAccount
    factors: FactorService
    factor_rules: FactorRuleService
    factor_overview: FactorOverview
    sign_on: SignOnService
    sign_on_invitations: SignOnInvitations
    invitations: InvitationService
    link_sending: LinkSending
    sign_ins: SignInService
    tokens: TokenService
    people: PeopleReading
    account_bulk: AccountBulk
    access_roles: AccessRoles
    duties: DutyService
    rule_changes: RuleChanges
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
    recordings: RecordingService
    signatures: SignatureService
    decoding: PhotoDecoding
    replay: ReplayService
    exports: ExportService
    assignments: AssignmentService
    marks: MarkService
    chains: ChainService
    asking: AskingService
    outcomes: OutcomeService
    forms: FormService
    measurements: MeasurementService
    result_codes: ResultCodeService
    parts: PartService
    alarms: AlarmService
    pledges: PledgeService
    pledge_clocks: ClockService
    calendars: CalendarService
    weather: WeatherService
    candidates: CandidateService
    crews: CrewService
    crew_changes: CrewChanges
    crew_register: CrewRegister
    members: MemberService
    skills: SkillService
    skill_upkeep: SkillUpkeep
    tickets: TicketService
    ticket_list: TicketList
    vehicles: VehicleService
    vehicle_list: VehicleList
    equipment: EquipmentService
    stations: StationService
    positions: PositionService
    reach: ReachService
    phone_checks: PhoneCheckService
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
    standby_cover: StandbyCover
    scenarios: ScenarioService
    studies: StudyService
    study_running: StudyRunning
    explanations: ExplanationService
    paths: PathService
    closures: ClosureService
    zones: ZoneService
    layers: LayerService
    search: SearchService
    ground: GroundService
    kit: KitService
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
    kind_changes: KindService
    devices: DeviceService
    imports: ImportService
    table_exports: TableExports
    rota: RotaService
    shifts: ShiftService
    swaps: SwapService
    staffing: StaffingService
    shift_feeds: FeedService
    leaving: LeavingService
    hand_overs: HandOverService
    trail: TrailService
    export_trail: ExportTrail
    readings: ReadingLog
    reading_blocks: BlockService
    chain_verification: ChainVerification
    units: UnitService
    giving: GivingService
    incident_moves: IncidentMoves
    loans: LoanService
    links: LinkService
    callers: CallerService
    caller_pages: CallerPageService
    caller_sending: CallerLinkSending
    caller_follower: CallerFollower
    safety_texts: SafetyTextService
    report_receiving: ReportReceiving
    report_codes: ReportCodes
    relay_polling: RelayPolling
    public_reports: PublicReportService
    who_sees: WhoSees
    ways: WayService
    work_reports: WorkReportService
    work_report_sendings: WorkReportSendings
    printing: Printing
    driven_tracks: DrivenTrackService
    track_making: TrackMaking
    trackers: TrackerService
    arrivals: ArrivalService
    silence: SilenceService

    def listen(
        self,
        channels: Sequence[str] = CHANNELS,
        timeout_s: float | Callable[[], float] = 10.0,
    ) -> Iterator[tuple[str, str] | None]:
        """Yield notifications as they come, and None after each silence; see `listening.listen`."""
        return listening.listen(self.settings.database_url, channels, timeout_s)

    def close(self) -> None:
        """Write what waits, and let go of the database and of the road network's thread."""
        self.readings.close()
        self.roads.close()
        self.engine.dispose()


def _positions(settings: Settings, work: UnitOfWork, now: Clock) -> PositionService:
    positions = PositionService(work, now, timedelta(days=settings.history_days))
    positions.hear_with(StateNotes(ZoneInfo(settings.time_zone)))
    positions.hear_with(heard_again.hurry)
    return positions


def _reading_limit(settings: Settings) -> ReadingLimit:
    return ReadingLimit(settings.reading_records, timedelta(minutes=settings.reading_minutes))


def _rest(settings: Settings) -> RestLimit:
    after_s = None if settings.rest_after_h is None else settings.rest_after_h * 3600
    return RestLimit(after_s, settings.rest_window_h * 3600)


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(timedelta(hours=settings.session_hours), timedelta(hours=settings.token_hours))


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
    otherwise: Scope = EVERYTHING,
    act_as: str | None = None,
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
    otherwise
        Whose rows are seen by what is not done for an actor.
    act_as
        The role to take on for less than everything; see `UnitOfWork`.
    """
    now = clock or _utc_now
    engine = make_engine(settings.database_url, serving=True)
    work = UnitOfWork(engine, otherwise, act_as=act_as)
    zone = ZoneInfo(settings.time_zone)
    fresh = timedelta(seconds=settings.stale_fix_s)
    read_model = ReadModel(now, zone, fresh)
    unreadable = UnreadableEntries()
    event_log = EventLog(work, read_model, unreadable)
    ground = GroundService(engine)
    crews = CrewService(work, read_model, now)
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
        blocking=blocking,
    )
    track_matching = TrackMatching(ground, cache_dir, zone, settings.speeds_file)
    candidates = CandidateService(
        work,
        read_model,
        roads,
        now,
        stale_fix_s=settings.stale_fix_s,
        default_radius_m=settings.default_radius_m,
        unrecorded_suffice=settings.unrecorded_skills_suffice,
        emergency_kinds=settings.emergency_kinds,
        rest=_rest(settings),
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
        rest=_rest(settings),
    )
    drives = Drives(work, settings.emergency_kinds)
    assignments = AssignmentService(work, read_model, TravelTimes(drives, roads).to_incident, now)
    paths = PathService(drives, roads)
    hashing = PasswordHashing(hasher or PasswordHasher(), passwords or _inline)
    accounts = AccountService(work, now, _lifetimes(settings), hashing, StepsByStanding(now))
    account_changes = AccountChanges(work, now, hashing)
    sealing = Sealing(settings.factors_key())
    sign_in_steps = SignInSteps(work, now, accounts, sealing)
    sign_on = SignOnService(
        work, now, account_changes, sign_in_steps, read_providers(settings.signon_file)
    )
    jobs = JobQueue()
    rule_changes = RuleChanges(work, now)
    answer_takers: dict[Purpose, AnswerTaker] = {}
    messages = MessageService(work, now)
    skill_upkeep = SkillUpkeep(zone, timedelta(days=settings.ticket_warning_days))
    replay = ReplayService(work, now, blocking or _inline, unreadable)
    reading_blocks = BlockService(work, now, _reading_limit(settings))
    readings = ReadingLog(work, now, reading_blocks, _reading_limit(settings))
    export_trail = ExportTrail(work, now)
    links = LinkService(work, now)
    photos = PhotoService(work, now, jobs)
    caller_rules = _caller_rules(settings, fresh)
    incidents = IncidentService(work, read_model, event_log, ground, addresses, now)
    receiving = ReportReceiving(work, now, ground, _report_rules(settings))
    positions = _positions(settings, work, now)
    services = Services(
        settings=settings,
        engine=engine,
        work=work,
        sight=SightService(work, now),
        read_model=read_model,
        accounts=accounts,
        account_changes=account_changes,
        sign_in_steps=sign_in_steps,
        own_account=OwnAccount(work, now, hashing, accounts, sign_in_steps),
        factors=FactorService(work, now, sealing),
        factor_rules=FactorRuleService(work, now),
        factor_overview=FactorOverview(work),
        sign_on=sign_on,
        sign_on_invitations=SignOnInvitations(work, now, sign_on),
        invitations=InvitationService(work, now, hashing, jobs),
        link_sending=LinkSending(work, now),
        sign_ins=SignInService(work, now),
        tokens=TokenService(work, now),
        people=PeopleReading(work, now),
        account_bulk=AccountBulk(work, now),
        access_roles=AccessRoles(work, now),
        duties=DutyService(work, now),
        rule_changes=rule_changes,
        incidents=incidents,
        addressing=Addressing(work, addresses, now),
        history=HistoryService(work, read_model, readings, now, zone),
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
        photos=photos,
        recordings=RecordingService(
            work,
            now,
            LargestRecordings(
                round(settings.video_mb * 1_000_000), round(settings.audio_mb * 1_000_000)
            ),
        ),
        signatures=SignatureService(work, now),
        decoding=PhotoDecoding(work, now, zone, jobs),
        replay=replay,
        exports=ExportService(work, replay, paths, blocking or _inline),
        assignments=assignments,
        marks=MarkService(work, now),
        chains=ChainService(work, now, rule_changes),
        asking=AskingService(work, read_model, now),
        outcomes=OutcomeService(work, now),
        forms=FormService(work, now),
        measurements=MeasurementService(work, now),
        result_codes=ResultCodeService(work, now),
        parts=PartService(work, now),
        alarms=AlarmService(work, now, settings.acknowledge_s),
        pledges=PledgeService(work, now, rule_changes),
        pledge_clocks=ClockService(work, now),
        calendars=CalendarService(work, now, settings.time_zone),
        weather=WeatherService(work, now),
        candidates=candidates,
        crews=crews,
        crew_changes=CrewChanges(work, read_model, skill_upkeep, now),
        members=MemberService(work, read_model, skill_upkeep, now),
        skills=SkillService(work, now, settings.ticket_warning_days),
        skill_upkeep=skill_upkeep,
        tickets=TicketService(work, skill_upkeep, now),
        ticket_list=TicketList(work, skill_upkeep, now),
        vehicles=VehicleService(work, now),
        vehicle_list=VehicleList(work),
        crew_register=CrewRegister(work, skill_upkeep, now),
        equipment=EquipmentService(work, now),
        stations=StationService(work, now),
        positions=positions,
        reach=ReachService(work, now, fresh),
        phone_checks=PhoneCheckService(work, now),
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
        standby_cover=StandbyCover(work, roads, now, zone=zone, stale_fix_s=settings.stale_fix_s),
        scenarios=ScenarioService(work, now),
        studies=StudyService(work, jobs, settings.studies_dir, now),
        study_running=StudyRunning(work, jobs, settings, now),
        explanations=ExplanationService(work, now),
        paths=paths,
        closures=ClosureService(work, ground, roads, now),
        zones=ZoneService(work, ground, now),
        layers=LayerService(work, now),
        search=SearchService(work, ground),
        ground=ground,
        kit=KitService(work, crews, ground, blocking or _inline),
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
        kind_changes=KindService(work, now),
        devices=DeviceService(work, now),
        imports=ImportService(work, now, ImportSubjects()),
        table_exports=TableExports(work, now, ExportSubjects(), blocking or _inline),
        rota=RotaService(work, now, settings.time_zone, settings.shift_reminder_s),
        shifts=ShiftService(
            work,
            now,
            settings.time_zone,
            reminder_s=settings.shift_reminder_s,
            rest=_rest(settings),
        ),
        swaps=SwapService(work, now, settings.time_zone, settings.shift_reminder_s),
        staffing=StaffingService(work, now, settings.time_zone),
        shift_feeds=FeedService(work, now),
        leaving=LeavingService(work, now, settings.shift_reminder_s),
        hand_overs=HandOverService(work, candidates, now),
        trail=TrailService(work, export_trail, zone),
        export_trail=export_trail,
        readings=readings,
        reading_blocks=reading_blocks,
        chain_verification=ChainVerification(work),
        units=UnitService(work, now),
        giving=GivingService(work, now),
        incident_moves=IncidentMoves(work, read_model, now),
        loans=LoanService(work, now),
        links=links,
        callers=CallerService(work, now, links, jobs, caller_rules),
        caller_pages=CallerPageService(work, now, addresses, photos, caller_rules),
        caller_sending=CallerLinkSending(work, now, links, caller_rules),
        caller_follower=CallerFollower(links, jobs, caller_rules),
        safety_texts=SafetyTextService(work, now),
        report_receiving=receiving,
        report_codes=ReportCodes(work, now, jobs, receiving.rules),
        relay_polling=RelayPolling(receiving, incidents, now, settings.relay()),
        public_reports=PublicReportService(work, now, incidents, ReportService(work, now), photos),
        who_sees=WhoSees(work, now),
        ways=WayService(work, assignments, drives, paths, roads, now),
        work_reports=WorkReportService(work),
        work_report_sendings=WorkReportSendings(
            work, now, jobs, links, timedelta(days=settings.report_link_days)
        ),
        printing=Printing(),
        driven_tracks=DrivenTrackService(
            work, now, track_matching.present_factor, settings.time_zone
        ),
        track_making=TrackMaking(
            work,
            track_matching,
            now,
            positions_kept=timedelta(days=settings.history_days),
            tracks_kept=timedelta(days=settings.track_days),
        ),
        trackers=TrackerService(work, now, zone, settings.silent_s or settings.stale_fix_s),
        arrivals=ArrivalService(work, positions, now, timedelta(days=settings.history_days)),
        silence=SilenceService(work, now, Limits.of_installation(settings.silent_s)),
    )
    answer_takers[Purpose.OFFER] = OfferReplies(services.offer_answers)
    services.work_reports.sections.append(ReportSections(zone))
    rule_changes.appliers.update(rule_appliers.appliers(services))
    follow_with(work, reactions.followers(services))
    services.deadlines.handle_with(reactions.deadline_handlers(services))
    services.imports.subjects.add(table_subjects.imported(services))
    services.table_exports.subjects.add(table_subjects.exported(services))
    return services


def _caller_rules(settings: Settings, fresh: timedelta) -> CallerRules:
    return CallerRules(
        automatic=settings.caller_links,
        kept=timedelta(hours=settings.caller_link_hours),
        language="zh" if settings.caller_language == "zh" else "en",
        names_crews=settings.caller_crew_names,
        fresh=fresh,
        public_url=settings.public_url,
    )


def _report_rules(settings: Settings) -> ReportRules:
    return ReportRules(
        on=settings.public_reports,
        key=hashlib.sha256(f"public reports:{settings.session_key()}".encode()).digest(),
        unit=settings.public_reports_unit,
        emergency_phone=settings.emergency_phone,
    )


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
    app.add_tasks_from(link_tasks(services.link_sending), namespace=PEOPLE)
    app.add_tasks_from(report_tasks(services.work_report_sendings), namespace=WORK_REPORTS)
    if services.relay_polling.relay is not None:
        app.add_tasks_from(polling_tasks(services.relay_polling), namespace=RELAY)
    app.add_tasks_from(code_tasks(services.report_codes), namespace=REPORTS)
    app.add_tasks_from(caller_link_tasks(services.caller_sending), namespace=CALLERS)
    app.add_tasks_from(addressing_tasks(services.addressing), namespace=INCIDENTS)
    app.add_tasks_from(track_tasks(services.track_making), namespace=DRIVEN_TRACKS)
    app.add_tasks_from(study_tasks(services.study_running), namespace=PLANNING)
    return app


def defer_at_start(services: Services) -> None:
    """Put in what a worker does first: nobody knows when it was last done."""
    defer_housekeeping(services.work, services.jobs)
    with services.work.writing() as session:
        for task in (TAKE_UP_WAITING, FILL_ADDRESSES, TAKE_UP):
            services.jobs.defer(session, task, once=task, timestamp=0)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _inline(function: Runner, *arguments: object) -> Any:  # noqa: ANN401  (as the function)
    return function(*arguments)


def _road_thread() -> Executor:
    return ThreadPoolExecutor(1, thread_name_prefix="roads")
