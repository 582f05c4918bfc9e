"""The faces: dispatcher console, crew page, HTTP API and live stream."""

from apiflask import APIFlask

from dispatch import bootstrap
from dispatch.core.limits import LARGEST_BODY_BYTES
from dispatch.core.scope import NOTHING
from dispatch.settings import Settings
from webconsole.access import sessions
from webconsole.access.routes import access as access_doors
from webconsole.administration.pages import administration_pages
from webconsole.administration.routes import imports
from webconsole.administration.routes import tables
from webconsole.alarms.routes import alarms
from webconsole.assignments.routes import assignments
from webconsole.audit.pages import audit_pages
from webconsole.audit.routes import audit
from webconsole.board import pages
from webconsole.callers.pages import caller_pages
from webconsole.callers.routes import callers
from webconsole.closures.routes import closures
from webconsole.cover.routes import cover
from webconsole.crews.register_routes import crew_register
from webconsole.crews.routes import crews
from webconsole.crews.stations import stations
from webconsole.deliveries.pages import delivery_pages
from webconsole.deliveries.routes import deliveries
from webconsole.devices.routes import devices
from webconsole.driven_tracks.routes import driven_tracks
from webconsole.escalation import pages as chain_pages
from webconsole.escalation.routes import chains
from webconsole.escalation.routes import order_chains
from webconsole.factors.account_pages import account_pages
from webconsole.factors.routes import factors
from webconsole.factors.step_pages import step_pages
from webconsole.forms.routes import forms
from webconsole.forms.routes import measurements
from webconsole.gateways.routes import gateways
from webconsole.ground import base_map
from webconsole.ground import ground_watch
from webconsole.ground.routes import ground
from webconsole.ground.tiles import tiles
from webconsole.handovers.routes import handovers
from webconsole.history import pages as history_pages
from webconsole.history.routes import history
from webconsole.incidents.kinds import kinds
from webconsole.incidents.routes import incidents
from webconsole.kit.pages import app_pages
from webconsole.kit.routes import kit
from webconsole.layers.routes import layer_tiles
from webconsole.layers.routes import layers
from webconsole.lending.routes import lending
from webconsole.live import routes as stream_door
from webconsole.live.hub import StreamHub
from webconsole.merging.routes import danger_radii
from webconsole.merging.routes import merging
from webconsole.messages.routes import messages
from webconsole.monitoring import health
from webconsole.monitoring import metrics
from webconsole.notices.routes import notices
from webconsole.offers.routes import offers
from webconsole.outcomes.routes import outcomes
from webconsole.people.invitation_pages import invitations
from webconsole.people.routes import accounts
from webconsole.people.sign_in_routes import sign_ins
from webconsole.planning.pages import planning_pages
from webconsole.planning.routes import planning
from webconsole.plans.routes import plans
from webconsole.platform import context
from webconsole.platform import i18n
from webconsole.platform import openapi
from webconsole.platform import problems
from webconsole.platform import routing_rules
from webconsole.pledges.pages import pledge_pages
from webconsole.pledges.routes import pledges
from webconsole.positions import routes as positions_door
from webconsole.proposals.routes import proposals
from webconsole.public_reports.pages import report_pages
from webconsole.public_reports.routes import public_reports
from webconsole.reach.routes import reach
from webconsole.recordings.routes import recordings
from webconsole.records.photos import photos
from webconsole.records.routes import record
from webconsole.replay import pages as replay_pages
from webconsole.replay.routes import exports
from webconsole.replay.routes import replay
from webconsole.retention.routes import retention
from webconsole.roles.routes import roles
from webconsole.safety.routes import safety
from webconsole.search.routes import search
from webconsole.sending.routes import overrides
from webconsole.serving import assets
from webconsole.serving import json_packing
from webconsole.serving import native
from webconsole.serving import proxies
from webconsole.serving import rate_limits
from webconsole.serving import request_bodies
from webconsole.serving import security_headers
from webconsole.serving import uploads
from webconsole.shifts.pages import shift_pages
from webconsole.shifts.rota_routes import rota
from webconsole.shifts.routes import shifts
from webconsole.signatures.routes import signatures
from webconsole.signon import pages as sign_on_pages
from webconsole.signon.routes import sign_ons
from webconsole.silence.routes import silence
from webconsole.skills.routes import skills
from webconsole.trackers import ingest
from webconsole.trackers.pages import tracker_pages
from webconsole.trackers.routes import trackers
from webconsole.units.routes import units
from webconsole.vehicles.routes import vehicles
from webconsole.visibility.routes import visibility
from webconsole.ways.routes import ways
from webconsole.work_reports.pages import work_report_pages
from webconsole.work_reports.routes import work_reports
from webconsole.zones.routes import zones


