"""The real nginx with the configuration that docs/deployment.md shows, started by the tests."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "deployment.md"
_READY_S = 60.0
_AROUND = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_buffering {buffering};
{documented}
}}
"""


def documented() -> str:
    """Return the configuration as people copy it."""
    found = re.search(r"```nginx\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@contextmanager
def proxying(upstream_port: int, folder: Path, *, buffering: bool) -> Iterator[str]:
    """Put nginx before a server until the block ends; yields its address.

    Of the documented text only addresses change, and https is left out: it has no bearing on
    what passes through.
    """
    # Not in everybody's PATH: it is a program of administrators.
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    assert program is not None, "nginx is missing; `make test` installs it"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = documented()
    said, changed = re.subn(
        r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{upstream_port};", said
    )
    assert changed == 1
    said, changed = re.subn(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", said)
    assert changed == 1
    said = re.sub(r"^ *ssl_certificate.*\n", "", said, flags=re.MULTILINE)
    config = folder / "nginx.conf"
    config.write_text(
        _AROUND.format(folder=folder, buffering="on" if buffering else "off", documented=said),
        encoding="utf-8",
    )
    process = subprocess.Popen(  # noqa: S603
        [program, "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")]
    )
    try:
        _await_listening(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(_READY_S)


def _await_listening(process: subprocess.Popen[bytes], port: int) -> None:
    deadline_s = time.monotonic() + _READY_S
    while True:
        assert process.poll() is None, "nginx did not start"
        assert time.monotonic() < deadline_s, "nginx did not listen"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
