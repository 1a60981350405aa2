"""A scaffold as plain values for machines; the keys are documented in `docs/scaffold.md` and only ever added to."""

from app.domain.scaffold import Scaffold


def scaffold_json(scaffold: Scaffold) -> dict[str, object]:
    """`path`, `new`, `test` (`PATH::NAME`), `framework`, `todo` (slugs), `asserts`, `lines` (first and last), `text`."""
    return {
        "path": scaffold.test.path,
        "new": scaffold.new,
        "test": str(scaffold.test),
        "framework": str(scaffold.framework),
        "todo": [str(one) for one in scaffold.todo],
        "asserts": scaffold.asserts,
        "lines": [scaffold.span.start, scaffold.span.end],
        "text": scaffold.text,
    }
