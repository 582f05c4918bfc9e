"""Every limit that more than one place knows: commands, settings, pages. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

LARGEST_ID = 2**63 - 1
"""The largest id that PostgreSQL's bigint holds."""
LARGEST_VERSION = 2**31 - 1
"""The largest version that PostgreSQL's integer holds."""

LEAST_RADIUS_M = 100.0
MOST_RADIUS_M = 100_000.0

SAME_PLACE_M = 300.0
"""How far apart two reports of one incident usually are at most."""
SAME_MAIN_M = 1_000.0
"""How far apart two reports of one burst are at most, if one main passes both."""
MOST_DANGER_M = 10_000.0
"""The largest danger radius."""
MOST_REPORTS = 1_000
"""Reports in one answer."""
DEFAULT_NEAR, MOST_NEAR = 5, 20
"""Incidents listed as known near a place."""

MOST_URGENT, LEAST_URGENT = 1, 4

LONGEST_NAME = 100
LONGEST_SKILL = 40
LONGEST_PHONE = 40
LONGEST_ADDRESS = 300
LONGEST_REASON = 1_000
LONGEST_TEXT = 4_000
LONGEST_MESSAGE = 2_000
LONGEST_SEARCH = 200
LONGEST_KEY = 200
"""Of a ``client_id`` or an ``Idempotency-Key``."""

DEFAULT_PAGE = 500
MOST_PER_PAGE = 1_000
LARGEST_BATCH = 1_000
"""Position reports in one request."""

SHORTEST_STEP_WAIT_S, LONGEST_STEP_WAIT_S = 5.0, 7_200.0
"""Between two steps of an escalation chain."""
MOST_CHAIN_STEPS, MOST_CHAIN_ROUNDS = 10, 5

LARGEST_BODY_BYTES = 1_000_000
LARGEST_PHOTO_BYTES = 10_000_000
LARGEST_RECORDING_BYTES = 40_000_000
"""The largest that a setting allows a recording to be."""
LARGEST_TABLE_BYTES = 20_000_000
"""Of a file whose rows are imported."""
LARGEST_LAYER_BYTES = 50_000_000
"""Of a file of the utility's records."""
MOST_WAITING_PHOTOS = 20
"""Of one account, received and not decoded yet."""

LONGEST_VIDEO_S, LONGEST_AUDIO_S = 30.0, 120.0
"""Of a recording, made on a phone."""
LONGEST_SIGNATURE = 20_000
"""Characters of the lines of a signature."""

LEAST_RETENTION_DAYS, MOST_RETENTION_DAYS = 30, 36_500
"""Of photos and personal data; the database's functions keep to the least, too."""

FOR_PAGES: Mapping[str, object] = MappingProxyType(
    {
        "radius_m": {"min": LEAST_RADIUS_M, "max": MOST_RADIUS_M},
        "priorities": list(range(MOST_URGENT, LEAST_URGENT + 1)),
        "page": DEFAULT_PAGE,
        "name": LONGEST_NAME,
        "phone": LONGEST_PHONE,
        "address": LONGEST_ADDRESS,
        "reason": LONGEST_REASON,
        "text": LONGEST_TEXT,
        "message": LONGEST_MESSAGE,
        "search": LONGEST_SEARCH,
        "recording_s": {"video": LONGEST_VIDEO_S, "audio": LONGEST_AUDIO_S},
    }
)
"""What the pages are told, so that their forms say the same as the commands."""
