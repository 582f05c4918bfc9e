"""`nearcrew study`: the planners' bench."""

import typer

from scripts.studies.closure.closure_command import closure
from scripts.studies.coverage.coverage_command import coverage
from scripts.studies.fleet.fleet_command import fleet
from scripts.studies.learned.learned_command import learned
from scripts.studies.simulation.simulate_command import simulate
from scripts.studies.site.site_command import site
from scripts.studies.spread import reach_command
from scripts.studies.visits import visits_command

app = typer.Typer(
    no_args_is_help=True,
    help="Cover, sites, fleets, rules and closures: studies on the roads that the desk uses.",
)
visits_command.register(app)
reach_command.register(app)
app.command()(coverage)
app.command()(closure)
app.command()(learned)
app.command()(fleet)
app.command()(simulate)
app.command()(site)
