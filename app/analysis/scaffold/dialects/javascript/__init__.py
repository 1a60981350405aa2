"""JavaScript and TypeScript tests for Jest, Vitest, Mocha, node:test and Playwright Test."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects.javascript.dialect import JavaScript
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {
    framework: JavaScript(framework)
    for framework in (Framework.JEST, Framework.VITEST, Framework.MOCHA, Framework.NODE_TEST, Framework.PLAYWRIGHT)
}
