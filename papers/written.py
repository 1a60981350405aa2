"""Which papers there are, and where in them what is made from the code stands."""

from pathlib import Path

from papers import configuration, gallery, permissions

ROOT = Path(__file__).parents[1]
BEGIN = "<!-- made by `make papers` from here on -->\n"


def papers() -> dict[str, str]:
    """Every paper as it is to be, by its path: what people wrote above the mark, and below it what the code says."""
    sections = {each.PATH: each.section for each in (configuration, gallery, permissions)}
    return {path: f"{_head(path)}{BEGIN}\n{section().rstrip()}\n" for path, section in sections.items()}


def _head(path: str) -> str:
    head, found, _ = (ROOT / path).read_text(encoding="utf-8").partition(BEGIN)
    if not found:
        raise ValueError(f"{path} lacks the line {BEGIN!r}")
    return head
