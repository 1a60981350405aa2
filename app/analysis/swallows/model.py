"""What reading code for swallowed failures gives: the line, how the failure is hidden, and the lines whose failures it hides."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from tree_sitter import Node

from app.domain.change import Span
from app.domain.seam import Hiding

_LOGGER = re.compile(
    r"^(?:console|_?logger|_?log|_?LOGGER|_?LOG|logging|winston|warnings|slog|klog|glog|zap|logrus|level|traceback|Log|debug)$"
)
_LOGS = re.compile(
    r"^(?:print|println|printf|printStackTrace|print_exc|debug|info|warn|warning|error|err|exception|trace|verbose|log|critical|fatal"
    r"|Debug|Info|Warn|Warning|Error|Err|Log|Print|Println|Printf|Trace)[fw]?(?:ln)?$"
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """One place where a failure is hidden; `guards` are the lines whose failures never get out."""

    line: int
    reason: Hiding
    guards: Span


class Does(Enum):
    """What one statement of a handler does with the failure."""

    NOTHING = auto()
    LOG = auto()
    GIVE_DEFAULT = auto()
    MORE = auto()


def reason_of(statements: Iterable[Does]) -> Hiding | None:
    """How a handler of such statements hides the failure; None where it does something about it."""
    does = set(statements)
    if Does.MORE in does:
        return None
    if Does.GIVE_DEFAULT in does:
        return Hiding.HANDLER_GIVES_DEFAULT
    return Hiding.HANDLER_ONLY_LOGS if Does.LOG in does else Hiding.HANDLER_EMPTY


def is_logging(chain: tuple[str, ...]) -> bool:
    """Whether a call of that name only tells of something: `logger.warning`, `console.error`, `print`, `e.printStackTrace`."""
    if not chain:
        return False
    if len(chain) == 1:
        return chain[0] in {"print", "println", "warn", "debug", "log", "print_exc"}
    by_logger = any(map(_LOGGER.search, chain[:-1])) or any(part.lower().endswith(("logger", "log")) for part in chain[:-1])
    return chain[-1] in {"printStackTrace", "print_exc"} or (bool(_LOGS.match(chain[-1])) and by_logger)


def inside(node: Node, stops: frozenset[str], most: int = 4_000) -> Iterator[Node]:
    """All nodes below one, those of inner functions (`stops`) left out."""
    left = list(node.named_children)
    while left and most:
        most -= 1
        at = left.pop()
        yield at
        if at.type not in stops:
            left += at.named_children
