"""The faces: dispatcher console, crew page, HTTP API and live stream."""

from apiflask import APIFlask

from dispatch import bootstrap
from dispatch.core.limits import LARGEST_BODY_BYTES
from dispatch.settings import Settings
from webconsole.access import sessions
from webconsole.access.routes import access as access_doors
from webconsole.alarms.routes import alarms
from webconsole.assignments.routes import assignments
from webconsole.board import pages
from webconsole.closures.routes import closures
from webconsole.cover.routes import cover
from webconsole.crews.routes import crews
from webconsole.deliveries.pages import delivery_pages
from webconsole.deliveries.routes import deliveries
from webconsole.escalation import pages as chain_pages
from webconsole.escalation.routes import chains
from webconsole.escalation.routes import order_chains
from webconsole.gateways.routes import gateways
from webconsole.ground import base_map
from webconsole.ground import ground_watch
from webconsole.ground.routes import ground
from webconsole.ground.tiles import tiles
from webconsole.history import pages as history_pages
from webconsole.history.routes import history
from webconsole.incidents.routes import incidents
from webconsole.layers.routes import layer_tiles
from webconsole.layers.routes import layers
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
from webconsole.reach.routes import reach
from webconsole.records import uploads
from webconsole.records.photos import photos
from webconsole.records.routes import record
from webconsole.replay import pages as replay_pages
from webconsole.replay.routes import exports
from webconsole.replay.routes import replay
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
    app.register_blueprint(replay_pages.replays)
    app.register_blueprint(history_pages.history_pages)
    app.register_blueprint(pledge_pages)
    app.register_blueprint(chain_pages.chain_pages)
    app.register_blueprint(delivery_pages)
    for area in (
        history,
        incidents,
        merging,
        danger_radii,
        assignments,
        offers,
        chains,
        order_chains,
        outcomes,
        plans,
        pledges,
        alarms,
        crews,
        reach,
        deliveries,
        gateways,
        notices,
        proposals,
        cover,
        safety,
        overrides,
        record,
        photos,
        messages,
        replay,
        exports,
        closures,
        zones,
        layers,
        layer_tiles,
        ground,
        search,
        access_doors,
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
