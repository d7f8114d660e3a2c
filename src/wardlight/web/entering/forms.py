"""Small forms: what a page of ours sent, and never more than a few lines of it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

BYTES_MAX = 4_096
FIELDS_MAX = 20


async def fields_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; raises 413 for more than a form of ours can hold."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BYTES_MAX:
            raise HTTPException(413, "That is more than this form can hold.")
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=FIELDS_MAX)
    except ValueError as error:
        raise HTTPException(400, "This form has too many fields.") from error
    return dict(pairs)
