"""JSON that a runner left, alone in a file or among whatever else was printed."""

import json

from app.analysis.coverage.unreadable import Unreadable

MAX_BYTES = 256 * 1024 * 1024
_MOST_STARTS = 200


def find_object(data: bytes, key: str) -> dict[str, object]:
    """The last object with this key that begins a line, or all of `data`. Raises Unreadable where there is none."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"It is JSON of more than {MAX_BYTES >> 20} MiB.")
    text = data.decode("utf-8", "replace")
    at, tried = len(text), 0
    while at > 0 and tried < _MOST_STARTS:
        at = text.rfind("{", 0, at)
        if at < 0:
            break
        if at > 0 and text[at - 1] != "\n":
            continue
        tried += 1
        if isinstance(found := _decoded(text, at), dict) and key in found:
            return found
    raise Unreadable(f"It holds no JSON object with {key!r}.")


def _decoded(text: str, at: int) -> object:
    try:
        return json.JSONDecoder().raw_decode(text, at)[0]
    except (ValueError, RecursionError):
        return None
