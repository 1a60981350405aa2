"""Evidence for one fix: reads the repository through `app.git`, decides with `app.analysis`; command and bot both ask here."""

from app.engine.explain import Asked, Progress, explain, explain_escape
from app.engine.weights import load_weights

__all__ = ["Asked", "Progress", "explain", "explain_escape", "load_weights"]
