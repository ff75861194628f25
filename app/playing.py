"""A recording as a browser plays it: whole or in parts, with a tag that never changes, since the sound behind an address never does."""

from __future__ import annotations

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from curriculum.summaries import Recording, file_name


def play(recording: Recording) -> Response:
    """The sound of a recording (loaded). Safari plays nothing from a server that cannot send parts (RFC 9110, 14)."""
    response = Response(recording.data, mimetype=recording.type)
    response.set_etag(recording.public_id)
    response.headers["Cache-Control"] = "no-cache"
    name = file_name(recording.about, recording.language, recording.type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    in_bytes = request.headers.get("Range", "bytes=").lower().startswith("bytes=")  # what has another unit is as if it were not asked
    try:
        response.make_conditional(request, accept_ranges=in_bytes, complete_length=recording.size)
    except RequestedRangeNotSatisfiable:
        return Response(status=416, headers={"Content-Range": f"bytes */{recording.size}"})
    return response