def create_app(
    settings: Settings | None = None, *, services: bootstrap.Services | None = None
) -> APIFlask:
    """Return the application.

    Parameters
    ----------
    settings
        Read from the environment when not given, as under gunicorn.
    services
        Given, they are used as they are and stay the caller's to refresh and to close; otherwise
        the application has its own, and keeps their road network current by itself.
    """
    if services is None:
        settings = settings or Settings.from_environment()
        services = bootstrap.build(
            settings,
            new_thread=native.thread,
            prepare_apart=True,
            blocking=native.runner(threads=2),
            passwords=native.runner(threads=2),
            otherwise=NOTHING,
        )
        ground_watch.start(services)
    settings = services.settings
    app = APIFlask(
        __name__,
        title="Nearcrew",
        version="1",
        spec_path=openapi.PATH,
        docs_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type]  # Flask takes None; we serve our own
    )
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    proxies.install(app, count=settings.trusted_proxies)
    request_bodies.install(app, idle_s=settings.body_idle_s)
    routing_rules.install(app)
    counted = metrics.install(app)
    context.carry(app, services)
    uploads.install(app)
    security_headers.install(
        app,
        https=settings.tls_cert is not None,
        image_origin=settings.base_map.image_origin,
    )
    i18n.install(app)
    problems.install(app)
    sessions.install(app, secret_key=settings.session_key(), session_hours=settings.session_hours)
    assets.install(app, served=pages.served_words())
    json_packing.install(app)
    openapi.install(app)
    services.events.unreadable.count_with(counted.unreadable_events.inc)
    hub = StreamHub(services, counted)
    app.extensions["nearcrew.services"] = services
    app.extensions["nearcrew.stream"] = hub
    app.extensions["nearcrew.refused_by_server"] = problems.refused_by_server
    base_map.check(settings.base_map)
    pages.install(app, demo=settings.demo)
    for of_pages in (
        replay_pages.replays,
        history_pages.history_pages,
        pledge_pages,
        audit_pages,
        chain_pages.chain_pages,
        delivery_pages,
        app_pages,
        administration_pages,
        step_pages,
        account_pages,
        sign_on_pages.blueprint(app, services.sign_on),
        invitations,
        shift_pages,
        work_report_pages,
        caller_pages,
        report_pages,
        tracker_pages,
        planning_pages,
        ingest.blueprint(counted),
    ):
        app.register_blueprint(of_pages)
    for area in (
        history,
        incidents,
        kinds,
        stations,
        devices,
        retention,
        merging,
        danger_radii,
        assignments,
        ways,
        offers,
        chains,
        order_chains,
        outcomes,
        forms,
        measurements,
        plans,
        pledges,
        alarms,
        crews,
        crew_register,
        skills,
        vehicles,
        reach,
        driven_tracks,
        deliveries,
        gateways,
        notices,
        proposals,
        cover,
        planning,
        safety,
        shifts,
        rota,
        handovers,
        overrides,
        record,
        photos,
        recordings,
        signatures,
        work_reports,
        messages,
        replay,
        exports,
        imports,
        tables,
        closures,
        zones,
        layers,
        lending,
        callers,
        public_reports,
        silence,
        trackers,
        visibility,
        units,
        layer_tiles,
        ground,
        kit,
        search,
        access_doors,
        factors,
        sign_ons,
        accounts,
        sign_ins,
        roles,
        audit,
        tiles,
        base_map.base_map,
    ):
        app.register_blueprint(area)
    app.register_blueprint(positions_door.blueprint(counted))
    app.register_blueprint(stream_door.blueprint(hub))
    app.register_blueprint(health.blueprint(counted))
    uploads.take_few_at_once(app)
    rate_limits.install(app)
    return app
