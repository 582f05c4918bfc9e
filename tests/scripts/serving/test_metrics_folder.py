"""Folders of the workers' counts: under var, one for each server, gone after a killed one."""

import subprocess
import sys
from pathlib import Path

from scripts.serving import metrics_folder
from scripts.serving.metrics_folder import make_metrics_folder
from tests.waiting import PATIENCE_S

_SERVER = f"""
import sys
from pathlib import Path
from {metrics_folder.__name__} import make_metrics_folder
print(make_metrics_folder(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


def _server(var_dir: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start something that holds a folder until it ends; return it and its folder."""
    process = subprocess.Popen(  # noqa: S603  (ourselves)
        [sys.executable, "-c", _SERVER, str(var_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_killed_servers_folder_goes_at_the_next_start_and_a_running_ones_stays(
    tmp_path: Path,
) -> None:
    """The killed one could not remove it."""
    killed, left = _server(tmp_path)
    running, in_use = _server(tmp_path)
    (left / "counter_1.db").write_bytes(b"counts")
    killed.kill()
    killed.communicate(timeout=PATIENCE_S)

    fresh = make_metrics_folder(tmp_path)

    try:
        assert fresh.parent == tmp_path / "metrics"
        assert fresh.is_dir()
        assert in_use.is_dir()
        assert not left.exists()
    finally:
        running.communicate(timeout=PATIENCE_S)
