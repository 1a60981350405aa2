"""Go tests for `go test`."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects.go.dialect import Go
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {Framework.GO_TEST: Go()}
