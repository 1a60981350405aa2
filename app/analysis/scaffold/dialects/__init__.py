"""The dialects by framework: one module per language, which knows nothing of the others."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects import csharp, go, java, javascript, php, python, ruby, rust
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {
    **python.DIALECTS,
    **javascript.DIALECTS,
    **go.DIALECTS,
    **java.DIALECTS,
    **php.DIALECTS,
    **csharp.DIALECTS,
    **rust.DIALECTS,
    **ruby.DIALECTS,
}
