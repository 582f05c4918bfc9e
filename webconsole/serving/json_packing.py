"""Pack the API's longer answers: a board of two thousand crews is a megabyte of JSON.

A packed answer's length tells something of what it says. Who can put words of their own beside a
secret, and see the lengths, can guess the secret letter by letter (BREACH). So no page is packed,
for each holds the token of its forms; nor is any answer to a write, for signing in answers with a
token; nor one that sets a cookie. What is read as JSON holds neither, and browsers send our cookie
along with nothing that another site makes them ask for (SameSite).
"""

import gzip
from http import HTTPStatus

from flask import Flask
from flask import Response
from flask import request

LEAST_BYTES = 1_000
"""Shorter answers fit into one packet as they are."""
_LEVEL = 4  # a third of the default's time, for a tenth more bytes


def install(app: Flask) -> None:
    """Pack what is read as JSON, for whoever accepts gzip."""
    app.after_request(_pack)


def _pack(answer: Response) -> Response:
    if not _may_be_packed(answer):
        return answer
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        answer.set_data(gzip.compress(answer.get_data(), compresslevel=_LEVEL, mtime=0))
        answer.content_encoding = "gzip"
    return answer


def _may_be_packed(answer: Response) -> bool:
    return (
        request.method == "GET"
        and answer.status_code == HTTPStatus.OK
        and answer.mimetype in {"application/json", "application/geo+json"}
        and not answer.is_streamed
        and not answer.direct_passthrough
        and not {"Content-Encoding", "Set-Cookie", "ETag"} & set(answer.headers.keys())
        and (answer.content_length or 0) >= LEAST_BYTES
    )
