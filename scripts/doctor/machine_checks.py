"""Check the machine: disk space, memory, clock, port and secure context."""

import ipaddress
import os
import shutil
import subprocess
from pathlib import Path

from dispatch.settings import Settings
from scripts.cluster.cluster_config import memory_mb
from scripts.doctor.findings import Finding
from scripts.doctor.findings import bad
from scripts.doctor.findings import good
from scripts.doctor.findings import odd
from scripts.errors import UsageError
from scripts.serving.listening_socket import PortError
from scripts.serving.listening_socket import check_port
from scripts.serving.serve import check_certificates

LEAST_FREE_GB = 1.0
ENOUGH_FREE_GB = 2.0
ENOUGH_FREE_SHARE = 0.1
ENOUGH_MEMORY_MB = 1_800


def writable(var_dir: Path) -> Finding:
    """Check that the folder for database, keys and caches is writable."""
    place = next(folder for folder in (var_dir, *var_dir.parents) if folder.exists())
    if os.access(place, os.W_OK | os.X_OK):
        return good(f"{var_dir} can be written.")
    return bad(
        f"{var_dir} cannot be written by this user.",
        f"Run as its owner, or set NEARCREW_VAR to a folder of yours (now {place} stops it).",
    )


def disk_space(var_dir: Path) -> Finding:
    """Check the free disk space. A full disk stops the database."""
    place = next(folder for folder in (var_dir, *var_dir.parents) if folder.exists())
    disk = shutil.disk_usage(place)
    return judge_space(var_dir, free_bytes=disk.free, total_bytes=disk.total)


def judge_space(folder: Path, *, free_bytes: int, total_bytes: int) -> Finding:
    """Return whether that much free space is enough: 2 GB, and a tenth of the disk."""
    free_gb, share = free_bytes / 1e9, free_bytes / total_bytes
    sentence = f"{free_gb:.1f} GB are free for {folder} ({share:.0%} of the disk)."
    if free_gb < LEAST_FREE_GB:
        return bad(sentence, "Free some space: the database stops when the disk is full.")
    if free_gb < ENOUGH_FREE_GB or share < ENOUGH_FREE_SHARE:
        mend = (
            "Position history of 100 crews takes about 2 GB a month: free some space, or keep less"
            " (NEARCREW_HISTORY_DAYS, NEARCREW_PHOTO_DAYS)."
        )
        return odd(sentence, mend)
    return good(sentence)


def memory() -> Finding:
    """Check the memory for the database and two web workers."""
    machine_mb = memory_mb()
    sentence = f"The machine has {machine_mb} MB of memory."
    if machine_mb < ENOUGH_MEMORY_MB:
        return odd(sentence, "Below 2 GB set NEARCREW_WORKERS=1 and load a small city only.")
    return good(sentence)


def clock() -> Finding:
    """Check that the clock is synchronised. Ages of fixes and deadlines depend on it."""
    tool = shutil.which("timedatectl")
    if tool is None:
        return good("Whether the clock is kept right cannot be told here (no timedatectl).")
    asked = [tool, "show", "--property=NTPSynchronized", "--value"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    if answer.stdout.strip() == "no":
        mend = "timedatectl set-ntp true, or name your own time server in timesyncd.conf."
        return odd("The clock is not synchronised with a time server.", mend)
    return good("The clock is synchronised, or something else keeps it.")


def front_end(checkout: Path) -> Finding:
    """Check that the front-end libraries and the Chinese messages are installed."""
    if not (checkout / "node_modules" / "leaflet").is_dir():
        return bad("The front-end packages are missing.", "make setup")
    catalogues = list(checkout.glob("webconsole/translations/*/LC_MESSAGES/*.po"))
    if any(not catalogue.with_suffix(".mo").is_file() for catalogue in catalogues):
        return bad("The Chinese messages are not compiled.", "make setup")
    return good("The front-end packages are there.")


def port(settings: Settings) -> Finding:
    """Check that the console can be served at the configured address."""
    try:
        check_port(settings.host, settings.port)
    except PortError as error:
        return odd(error.message, error.mend)
    return good(f"Port {settings.port} on {settings.host} is free.")


def secure_context(settings: Settings) -> Finding:
    """Check that phones will allow location, ringing and offline use."""
    try:
        check_certificates(settings)
    except UsageError as error:
        return bad(error.message, error.mend)
    if settings.tls_cert:
        return good("The pages are served over https: phones may use location and ring.")
    if is_loopback(settings.host):
        return good("The pages are for this machine only; here browsers allow everything.")
    return odd(
        f"{settings.host} is served over plain http: phones will refuse location and ringing.",
        "Set NEARCREW_TLS_CERT and NEARCREW_TLS_KEY, or put a reverse proxy with https before it.",
    )


def metrics(settings: Settings) -> Finding:
    """Check who may read the metrics."""
    if settings.metrics_token is not None:
        return good("The metrics at /metrics want NEARCREW_METRICS_TOKEN.")
    return good("The metrics at /metrics are for this machine; NEARCREW_METRICS_TOKEN opens them.")


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is local to this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
