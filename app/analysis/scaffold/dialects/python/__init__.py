"""Python tests for pytest, unittest and Django's runner."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects.python.dialect import Python
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {
    Framework.PYTEST: Python("pytest"),
    Framework.UNITTEST: Python("unittest"),
    Framework.DJANGO: Python("django"),
}
