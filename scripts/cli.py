"""The `nearcrew` command.

Exit codes: 0 done, 1 refused or failed, 2 wrong arguments or an unreadable file, 3 not running.
"""

import os
import sys
from importlib import import_module
from itertools import chain
from typing import Annotated
from typing import Any
from typing import Final

import psycopg
import typer
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError

from dispatch.core.errors import DispatchError
from dispatch.core.fault_text import fault_summary
from geodata.errors import GroundError
from scripts.cluster.private_cluster import default_var_dir
from scripts.commands import db_commands
from scripts.demo.demo_mark import refuse_demo
from scripts.demo.demo_mark import refuse_strangers
from scripts.environment import look_around
from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.serving.keep_command import keep
from scripts.serving.readiness import Readiness
from scripts.serving.serve import console_socket
from scripts.serving.serve import console_url
from scripts.serving.serve import keep_database
from scripts.serving.serve import keep_job_worker
from scripts.serving.serve import keep_web_server
from scripts.serving.supervisor import supervising

REFUSED = 1
WRONG_ARGUMENTS = 2
INTERRUPTED = 130

_MODULES: Final = {
    "scripts.people.people_commands": (
        *("init", "station", "crew", "user", "role", "token"),
        *("outcome", "unit", "plan", "gateway", "tracker"),
    ),
    "scripts.roads.route_commands": ("route", "matrix"),
    "scripts.roads.reach_command": ("reach",),
    "scripts.roads.match_command": ("match",),
    "scripts.roads.speed_commands": ("speeds",),
    "scripts.commands.layer_commands": ("layer", "zone"),
    "scripts.commands.pledge_commands": ("pledge",),
    "scripts.commands.chain_commands": ("chain",),
    "scripts.commands.shift_commands": ("shift",),
    "scripts.people.audit_commands": ("audit",),
}
"""Modules that register several commands, and the words by which these are called."""
_FUNCTIONS: Final = {
    "import-osm": "scripts.commands.import_osm:import_osm",
    "demo": "scripts.demo.demo_command:demo",
    "doctor": "scripts.doctor.doctor_command:doctor",
    "licences": "scripts.commands.licences:licences",
    "relay": "scripts.commands.relay_command:relay",
}
_GROUPS: Final = {
    "db": "scripts.commands.db_commands:app",
    "backup": "scripts.backups.backup_commands:app",
    "service": "scripts.installing.service_commands:app",
    "standby": "scripts.standby.standby_commands:app",
    "study": "scripts.studies.study_commands:app",
}

_AT_HAND: Final = ("serve", "worker")

db_commands.app.command()(keep)


def command_line(word: str | None = None) -> typer.Typer:
    """Return all commands, or only those imported with the one that a first word calls.

    Importing all of them takes seconds of a processor, which each process of the product would
    spend whenever it is started.
    """
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Emergency-repair dispatch: who is nearest by road, one click to send, on scene.",
    )
    # With a callback, one command by itself is still called by its word.
    app.callback()(lambda: None)
    called = {word} & {*_AT_HAND, *_FUNCTIONS, *_GROUPS, *chain(*_MODULES.values())}
    for module, words in _MODULES.items():
        if not called or called & {*words}:
            import_module(module).register(app)
    for name, place in _FUNCTIONS.items():
        if not called or name in called:
            app.command(name)(_imported(place))
    for name, place in _GROUPS.items():
        if not called or name in called:
            app.add_typer(_imported(place), name=name)
    app.command()(serve)
    app.command()(worker)
    return app


def _imported(place: str) -> Any:  # noqa: ANN401 - a command or a group of commands
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


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


def worker() -> None:
    """Run the jobs that wait: housekeeping and what else need not be done at once."""
    from scripts.serving.worker import run_worker  # noqa: PLC0415 - all services, for this one only

    run_worker(look_around().settings)


def main() -> None:
    """Run a command; errors are printed without a traceback."""
    try:
        command_line(next(iter(sys.argv[1:]), None))()
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
