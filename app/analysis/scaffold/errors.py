"""The error that an issue's trace or log ends in, in the forms of nine languages: its type, its message, its frames."""

import re

from app.analysis.traces import MAX_LINE, MAX_TEXT, read_named
from app.domain.scaffold import Raised

MOST_FRAMES = 50
_TYPE = r"(?P<type>[A-Za-z_][\w$]*(?:(?:\.|::|\\)[A-Za-z_][\w$]*){0,12})"
_FORMS = (
    # java.lang.IllegalStateException: message, after "Exception in thread", "Caused by:"
    re.compile(rf"^\s*(?:Exception in thread \"[^\"\n]{{0,100}}\"\s+|Caused by:\s+){_TYPE}(?::\s*(?P<message>.*))?$"),
    # Unhandled exception. System.ArgumentException: message
    re.compile(rf"^\s*Unhandled [Ee]xception[.:]\s+{_TYPE}:\s*(?P<message>.*)$"),
    # PHP Fatal error:  Uncaught TypeError: message in /src/Cart.php:3
    re.compile(rf"^.*\bUncaught (?:\(in promise\) )?{_TYPE}:\s*(?P<message>.*?)(?: in \S+:\d+)?$"),
    # thread 'main' panicked at 'message', src/lib.rs:2
    re.compile(r"^thread '[^']{0,100}' (?P<type>panick)ed at (?:'(?P<message>.*)', )?\S+:\d+.*$"),
    # panic: runtime error: index out of range
    re.compile(r"^(?P<type>panic): (?P<message>.*)$"),
    # app/cart.rb:4:in 'total': undefined method (NoMethodError)
    re.compile(r"^\S+\.rb:\d+:in [`'\"][^'`\"]{1,200}['`\"]: (?P<message>.*) \((?P<type>[A-Z][\w:]*)\)$"),
    # KeyError: 'total', shop.errors.CartError: empty, E   TypeError: ... (pytest)
    re.compile(
        r"^(?:E\s+)?(?P<type>(?:[a-z_]\w*\.){0,8}[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Failure|Fault|Timeout))"
        r"(?::\s*(?P<message>.*))?$"
    ),
)

_FRAME = re.compile(
    r"^\s*(?:File \"[^\"\n]{1,300}\", line \d+|at \S|from \S+:\d+:in|#\d+ \S|\d+: \S|\S+\.go:\d+|\.\.\. \d+ (?:more|omitted))"
)


def is_trace(text: str) -> bool:
    """Whether a block of code is nothing but an error's trace: frames, each with one line of code at most, and the error."""
    lines = [line[:MAX_LINE] for line in text[:MAX_TEXT].splitlines() if line.strip()]
    frames = sum(bool(_FRAME.match(line)) for line in lines)
    return frames > 1 and len(lines) <= 2 * frames + 2


def raised_in(text: str) -> Raised | None:
    """The last error that the text shows, with the frames of all its traces; None where it shows none."""
    found: tuple[str, str] | None = None
    for line in text[:MAX_TEXT].splitlines():
        for form in _FORMS:
            if match := form.match(line[:MAX_LINE].rstrip()):
                kind = "panic" if match["type"] == "panick" else match["type"]
                found = (kind, (match["message"] or "").strip())
                break
    if found is None:
        return None
    places = read_named(text).places
    frames = tuple((place.path, place.line) for place in places if place.is_frame and place.line)
    return Raised(*found, frames[:MOST_FRAMES])
