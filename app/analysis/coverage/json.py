"""A stranger's JSON as an object, or a sentence about why not; what its keys mean is each format's own to say."""

import json

from app.analysis.coverage.unreadable import Unreadable

MAX_BYTES = 256 * 1024 * 1024

STRING = rb'"(?:[^"\\]|\\.){0,4096}+"'
"""A JSON string in a regular expression over a file's beginning; takes linear time."""

START = rb"\A(?:\xef\xbb\xbf)?\s*+\{\s*+"
"""The beginning of a file that holds one JSON object."""


def load_object(data: bytes) -> dict[str, object]:
    """The object that the whole of `data` is. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"It is JSON of more than {MAX_BYTES >> 20} MiB; give the run's parts one by one.")
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable("It begins like JSON but is none to its end; was it cut off?") from error
    if not isinstance(found, dict):
        raise Unreadable("It is JSON but no object at its top.")
    return found


def as_object(value: object) -> dict[str, object]:
    """`value` where it is an object, else an empty one: for what may be left out."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """`value` where it is an array, else an empty one."""
    return value if isinstance(value, list) else []
