"""`nearcrew backup …`: the nightly backup, its list, and the restore drill."""

from datetime import UTC
from datetime import datetime

import typer

from scripts.backups.drill import run_drill
from scripts.backups.drill_record import Drill
from scripts.backups.drill_record import read_drill
from scripts.backups.kept_backups import environment_plan
from scripts.backups.kept_backups import whole_backups
from scripts.backups.nightly import run_nightly
from scripts.commands.progress import waiting
from scripts.environment import look_around
from scripts.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="Backups: every night, kept for a while, and tried.")


@app.command()
def nightly() -> None:
    """Make a backup and remove those that need not be kept any longer."""
    plan = environment_plan()
    surroundings = look_around()
    with waiting("Backing up"):
        night = run_nightly(surroundings.admin_url, plan, datetime.now(UTC))
    print(f"{night.made.path} ({night.made.size_bytes / 1e6:.1f} MB), read back and whole.")
    for each in night.removed:
        print(f"{each.path.name} removed: kept are {plan.days} days and {plan.weeks} weeks.")


@app.command("list")
def list_backups() -> None:
    """List the nightly backups, the newest first, and what the last drill found."""
    plan = environment_plan()
    for each in reversed(whole_backups(plan.folder)):
        print(f"{each.made_at:%Y-%m-%d %H:%M}Z  {each.size_bytes / 1e6:8.1f} MB  {each.path}")
    last = read_drill(plan.folder)
    print("No drill has been made yet: nearcrew backup drill" if last is None else describe(last))


@app.command()
def drill() -> None:
    """Restore the newest backup into a throw-away database; exit code 1 if anything is missing."""
    plan = environment_plan()
    surroundings = look_around()
    if not surroundings.private:
        message = "The drill makes a database of its own, which DATABASE_URL does not allow."
        mend = (
            "Restore a backup to an empty database now and then: DATABASE_URL=… nearcrew db restore"
        )
        raise UsageError(message, mend=mend)
    with waiting("Restoring"):
        made = run_drill(plan.folder, surroundings.settings.var_dir, lambda: datetime.now(UTC))
    print(describe(made))
    if made.troubles:
        raise typer.Exit(1)


def describe(drill: Drill) -> str:
    """Return what a drill found, in a sentence."""
    began = f"Drill of {drill.at:%Y-%m-%d %H:%M}Z: {drill.backup}"
    if drill.troubles:
        troubles = "; ".join(each.rstrip(".") for each in drill.troubles)
        return f"{began} cannot be relied on: {troubles}."
    return f"{began} was restored in {drill.took_s:.0f} s, all {drill.rows} rows and the event log."
