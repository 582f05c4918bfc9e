"""`nearcrew service …`: install, remove and show the systemd units."""

from pathlib import Path
from typing import Annotated

import typer

from scripts.installing import install as installing
from scripts.installing import systemd
from scripts.installing.installation import SETTINGS
from scripts.installing.installed_units import read_installed
from scripts.installing.units import TARGET
from scripts.installing.units import services
from scripts.installing.units import timers

NOT_RUNNING = 3
ROOT = Path("/")
app = typer.Typer(no_args_is_help=True, help="Nearcrew as a service of this machine (systemd).")
Root = Annotated[Path, typer.Option("--root", help="Below this folder; nothing is started.")]


@app.command()
def install(
    *,
    user: Annotated[
        str | None,
        typer.Option(help="Account that runs it, made if missing; else nearcrew."),
    ] = None,
    var: Annotated[
        Path | None, typer.Option(help="State folder; /var/lib/nearcrew if left out.")
    ] = None,
    standby: Annotated[
        Path | None, typer.Option(help="State folder of a standby on another disk.")
    ] = None,
    root: Root = ROOT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the files and change nothing.")
    ] = False,
) -> None:
    """Install, or install anew after an upgrade; everything starts, now and with the machine."""
    installation, files = installing.planned(root, user=user, var_dir=var, standby=standby)
    if dry_run:
        for place, text in files.items():
            print(f"--- {installing.below(root, place)}\n{text}")
        print(f"systemctl enable {TARGET}\nsystemctl restart {TARGET}")
        return
    if root != ROOT:
        installing.write_files(root, files)
        print(f"{len(files)} files are below {root}; nothing was started.")
        return
    installing.install(installation, files)
    print(f"Installed, started, and started with the machine: {TARGET}.")
    print(f"    runs        {', '.join(services(installation))}")
    print(f"    at times    {', '.join(timers(installation))}")
    print(f"    settings    {SETTINGS}")
    print("    log         journalctl -u 'nearcrew-*' -f")
    print("    next        nearcrew init, nearcrew import-osm FILE.osm.pbf, nearcrew doctor")


@app.command()
def uninstall(*, root: Root = ROOT) -> None:
    """Stop and remove the units; settings, account and data stay."""
    removed = installing.uninstall(root)
    for path in removed:
        print(f"removed {path}")
    if removed:
        print(f"Kept: {installing.below(root, SETTINGS)}, the state folder and all backups.")
    else:
        print("Nothing was installed.")


@app.command()
def status(*, root: Root = ROOT) -> None:
    """Show the units; exit code 3 if one that should run does not."""
    found = read_installed(root)
    if not found.names:
        print("No units are installed; `nearcrew service install` installs them.")
        raise typer.Exit(NOT_RUNNING)
    if root == ROOT:
        systemd.demand()
    for name in () if found.states else found.names:
        print(f"{name:26} installed")
    for each in found.states:
        restarts = f", restarted {each.restarts} times" if each.restarts else ""
        print(f"{each.name:26} {each.state}{restarts}")
    if found.states and not found.starts_with_machine:
        print(f"They do not start with the machine: systemctl enable {TARGET}")
    if found.stopped:
        raise typer.Exit(NOT_RUNNING)
