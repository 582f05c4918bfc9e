"""`nearcrew doctor`: report what is missing or wrong, and how to fix it.

It only looks: nothing is started, made or changed. Each check stands alone, so that the first
fault does not hide the others.
"""

import os
import sys
from collections.abc import Generator
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime

import typer

from dispatch.core.errors import DispatchError
from dispatch.settings import is_yes
from scripts.cluster import private_cluster as cluster
from scripts.doctor import database_checks
from scripts.doctor import kept_running_checks
from scripts.doctor import machine_checks
from scripts.doctor import printing_checks
from scripts.doctor import serving_checks
from scripts.doctor.findings import Finding
from scripts.doctor.findings import Level
from scripts.doctor.findings import bad
from scripts.doctor.findings import good
from scripts.environment import Surroundings
from scripts.environment import look_around
from scripts.errors import ScriptError
from scripts.installing.installed_units import read_installed

MARKS = {Level.GOOD: "✓", Level.ODD: "!", Level.BAD: "✗"}
PLAIN_MARKS = {Level.GOOD: "ok", Level.ODD: "look", Level.BAD: "WRONG"}


def doctor() -> None:
    """Report what is missing or wrong and how to fix it; exit code 1 if something will not work."""
    can_draw = (sys.stdout.encoding or "").lower().startswith("utf")
    marks = MARKS if can_draw else PLAIN_MARKS
    worst_is_bad = False
    for finding in examine(os.environ):
        worst_is_bad = worst_is_bad or finding.level is Level.BAD
        print(f"{marks[finding.level]} {finding.sentence}")
        if finding.mend:
            print(f"    {finding.mend}")
    if worst_is_bad:
        raise typer.Exit(1)


def examine(env: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the findings of all checks.

    Parameters
    ----------
    env
        Environment variables, as the other commands would see them.
    """
    var_dir = cluster.default_var_dir(env)
    yield machine_checks.writable(var_dir)
    yield machine_checks.disk_space(var_dir)
    yield machine_checks.memory()
    yield machine_checks.clock()
    yield machine_checks.front_end(cluster.CHECKOUT)
    yield from printing_checks.examine()
    yield from serving_checks.examine(var_dir)
    yield kept_running_checks.units(read_installed())
    if not is_yes(env.get("NEARCREW_DEMO")):
        yield from kept_running_checks.backups(env, datetime.now(UTC))
    if not env.get("DATABASE_URL"):
        private = _private_cluster(env)
        yield private
        if private.level is Level.BAD:
            return
        yield from kept_running_checks.standby(var_dir)
        data_dir = cluster.status(var_dir).data_dir
        if data_dir.is_dir() and not data_dir.is_relative_to(var_dir):
            yield machine_checks.disk_space(data_dir)
    surroundings = yield from _surroundings(env)
    if surroundings is None:
        return
    yield from database_checks.examine(surroundings)
    yield machine_checks.port(surroundings.settings)
    yield machine_checks.secure_context(surroundings.settings)
    yield machine_checks.metrics(surroundings.settings)


def _private_cluster(env: Mapping[str, str]) -> Finding:
    try:
        found = cluster.status(cluster.default_var_dir(env))
    except ScriptError as error:
        return bad(error.message, error.mend)
    if not found.exists:
        return bad("This checkout has no database yet.", "nearcrew db start makes and starts it.")
    if not found.running:
        return bad(f"The database in {found.data_dir} does not run.", "nearcrew db start")
    return good(f"The database runs in {found.data_dir}.")


def _surroundings(env: Mapping[str, str]) -> Generator[Finding, None, Surroundings | None]:
    try:
        return look_around(env)
    except ScriptError as error:
        yield bad(error.message, error.mend)
    except DispatchError as error:
        yield bad(f"A setting is wrong: {error.message()}", "See the table of settings in README.")
    return None
