"""What a recording's first bytes say it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.recordings.media_headers import container_of
from dispatch.recordings.states import Container
from tests.examples import examples
from tests.recordings import MP4
from tests.recordings import OGG
from tests.recordings import WEBM


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (WEBM, Container.WEBM),
        (MP4, Container.MP4),
        (OGG, Container.OGG),
        (WEBM.replace(b"webm", b"matr"), None),
        (WEBM.replace(b"\x84webm", b"\x88webmwebm"), None),
        (MP4.replace(b"ftypiso5", b"ftypheic"), None),
        (b"<html><script>alert(1)</script>", None),
        (b"%PDF-1.7", None),
        (b"\xff\xd8\xff\xe0", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"", None),
    ],
)
def test_a_recording_is_what_its_first_bytes_say(
    content: bytes, expected: Container | None
) -> None:
    """Whatever it is called; what browsers do not record is none."""
    assert container_of(content) is expected


@examples(300)
@given(st.sampled_from([WEBM[:4], MP4[:8], b""]), st.binary(max_size=100))
def test_no_header_takes_the_reader_down(start: bytes, rest: bytes) -> None:
    """However it goes on."""
    assert container_of(start + rest) in {None, *Container}
