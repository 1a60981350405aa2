"""Fills the ready workflows of `docs/workflows/` for one repository: its install and test steps, branch, labels, and commit of
recall.
"""

import json
import re
from collections.abc import Iterator, Sequence

from app.analysis.outfit import Outfit, Step

_COPY = re.compile(r"\A# Copy to \.github/workflows/(?:, beside [\w.-]+)?\. ")
_BLOCK = re.compile(r"^      # (?:Install|Run the tests) here.*?(?=^\n)", re.MULTILINE | re.DOTALL)
_ACTION = re.compile(r"uses: OWNER/recall@0{40} #.*$", re.MULTILINE)
_ASKS = re.compile(r"^ +id-token: write # to ask the server.*\n", re.MULTILINE)
_SERVER = re.compile(r"^ +server: .*\n", re.MULTILINE)
_EMPTY_WITH = re.compile(r"^ +with:\n(?! {10})", re.MULTILINE)
_BRANCHES = re.compile(r"branches: \[main\]")
_FILES = re.compile(r"^          files: \|\n(?:            .*\n)+", re.MULTILINE)
_LABEL = re.compile(r"(?P<is>[\w.]+ == )'escaped-bug'|(?P<has>contains\([\w.*]+, )'escaped-bug'\)")
_PLAIN_LABEL = re.compile(r"[A-Za-z0-9 ._:/-]+")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_NEEDS_CODE = ("recall-map.yml", "recall-prove.yml", "recall-challenge.yml")
_UNTOLD = "      # Install here what the tests need, as in the workflow that runs them; recall installs nothing.\n"


def fits(name: str, outfit: Outfit, *, server: bool) -> bool:
    """Whether a ready workflow is for that repository: with a server it needs only those that run its code, and a map only where
    it is known how coverage is measured.
    """
    if name == "recall-map.yml":
        return outfit.measure is not None
    return name in _NEEDS_CODE or not server


def filled(
    name: str,
    text: str,
    outfit: Outfit,
    *,
    branch: str = "main",
    action: str = "",
    server: str = "",
    labels: Sequence[str] = (),
) -> str:
    """One ready workflow, filled. `action` is `owner/name@<commit>`, `server` an address; "" keeps the placeholder, or no
    server. `labels` are those that the repository's configuration names, () for recall's own.
    """
    made = _COPY.sub("# ", text)
    if labels:
        made = _LABEL.sub(lambda found: _any(found, labels), made)
    if name in _NEEDS_CODE:
        made = _BLOCK.sub(lambda _: "".join(_steps(name, outfit)), made)
    if name == "recall-map.yml" and outfit.measure:
        listed = "".join(f"            {file}\n" for file in outfit.measure.files)
        made = _FILES.sub(lambda _: f"          files: |\n{listed}", made)
    if action:
        made = _ACTION.sub(lambda _: f"uses: {action}", made)
    made = _SERVER.sub(lambda found: re.sub(r"server: .*", lambda _: f"server: {server}", found[0]) if server else "", made)
    if not server:
        made = _ASKS.sub("", made)
    made = _EMPTY_WITH.sub("", made)
    return _BRANCHES.sub(lambda _: f"branches: [{branch if _PLAIN.fullmatch(branch) else _quoted(branch)}]", made)


def _any(found: re.Match[str], labels: Sequence[str]) -> str:
    """One condition on recall's own label, made of the repository's labels, in the language of GitHub's expressions."""
    begin, end = (found["is"], "") if found["is"] else (found["has"], ")")
    each = [f"{begin}{_literal(label)}{end}" for label in labels]
    return each[0] if len(each) == 1 else f"({' || '.join(each)})"


def _literal(label: str) -> str:
    """A string of an expression. Whatever could end it, or begin an expression of its own, is written as JSON escapes it."""
    if _PLAIN_LABEL.fullmatch(label):
        return f"'{label}'"
    escaped = json.dumps(label).translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "'$"})
    return f"fromJSON('{escaped}')"


def _steps(name: str, outfit: Outfit) -> Iterator[str]:
    if not outfit.install:
        yield _UNTOLD
        return
    measured = outfit.measure.steps if name == "recall-map.yml" and outfit.measure else ()
    for step in (*outfit.install, *measured):
        yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    yield f"      - uses: {step.uses}\n" if step.uses else f"      - run: {step.run}\n"
    if step.given:
        yield "        with:\n"
        yield from (f"          {key}: {value}\n" for key, value in step.given)


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
