"""The `nearcrew` command.

Exit codes: 0 done, 1 refused or failed, 2 wrong arguments or an unreadable file, 3 not running.
"""

import os
import sys
from typing import Annotated

import psycopg
import typer
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError

from dispatch.core.errors import DispatchError
from dispatch.core.fault_text import fault_summary
from geodata.errors import GroundError
from scripts.backups import backup_commands
from scripts.cluster.private_cluster import default_var_dir
from scripts.commands import chain_commands
from scripts.commands import db_commands
from scripts.commands import layer_commands
from scripts.commands import pledge_commands
from scripts.commands import shift_commands
from scripts.commands.import_osm import import_osm
from scripts.commands.licences import licences
from scripts.commands.relay_command import relay
from scripts.demo.demo_command import demo
from scripts.demo.demo_mark import refuse_demo
from scripts.demo.demo_mark import refuse_strangers
from scripts.doctor.doctor_command import doctor
from scripts.environment import look_around
from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.installing import service_commands
from scripts.people import audit_commands
from scripts.people import people_commands
from scripts.roads import match_command
from scripts.roads import reach_command
from scripts.roads import route_commands
from scripts.roads import speed_commands
from scripts.serving.keep_command import keep
from scripts.serving.readiness import Readiness
from scripts.serving.serve import console_socket
from scripts.serving.serve import console_url
from scripts.serving.serve import keep_database
from scripts.serving.serve import keep_job_worker
from scripts.serving.serve import keep_web_server
from scripts.serving.supervisor import supervising
from scripts.serving.worker import run_worker
from scripts.standby import standby_commands
from scripts.studies import study_commands

REFUSED = 1
WRONG_ARGUMENTS = 2
INTERRUPTED = 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Emergency-repair dispatch: who is nearest by road, one click to send, on scene.",
)
people_commands.register(app)
route_commands.register(app)
reach_command.register(app)
match_command.register(app)
speed_commands.register(app)
layer_commands.register(app)
pledge_commands.register(app)
chain_commands.register(app)
shift_commands.register(app)
audit_commands.register(app)
app.command("import-osm")(import_osm)
app.command()(demo)
app.command()(doctor)
app.command()(licences)
app.command()(relay)
db_commands.app.command()(keep)
app.add_typer(db_commands.app, name="db")
app.add_typer(backup_commands.app, name="backup")
app.add_typer(service_commands.app, name="service")
app.add_typer(standby_commands.app, name="standby")
app.add_typer(study_commands.app, name="study")


@app.command()
def serve(
    *,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Leave the jobs to `nearcrew worker`.")
    ] = False,
) -> None:
    """Serve console, crew page and API at NEARCREW_HOST and NEARCREW_PORT, and run the jobs."""
    readiness = Readiness()
    with supervising(default_var_dir()) as supervisor:
        keep_database(supervisor, os.environ)
        surroundings = look_around()
        settings = surroundings.settings
        if settings.demo:
            refuse_strangers(settings.host)
        with console_socket(settings) as bound:
            db_commands.bring_up_to_date(surroundings)
            if not settings.demo:
                refuse_demo(surroundings.admin_url)
            keep_web_server(supervisor, surroundings, bound)
            if not no_worker:
                keep_job_worker(supervisor, surroundings)
            print(f"Serving on {console_url(settings)}; Ctrl-C stops.", flush=True)
            readiness.tell()
            supervisor.run()
            readiness.tell("STOPPING=1")


@app.command()
def worker() -> None:
    """Run the jobs that wait: housekeeping and what else need not be done at once."""
    run_worker(look_around().settings)


def main() -> None:
    """Run a command; errors are printed without a traceback."""
    try:
        app()
    except ScriptError as refusal:
        code = WRONG_ARGUMENTS if isinstance(refusal, UsageError) else REFUSED
        sys.exit(_explain(refusal.message, refusal.mend, code))
    except GroundError as refusal:
        sys.exit(_explain(str(refusal), "", WRONG_ARGUMENTS))
    except DispatchError as refusal:
        sys.exit(_explain(refusal.message(), "", REFUSED))
    except (psycopg.OperationalError, OperationalError) as error:
        said = fault_summary(error)
        sys.exit(_explain(f"The database cannot be reached: {said}", "nearcrew doctor", REFUSED))
    except (psycopg.Error, DBAPIError) as error:
        # Its own words repeat the row that it refuses.
        sys.exit(_explain(f"The database refused: {fault_summary(error)}", "", REFUSED))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Somebody read enough (`| head`). The interpreter must not complain about it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(REFUSED)


def _explain(message: str, mend: str, code: int) -> int:
    """Print an error and its remedy to stderr; return the exit code."""
    print(message, file=sys.stderr)
    if mend:
        print(f"→ {mend}", file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
