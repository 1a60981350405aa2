"""Evidence for one fix: reads the repository through `app.git`, decides with `app.analysis`; command and bot both ask here."""

from app.engine.cache import Cache
from app.engine.explain import Asked, ExplainEscape, Progress, explain
from app.engine.weights import load_weights

__all__ = ["Asked", "Cache", "ExplainEscape", "Progress", "explain", "load_weights"]
