"""Finds the weights of the ranking, which `benchmarks.fit` makes: in a checkout beside that script, in a wheel beside `app`."""

import json
from functools import cache
from pathlib import Path

from app.analysis.rank import Weights, read_weights

_APP = Path(__file__).resolve().parent.parent
_PLACES = (_APP / "weights.json", _APP.parent / "benchmarks" / "weights.json")


@cache
def load_weights() -> Weights:
    """The weights this recall was made with. Raises FileNotFoundError where an installation lost them."""
    path = next((place for place in _PLACES if place.is_file()), _PLACES[-1])
    return read_weights(json.loads(path.read_text(encoding="utf-8")))
