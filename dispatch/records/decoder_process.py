"""Decode a picture in a child process with limits, and take its answer."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch.records.decoder import DecoderLimits
from dispatch.records.kept_picture import Picture
from dispatch.records.states import PhotoRefusal

_CHECKOUT = Path(__file__).resolve().parents[2]
_DECODER = "dispatch.records.decoder"


class DecoderError(Exception):
    """The decoder itself failed, whatever the file: it is to be tried again."""


def decode_apart(
    data: bytes, zone: ZoneInfo, now: datetime, limits: DecoderLimits
) -> Picture | PhotoRefusal:
    """Return a picture drawn anew, or why there is none; see `picture_files.read_picture`.

    A child that is ended by a signal (its own limits, a fault in a native library, a machine
    without memory) or by our patience was ended by its file.

    Raises
    ------
    DecoderError
        If the child cannot be started or fails in its own code: no fault of the file's.
    """
    asked = {"limits": asdict(limits), "zone": zone.key, "now": now.isoformat()}
    try:
        done = subprocess.run(  # noqa: S603  (ourselves)
            [sys.executable, "-m", _DECODER, json.dumps(asked)],
            input=data,
            capture_output=True,
            timeout=limits.wall_s,
            check=False,
            cwd=_CHECKOUT,
            # Neither passwords nor addresses of databases: a file may be made to read them.
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        return PhotoRefusal.TOO_COSTLY
    except OSError as error:
        message = f"the decoder cannot be started: {error.strerror}"
        raise DecoderError(message) from error
    if done.returncode < 0:
        return PhotoRefusal.TOO_COSTLY
    if done.returncode > 0:
        message = f"the decoder failed (exit code {done.returncode})"
        raise DecoderError(message)
    return _read_answer(done.stdout)


def _read_answer(answer: bytes) -> Picture | PhotoRefusal:
    line, _, pictures = answer.partition(b"\n")
    facts = json.loads(line)
    if "refusal" in facts:
        return PhotoRefusal(facts["refusal"])
    taken_at, lonlat, length = facts["taken_at"], facts["lonlat"], facts["image_bytes"]
    return Picture(
        image=pictures[:length],
        thumbnail=pictures[length:],
        width=facts["width"],
        height=facts["height"],
        taken_at=datetime.fromisoformat(taken_at) if taken_at else None,
        lonlat=(lonlat[0], lonlat[1]) if lonlat else None,
    )
