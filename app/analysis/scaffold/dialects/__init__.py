"""The dialects by framework: one module per language, which knows nothing of the others."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects import go, java, javascript, python, ruby
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {
    **python.DIALECTS,
    **javascript.DIALECTS,
    **go.DIALECTS,
    **java.DIALECTS,
    **ruby.DIALECTS,
}
