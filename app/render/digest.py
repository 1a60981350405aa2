"""The weekly digest in words: Markdown for the issue, JSON for machines, an HTML file for a wall. Counting is analysis's."""

from dataclasses import asdict
from typing import Any

from app.domain.digest import DIGEST_MARKER, Digest
from app.render import words
from app.render.charts import COLUMN, HEIGHT
from app.render.digest_view import View

LIMIT = 60_000
"""Characters of an issue's body; GitHub refuses more than 65,536."""

_KEEP = ((8, 40), (8, 15), (8, 5), (8, 1), (1, 1))
"""Rows of the table and entries of each fold to keep, tried from the left until the body is short enough."""


_ON_A_PAGE = 500
"""Rows of any table of the page; who has more reads the JSON."""


def digest_title() -> str:
    """What the digest's issue is called."""
    return str(words.plain().say("digest", "title"))


def digest_markdown(digest: Digest, web_url: str = "https://github.com") -> str:
    """The whole body of the digest's issue, at most `LIMIT` characters, its hidden marker on the first line."""
    hand = words.markdown()
    for rows, entries in _KEEP:
        body = hand.fill("digest.md.j2", view=View(digest, hand, web_url, rows, entries)).strip()
        if len(body) <= LIMIT:
            return _checked(body)
    raise ValueError(f"a digest of {len(body):,} characters cannot be cut to {LIMIT:,}")


def digest_html(digest: Digest, web_url: str = "https://github.com") -> str:
    """The whole digest as one HTML file that asks for nothing else: no script, no font, no picture; light and dark."""
    hand = words.page()
    view = View(digest, hand, web_url, _ON_A_PAGE, _ON_A_PAGE)
    return hand.fill("digest.html.j2", view=view, height=HEIGHT, column=COLUMN)


def digest_json(digest: Digest) -> dict[str, Any]:
    """Plain lists, dicts, strings and numbers, as `docs/digest.md` names them; the keys are a promise, more may come."""
    told = asdict(digest)
    told["funnel"] = [{"stage": stage.value, "number": number} for stage, number in digest.funnel]
    for ranking in ("seams", "whys", "paths"):
        told[ranking] = [
            {
                "name": count.name,
                "number": count.number,
                "issues": [{"repository": repository, "issue": issue} for repository, issue in count.issues],
            }
            for count in getattr(digest, ranking)
        ]
    return {"recall": "digest", "version": 1} | told


def _checked(body: str) -> str:
    """The body, if it opens with its marker and holds no other of that kind: it could not be found again."""
    if not body.startswith(DIGEST_MARKER) or body.count(DIGEST_MARKER) != 1:
        raise ValueError("a digest has to open with its marker and hold no other")
    return body
