"""How recall logs: one JSON object a line, whatever is bound to the context on it, and no secret in it."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

MARK = "[secret]"
_LONGEST = 2_000

# Tokens by their published prefixes (GitHub's `gh?_`, the stateless form with dots and dashes included, and
# `github_pat_`), JSON Web Tokens, PEM blocks, credentials in addresses, and Authorization headers in any spelling.
_SECRETS = re.compile(
    r"gh[a-z]_[A-Za-z0-9._-]{16,}"
    r"|github_pat_[A-Za-z0-9_]{20,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"
    r"|-----BEGIN [A-Z ]{1,40}-----.*?(?:-----END [A-Z ]{1,40}-----|\Z)"
    r"|(?<=://)[^\s/@'\"]{1,2000}(?=@)"
    r"|(?i:(?<=bearer )|(?<=basic )|(?<=token ))[A-Za-z0-9+/=._~-]{12,}"
    r"|(?i:(?<=authorization: )|(?<=authorization': ')|(?<=authorization\": \"))[^\r\n'\",]+",
    re.DOTALL,
)


def scrub(text: str) -> str:
    """The text with every secret replaced by `[secret]`."""
    return _SECRETS.sub(MARK, text)


def _clean(value: Any) -> Any:
    """A value for a log line: scrubbed, and cut at 2,000 characters unless it is a traceback's line."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, dict):
        return {scrub(str(k)): _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(v) for v in value]
    text = scrub(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} […]"


def scrubbed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that cleans every value of a line; tracebacks are scrubbed but not cut."""
    event.pop("color_message", None)  # uvicorn says everything twice
    return {key: scrub(str(value)) if key == "exception" else _clean(value) for key, value in event.items()}


def configure(form: str = "json", level: str = "info", stream: TextIO | None = None) -> None:
    """Sends structlog and the standard library's logging through one chain to `stream`, by default standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        scrubbed,
    ]
    render: Processor = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("dbos", "httpx", "httpcore", "alembic", "uvicorn.access", "hishel"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
