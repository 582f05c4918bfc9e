"""`nearcrew service …`: units that systemd accepts, within bounds; data that is left alone."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.errors import UsageError
from scripts.installing import installed_command
from scripts.installing import systemd
from scripts.installing.install import refuse_hidden
from scripts.installing.installation import Installation
from scripts.installing.installation import read_settings
from tests.scripts.command_line import Nearcrew

UNITS = Path("etc/systemd/system")
EXPOSED_AT_MOST = 2.5
without_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze"
)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Nearcrew:
    """Give the command line, with no database needed."""
    for name in [name for name in os.environ if name.startswith(("NEARCREW_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    return Nearcrew(monkeypatch, capsys)


@pytest.fixture
def root(tmp_path: Path, typed: Nearcrew) -> Path:
    """Give a root below which everything is installed."""
    assert typed("service", "install", "--root", str(tmp_path)).code == 0
    return tmp_path


def _unit(root: Path, name: str) -> dict[str, str]:
    return read_settings((root / UNITS / name).read_text(encoding="utf-8"))


@without_analyze
def test_systemd_accepts_every_unit_without_a_word(root: Path) -> None:
    """A word that it does not know would be ignored, and with it a bound."""
    files = [str(path) for path in sorted((root / UNITS).iterdir())]

    done = subprocess.run(  # noqa: S603
        ["/usr/bin/systemd-analyze", "verify", "--man=no", *files],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(files) == 8
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@without_analyze
@pytest.mark.parametrize("name", ["cluster", "web", "worker", "backup", "drill"])
def test_services_may_do_little_more_than_they_need(root: Path, name: str) -> None:
    """By systemd's own measure, of 0 to 10; an unbounded service has 9.6."""
    done = subprocess.run(  # noqa: S603
        [
            *("/usr/bin/systemd-analyze", "security", "--offline=true"),
            *(f"--threshold={EXPOSED_AT_MOST * 10:.0f}", "--no-pager"),
            str(root / UNITS / f"nearcrew-{name}.service"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-300:]
    assert _unit(root, f"nearcrew-{name}.service")["User"] == "nearcrew"


def test_everything_restarts_by_itself_and_comes_back_with_the_machine(root: Path) -> None:
    """The services without ever giving up; the nightly backup is made up for after a power cut."""
    for name in ("cluster", "web", "worker"):
        unit = _unit(root, f"nearcrew-{name}.service")
        assert (unit["Restart"], unit["StartLimitIntervalSec"]) == ("always", "0")
        assert unit["PartOf"] == "nearcrew.target"
    target = _unit(root, "nearcrew.target")
    assert target["WantedBy"] == "multi-user.target"
    assert "nearcrew-backup.timer" in target["Wants"]
    assert _unit(root, "nearcrew-backup.timer")["Persistent"] == "yes"


def test_a_database_of_ones_own_is_neither_kept_nor_drilled(root: Path, typed: Nearcrew) -> None:
    """Settings that are there are read, and never written again."""
    settings = root / "etc/nearcrew/nearcrew.env"
    settings.write_text("DATABASE_URL='postgresql://db.example/nearcrew'\n", encoding="utf-8")

    typed("service", "uninstall", "--root", str(root))
    again = typed("service", "install", "--root", str(root))

    assert again.code == 0
    names = {path.name for path in (root / UNITS).iterdir()}
    assert "nearcrew-web.service" in names
    assert not names & {"nearcrew-cluster.service", "nearcrew-drill.timer"}
    assert settings.read_text(encoding="utf-8").startswith("DATABASE_URL=")


def test_an_installation_anew_remembers_account_and_standby(root: Path, typed: Nearcrew) -> None:
    """What somebody said a year ago is not undone by an upgrade."""
    said = ("--user", "dispatch", "--standby", "/mnt/second/nearcrew")
    typed("service", "install", "--root", str(root), *said)

    typed("service", "install", "--root", str(root))

    cluster = _unit(root, "nearcrew-cluster.service")
    assert cluster["User"] == "dispatch"
    assert cluster["X-Standby"] == "/mnt/second/nearcrew"
    assert "/mnt/second/nearcrew" in cluster["ReadWritePaths"]
    assert len(cluster["RuntimeDirectory"].split()) == 2


def test_uninstalling_leaves_settings_and_data_alone(root: Path, typed: Nearcrew) -> None:
    """And of somebody else's units nothing is touched."""
    data = root / "var/lib/nearcrew/pg"
    data.mkdir(parents=True)
    other = root / UNITS / "other.service"
    other.touch()

    answer = typed("service", "uninstall", "--root", str(root))

    assert answer.code == 0
    assert [path.name for path in (root / UNITS).iterdir()] == ["other.service"]
    assert not (root / "usr/local/bin/nearcrew").exists()
    assert stat.S_IMODE((root / "etc/nearcrew/nearcrew.env").stat().st_mode) == 0o640
    assert data.is_dir()


def test_a_dry_run_shows_all_and_writes_nothing(typed: Nearcrew, tmp_path: Path) -> None:
    """Whoever looks after the machine reads it first."""
    answer = typed("service", "install", "--dry-run", "--root", str(tmp_path))

    assert answer.code == 0
    assert "ProtectSystem=strict" in answer.out
    assert "systemctl restart nearcrew.target" in answer.out
    assert list(tmp_path.iterdir()) == []


def test_without_systemd_what_can_be_done_is_said(typed: Nearcrew) -> None:
    """And nothing is written."""
    if systemd.is_running():
        pytest.skip("systemd runs here")

    answer = typed("service", "install")

    assert answer.code == 1
    assert "systemd has not started this machine" in answer.err
    assert "nearcrew serve" in answer.err
    assert not Path("/etc/systemd/system/nearcrew.target").exists()


def test_a_program_in_a_closed_folder_is_refused(tmp_path: Path) -> None:
    """The account could not even start it."""
    closed = tmp_path / "closed"
    python = closed / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    closed.chmod(0o700)
    installation = Installation("nearcrew", Path("/var/lib/nearcrew"), None, {}, closed)

    with pytest.raises(UsageError) as refused:
        refuse_hidden(installation)

    assert "/opt/nearcrew" in refused.value.mend


def test_the_installed_command_works_with_the_settings_of_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on the database of the folder in which somebody happens to stand."""
    settings = tmp_path / "nearcrew.env"
    settings.write_text("# ours\nNEARCREW_VAR='/srv/a b'\nNEARCREW_PORT=1\n", encoding="utf-8")
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, words: started.append(words))
    monkeypatch.setattr(os, "environ", {"NEARCREW_PORT": "2"})
    # An account is taken on for everything but the services, which only root may install.
    words = ["service", "status"]
    monkeypatch.setattr(sys, "argv", ["installed_command", str(settings), "nearcrew", *words])

    installed_command.main()

    assert started == [[sys.executable, "-m", "scripts.cli", *words]]
    assert os.environ == {
        "NEARCREW_VAR": "/srv/a b",
        "NEARCREW_PORT": "2",
        "NEARCREW_CLUSTER_KEPT": "1",
    }
