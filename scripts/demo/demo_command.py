"""`nearcrew demo`: run a real city with simulated crews and the console."""

import os
import sys
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer

from dispatch.access.permissions import SYSTEM
from dispatch.bootstrap import build
from dispatch.settings import Settings
from scripts.cluster import private_cluster as cluster
from scripts.commands.db_commands import bring_up_to_date
from scripts.commands.progress import waiting
from scripts.demo.demo_ground import ensure_city
from scripts.demo.demo_mark import claim_for_demo
from scripts.demo.demo_mark import refuse_strangers
from scripts.demo.demo_records import seed_records
from scripts.demo.demo_seed import PASSWORD
from scripts.demo.demo_seed import seed_demo
from scripts.environment import Surroundings
from scripts.environment import look_around
from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.serving.child_process import ChildProcess
from scripts.serving.serve import WEB
from scripts.serving.serve import console_socket
from scripts.serving.serve import console_url
from scripts.serving.serve import keep_database
from scripts.serving.serve import keep_job_worker
from scripts.serving.serve import keep_web_server
from scripts.serving.supervisor import Supervisor
from scripts.serving.supervisor import supervising

ANSWER_TIMEOUT_S = 2.0


def demo(
    pbf: Annotated[
        Path | None, typer.Option("--pbf", help="Another city's extract (.osm.pbf).")
    ] = None,
    pace: Annotated[
        float, typer.Option(min=0.1, max=20, help="How many times faster than life crews work.")
    ] = 1.0,
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the demo's data first.")] = False,
) -> None:
    """Run the demo city: database, map, crews and console, on this machine only."""
    if pbf is not None and not pbf.is_file():
        message = f"There is no file {pbf}."
        raise UsageError(message)
    variables = {**os.environ, "NEARCREW_DEMO": "1"}
    refuse_strangers(variables.get("NEARCREW_HOST") or "127.0.0.1")
    if fresh and variables.get("DATABASE_URL"):
        message = "--fresh works on this checkout's own database only."
        raise UsageError(message, mend="Make the database that DATABASE_URL names anew.")
    with supervising(cluster.default_var_dir(variables)) as supervisor:
        keep_database(supervisor, variables)
        if fresh:
            cluster.drop_database(cluster.DEMO_DATABASE)
        surroundings = look_around(variables)
        settings = surroundings.settings
        with console_socket(settings) as bound:
            bring_up_to_date(surroundings)
            claim_for_demo(surroundings.admin_url)
            ensure_city(surroundings.admin_url, settings.var_dir, pbf)
            seed_demo(settings, datetime.now(UTC))
            seed_records(surroundings.admin_url)
            keep_web_server(supervisor, surroundings, bound)
            _until_ready(supervisor, settings)
            if not supervisor.stopping:
                keep_job_worker(supervisor, surroundings)
                supervisor.keep(
                    ChildProcess(
                        "simulator", _simulator_command(settings, pace), _plain_variables()
                    )
                )
                print(_welcome(surroundings), flush=True)
            supervisor.run()
    print("\nStopped. The data is kept; `make run` goes on with it.")


def _until_ready(supervisor: Supervisor, settings: Settings) -> None:
    """Wait until the console answers or the user stops it.

    Raises
    ------
    ScriptError
        If the console ends again and again instead.
    """

    def answers() -> bool:
        if supervisor.is_troubled(WEB):
            message = "The console does not start."
            mend = "What it said stands above; `nearcrew doctor` may know."
            raise ScriptError(message, mend=mend)
        try:
            # Our own certificate may be signed by an authority this machine does not know, and
            # nothing secret is sent: only whether it answers counts.
            url = f"{console_url(settings)}/healthz"
            found = httpx.get(url, timeout=ANSWER_TIMEOUT_S, verify=False)  # noqa: S501
        except httpx.HTTPError:
            return False
        return found.status_code == httpx.codes.OK

    with waiting("Starting the console"):
        supervisor.run(until=answers)


def _simulator_command(settings: Settings, pace: float) -> list[str]:
    url = console_url(settings)
    return [sys.executable, "-m", "scripts.simulator.run", f"--url={url}", f"--pace={pace}"]


def _plain_variables() -> dict[str, str]:
    """Return the environment of the simulator, without database credentials."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}


def _welcome(surroundings: Surroundings) -> str:
    services = build(surroundings.settings)
    try:
        accounts = services.accounts.list_accounts(SYSTEM)["accounts"]
    finally:
        services.close()
    desk = [f"{each['username']} ({each['roles'][0]})" for each in accounts if not each["crew_id"]]
    crews = [each["username"] for each in accounts if each["crew_id"]]
    lines = ["", f"  Nearcrew demo 演示    {console_url(surroundings.settings)}", ""]
    lines += [f"  Sign in as 登录名      {', '.join(desk)}"] if desk else []
    lines += [f"  Crew page 班组端       {crews[0]} … {crews[-1]}"] if crews else []
    lines += [f"  Password 密码          {PASSWORD}", "", "  Ctrl-C stops; data is kept.", ""]
    return "\n".join(lines)
