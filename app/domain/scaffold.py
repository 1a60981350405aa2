"""Values between an issue and the regression test made from it: what people said, what the fix changed, what was written."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.change import Span
from app.domain.seam import SeamKind
from app.domain.suite import Framework, Suite, TestId


@dataclass(frozen=True, slots=True)
class Snippet:
    """One code block of an issue. `language` is recall's name for it ("" if unknown); `text` is a stranger's, uncut lines."""

    text: str
    language: str = ""
    console: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """The error that an issue's stack trace or log ends in: its type as written, its message, its frames in the repository."""

    type: str
    message: str = ""
    frames: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """What an issue tells, taken apart. All of it is text of people: data, never code, but for the snippets of trusted ones.

    `given`, `when`, `then` are lines; `actual` is what happened instead. `trusted` says that the issue's author has triage
    rights (or that whoever runs the command brought the text): only then may a snippet stand in the test as code.
    """

    number: int | None
    title: str
    url: str = ""
    given: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    actual: tuple[str, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    raised: Raised | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a changed function. `default` is its source text, None if it has none; `kind` is a slug: `positional`,
    `keyword`, `rest` (`*args`, `...args`), `keywords` (`**kwargs`).
    """

    name: str
    type: str = ""
    default: str | None = None
    kind: str = "positional"


@dataclass(frozen=True, slots=True)
class Target:
    """A changed definition as a test can use it: where it is, how it is called, how it is brought into the test's file.

    `owner` is the class or type it belongs to ("" for a free one), `owner_parameters` what that is made with.
    `module` is how the language names its file (`shop.cart`, `../src/cart`, `example.com/shop/cart`, `org.shop`).
    `reachable` is False for what a test may not import (private to a function, unexported from another package).
    In typed languages besides: `gives` is the source text of its result's type ("" for none or unknown), `access` a slug
    (`public`, `package`, `protected`, `private`), `package` the name that its file declares, `imports` what its file imports, as
    written, and `type_parameters` whether it or its owner leaves types open. `buildable` is False where no constructor that a
    test may call makes the owner (abstract, an interface, private constructors).
    `export` is a slug for how a file hands it on (or its owner), where a language has several ways: `named`, `default`,
    `whole` (`module.exports = it`), `property` (`exports.it`), `mixin` (`module.exports = function (Owner) { Owner.it = ... }`).
    """

    path: str
    name: str
    qualified: str
    kind: str
    module: str = ""
    owner: str = ""
    parameters: tuple[Parameter, ...] = ()
    owner_parameters: tuple[Parameter, ...] = ()
    is_async: bool = False
    is_static: bool = False
    reachable: bool = True
    gives: str = ""
    access: str = "public"
    package: str = ""
    imports: tuple[str, ...] = ()
    type_parameters: bool = False
    export: str = ""
    buildable: bool = True


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that the fix changed: its source text before and after ("" where it was not there), and where it stands.

    `kind` is a slug: `number`, `string`, `boundary` (a comparison), `error-text`, `constant`.
    """

    kind: str
    before: str
    after: str
    path: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The test file that the new test takes its style from: its text as it stands at the commit that is written to."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything a scaffold is made from. `path` is where it goes; `existing` the text that is there now, None for a new file.

    `neighbours` are nearest first (the file itself, where it exists); `beside` is the test it is put after, None for the end.
    `seams` are the kinds of far side that broke or may have. `commit` is the tip it is written on. `changed` are the code files
    of the fix with the definitions in each that it changed.
    """

    suite: Suite
    story: Story
    path: str
    existing: str | None
    targets: tuple[Target, ...] = ()
    literals: tuple[Literal, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    beside: str | None = None
    seams: tuple[SeamKind, ...] = ()
    commit: str = ""
    changed: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Todo(StrEnum):
    """What is left for a person to do; the sentences are `templates/words/todo.j2`'s."""

    ASSERT = "assert-expected"
    CHECK_ASSERT = "check-assertion"
    ARGUMENTS = "fill-arguments"
    MAKE = "make-instance"
    SNIPPET = "bring-in-snippet"
    FIXTURE = "check-fixtures"
    CONDITIONS = "fill-conditions"
    REACH = "reach-unexported"


@dataclass(frozen=True, slots=True)
class Scaffold:
    """A regression test as written. `text` is the whole file afterwards, `before` as it was (None for a new one).

    `span` are the lines of the new test in `text`. `asserts` says that a real assertion was written, from the snippet and what
    was expected; without one the test ends in a failure that says what to assert.
    """

    framework: Framework
    test: TestId
    text: str
    before: str | None
    span: Span
    todo: tuple[Todo, ...] = ()
    asserts: bool = False

    @property
    def new(self) -> bool:
        """Whether its file has to be created."""
        return self.before is None
