"""`nearcrew standby …`: make, show, promote and drop the standby."""

import os
from pathlib import Path
from typing import Annotated

import typer

from dispatch.settings import is_yes
from scripts.cluster.private_cluster import KEPT_ELSEWHERE
from scripts.cluster.private_cluster import default_var_dir
from scripts.commands.progress import waiting
from scripts.errors import UsageError
from scripts.standby.creating import create_standby
from scripts.standby.creating import drop_standby
from scripts.standby.promoting import promote as promote_standby
from scripts.standby.standby_state import StandbyState
from scripts.standby.standby_state import read_state
from scripts.standby.watch import watch as watch_standby

NOT_FOLLOWING = 3
app = typer.Typer(no_args_is_help=True, help="The hot standby: make, show, promote, drop.")


@app.command()
def create(
    at: Annotated[
        Path | None,
        typer.Option(help="Its state folder, best on another disk; var/standby if left out."),
    ] = None,
) -> None:
    """Make a standby of the private database, or make the former primary one."""
    _refuse_other_databases()
    by_service = is_yes(os.environ.get(KEPT_ELSEWHERE)) or False
    with waiting("Copying the database"):
        record, kept_as = create_standby(default_var_dir(), at, start=not by_service)
    print(f"What is in {record.other_folder} is a standby of {record.primary_folder} now.")
    if kept_as is not None:
        print(f"What the former primary held is kept in {kept_as}; remove it once nobody needs it.")
    how = ": systemctl restart nearcrew.target" if by_service else ""
    print(
        f"Restart the product{how}. It keeps both running, and commits wait until both have them."
    )


@app.command()
def status() -> None:
    """Show both servers; exit code 3 if the standby could not take over without loss."""
    _refuse_other_databases()
    state = read_state(default_var_dir())
    if state is None:
        print("There is no standby. `nearcrew standby create` makes one.")
        raise typer.Exit(NOT_FOLLOWING)
    record = state.record
    print(f"Primary   {record.primary_folder} ({_runs(state.primary_runs)})")
    if record.is_fenced:
        print(f"Former    {record.other_folder} (taken over from; it may not start)")
    else:
        print(f"Standby   {record.other_folder} ({_runs(state.other_runs)})")
    sentence, is_well = describe(state)
    print(sentence)
    if not is_well:
        raise typer.Exit(NOT_FOLLOWING)


@app.command()
def promote(
    *,
    accept_loss: Annotated[
        bool,
        typer.Option("--accept-loss", help="Even if it may lack orders that were acknowledged."),
    ] = False,
) -> None:
    """Make the standby the primary; the former one is stopped and does not start again."""
    _refuse_other_databases()
    with waiting("Changing over"):
        record = promote_standby(default_var_dir(), accept_loss=accept_loss)
    print(f"The database in {record.primary_folder} is the primary now; nothing has to restart.")
    print(f"The one in {record.other_folder} does not start. When its machine is mended:")
    print("    nearcrew standby create    makes it the standby")


@app.command()
def drop(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Remove its data.")] = False,
) -> None:
    """Remove the standby; of a former primary the data is kept."""
    _refuse_other_databases()
    if not yes:
        message = "Without a standby a broken disk costs what came after the last backup."
        raise UsageError(message, mend="nearcrew standby drop --yes")
    with waiting("Removing the standby"):
        record = drop_standby(default_var_dir())
    print(f"The database in {record.primary_folder} has no standby any more.")


@app.command()
def watch() -> None:
    """Have commits wait for the standby while it follows, and no longer: `serve` runs this."""
    watch_standby(default_var_dir())


def describe(state: StandbyState) -> tuple[str, bool]:
    """Return how things stand in a sentence, and whether the standby could take over."""
    follower, record = state.follower, state.record
    if record.is_fenced:
        return "There is no standby since one took over; nearcrew standby create makes one.", False
    if follower is None:
        return "The primary does not answer; nearcrew standby promote has the other take over.", (
            state.progress is not None and state.progress.is_synchronous
        )
    if follower.is_too_far_behind:
        return "The standby was away for too long: drop it and create it anew.", False
    lag = f"{follower.behind_bytes / 1e6:.1f} MB and {follower.behind_s:.1f} s behind"
    if follower.state is None:
        return "The standby is away; commits do not wait for it.", False
    if not follower.is_synchronous:
        return f"The standby follows, {lag}; commits do not wait for it yet.", False
    return f"The standby has everything that is committed; it shows it {lag}.", True


def _runs(runs: bool) -> str:  # noqa: FBT001  (a word for a state)
    return "runs" if runs else "does not run"


def _refuse_other_databases() -> None:
    if os.environ.get("DATABASE_URL"):
        message = "DATABASE_URL names a database that is kept by others, and so is its standby."
        raise UsageError(message, mend="docs/deployment.md says what Nearcrew needs of it.")
