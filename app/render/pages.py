"""Fills the HTML pages of `templates/pages/`; everything is escaped but what a template calls `safe`."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.render.words import folder


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_pages()), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def fill(name: str, /, **facts: Any) -> str:
    """One page (`issue.html`) with its facts."""
    return _environment().get_template(name).render(facts)


def asset(name: str) -> str:
    """A file beside the pages, such as `style.css`, as it is."""
    return (_pages() / name).read_text(encoding="utf-8")


def _pages() -> Path:
    return folder() / "pages"
