"""Opens `templates/` in one of three hands, Markdown, plain text or HTML, so that a sentence is written once and reads the same
in the comment, the terminal and the JSON. What is said where is left to the templates and to `app.render.comment`.

Whatever a template prints is defused unless it is a number or came from a filter of the hand; there is no way around it
in a template, since only the filters below exist.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from app.render import defuse

_HEADER = re.compile(r"^\[([a-z0-9_-]+)\]$", re.MULTILINE)
_FEW = 4


class Written(str):
    """Text that a hand has written, fit to be printed as it is. Foreign text becomes this only through a hand."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


class Hand:
    """One way of writing: how names, foreign words, links and emphasis look. `say` gives the sentence for a slug."""

    def __init__(self, prose: Callable[[str], str], code: Callable[[str], str], *, marks: bool) -> None:
        self._prose, self._code, self._marks = prose, code, marks
        self._environment = Environment(
            loader=_Sections(folder()),
            autoescape=True,  # keeps what a hand wrote apart from plain strings; `_finished` is what defuses those
            finalize=self._finished,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals = {"say": self.say}
        self._environment.filters = {
            "capital": self.capital,
            "code": self.code,
            "codes": self.codes,
            "commit": self.commit,
            "count": count,
            "languages": self.languages,
            "length": len,
            "link": self.link,
            "lower": self.lower,
            "listed": self.listed,
            "percent": percent,
            "strong": self.strong,
            "verb": verb,
        }

    def fill(self, template: str, **values: Any) -> str:
        """A whole template, such as `comment.md.j2`."""
        return self._environment.get_template(template).render(**values)

    def say(self, family: str, slug: str, **values: Any) -> Written:
        """The sentence for a slug: the section of that name in `templates/words/<family>.j2`, on one line."""
        try:
            template = self._environment.get_template(f"words/{family}.j2#{slug.lower()}")
        except TemplateNotFound:
            template = self._environment.get_template(f"words/{family}.j2#other")
        return Written(" ".join(template.render(slug=slug, **values).split()))

    def prose(self, text: object) -> Written:
        """Foreign words in a sentence."""
        return Written(self._prose(str(text)))

    def code(self, name: object) -> Written:
        """A name, such as a path, a symbol or a test id."""
        return Written(self._code(str(name)))

    def codes(self, names: Iterable[str], most: int = _FEW) -> Written:
        """Names in a sentence: `a`, `b` and 3 more."""
        return self.listed([self.code(name) for name in names], most)

    def languages(self, names: Iterable[str]) -> Written:
        """Programming languages by the names that people give them; what is none stays a name."""
        return self.listed([self.say("language", name) for name in names])

    def link(self, label: object, url: str | None) -> Written:
        """A label that leads to `url`, or the bare label where there is nothing to lead to."""
        shown = self._finished(label)
        return Written(f"[{shown}]({url})" if url and self._marks else shown)

    def commit(self, sha: str, url: str | None = None) -> Written:
        """A commit by its short name."""
        return self.link(self.code(sha[:7]), url)

    def listed(self, items: Iterable[object], most: int = _FEW) -> Written:
        """Things in a sentence: a, b and 3 more. Never says "and 1 more" where that one could have been named."""
        shown = [str(self._finished(item)) for item in items]
        if len(shown) > most:
            shown = [*shown[: most - 1], f"{len(shown) - most + 1} more"]
        return Written(" and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown))

    def strong(self, words: object) -> Written:
        """Words that are read first."""
        shown = self._finished(words)
        return Written(f"**{shown}**" if self._marks else shown)

    def capital(self, sentence: object) -> Written:
        """A sentence with its first letter made large."""
        shown = str(self._finished(sentence))
        return Written(shown[:1].upper() + shown[1:])

    def lower(self, sentence: object) -> Written:
        """A sentence that goes on inside another: with its first letter made small."""
        shown = str(self._finished(sentence))
        return Written(shown[:1].lower() + shown[1:])

    def _finished(self, value: object) -> object:
        return value if hasattr(value, "__html__") or isinstance(value, int | float) else self.prose(value)


class _Page(Hand):
    """Writes HTML: whatever it prints is escaped, and only https addresses become links."""

    def __init__(self) -> None:
        super().__init__(_escaped, lambda name: f"<code>{_escaped(name)}</code>", marks=True)

    def link(self, label: object, url: str | None) -> Written:
        """A label that leads to `url`, or the bare label where there is nothing to lead to."""
        shown = self._finished(label)
        leads = url is not None and url.startswith(("https://", "http://"))
        return Written(f'<a href="{escape(url)}">{shown}</a>' if leads and url else shown)

    def strong(self, words: object) -> Written:
        """Words that are read first."""
        return Written(f"<strong>{self._finished(words)}</strong>")


def _escaped(text: str) -> str:
    return escape(defuse.clean(text))


class _Sections(BaseLoader):
    """Files by name, and sections of files: `words/gap.j2#any` is what stands under the line `[any]` of `words/gap.j2`."""

    def __init__(self, root: Path) -> None:
        self._files = FileSystemLoader(root)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        name, of, section = template.partition("#")
        source, path, fresh = self._files.get_source(environment, name)
        if not of:
            return source, path, fresh
        text = sections(source).get(section)
        if text is None:
            raise TemplateNotFound(template)
        return text, path, fresh


def sections(source: str) -> dict[str, str]:
    """The sections of a file by their slugs, from `[slug]` to the next; what stands before the first is a remark."""
    parts = _HEADER.split(source)
    return {slug: words.strip() for slug, words in zip(parts[1::2], parts[2::2], strict=True)}


def folder() -> Path:
    """Where the templates are: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    return next(place for place in (package / "templates", package.parent / "templates") if (place / "words").is_dir())


@cache
def markdown() -> Hand:
    """The hand that writes GitHub's Markdown."""
    return Hand(defuse.prose, defuse.code, marks=True)


@cache
def plain() -> Hand:
    """The hand that writes plain text, for terminals and machines."""
    return Hand(defuse.clean, defuse.clean, marks=False)


@cache
def page() -> Hand:
    """The hand that writes HTML, for files that stand alone."""
    return _Page()


def count(number: int, one: str, many: str | None = None) -> Written:
    """`1 test`, `2 tests`, `1,200 tests`; `many` for a plural that is not an -s."""
    return Written(f"{number:,} {one if number == 1 else many or one + 's'}")


def verb(number: int, one: str, many: str) -> Written:
    """The form of the verb that agrees with a number: `touches`, `touch`."""
    return Written(one if number == 1 else many)


def percent(share: float) -> Written:
    """A probability as people say it: whole per cents, and neither certain nor impossible where it is only close to it."""
    if 0 < share < 0.005:
        return Written("under 1%")
    whole = round(share * 100)
    if share < 1:
        whole = min(whole, 99)
    return Written(f"{whole}%")
