"""PHP tests for PHPUnit."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects.php.dialect import Php
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {Framework.PHPUNIT: Php()}
