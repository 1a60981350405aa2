"""Which test of a file the new one belongs beside: the one that speaks most of what the fix changed and the issue tells."""

import re
from collections.abc import Sequence

from app.analysis import languages
from app.analysis.languages import ruby
from app.analysis.scaffold.plain import name_words
from app.domain.scaffold import Story, Target

_WORD = re.compile(r"[^\W\d]\w*")


def beside(path: str, text: str, targets: Sequence[Target], story: Story) -> str | None:
    """The name of that test, of several the last; None where none speaks of it (the new one then goes to the end)."""
    source = text.encode(errors="surrogateescape")
    lines = text.split("\n")
    best: tuple[int, int] = (0, -1)
    language = languages.language_of(path)
    tests = ruby.tests_in(source) if language == "ruby" else languages.tests_in(language, source)
    told = frozenset(name_words(story.title, 200))
    for number, test in enumerate(tests):
        words = set(_WORD.findall("\n".join(lines[test.span.start - 1 : test.span.end])))
        parts = {part.lower() for part in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", test.name)}
        score = sum(8 * (target.name in words) + 4 * bool(target.owner and target.owner in words) for target in targets)
        best = max(best, (score + len(told & parts), number))
    return tests[best[1]].name if best[0] else None
