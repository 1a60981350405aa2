"""What reading one source file gives, whatever its language: imports and named tests (symbols are the domain's)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.change import Span, Symbol


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement, as written.

    `target` is the module (`.x`, `a.b`, `./cart`, `example.com/shop/cart`, `org.shop.Cart`). `names` is what is taken from
    it, before renaming (of a re-export also after it): empty where the whole module is bound, `*` where everything is.
    `line` is 1-based. `is_reexport` marks statements that hand names on (`export * from`); a Python `__init__.py` does so
    with every import, which only its path can tell, so that is left to `app.analysis.imports`.
    """

    target: str
    names: tuple[str, ...] = ()
    line: int = 0
    is_reexport: bool = False


@dataclass(frozen=True, slots=True)
class NamedTest:
    """One test within a file. `name` is what its runner calls it, nested by `.` or, for titles, by ` > `."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Language:
    """What can be read from the text of one language; each function takes the bytes of a file and never raises.

    `test_mark` is found in any file that defines a test.
    """

    symbols: Callable[[bytes], tuple[Symbol, ...]]
    imports: Callable[[bytes], tuple[Import, ...]]
    tests_in: Callable[[bytes], tuple[NamedTest, ...]]
    test_mark: re.Pattern[bytes]
