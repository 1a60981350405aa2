"""Java tests for JUnit 5 and JUnit 4, and the older manner of JUnit 3 where the neighbours keep to it."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects.java.dialect import Java
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {Framework.JUNIT5: Java(5), Framework.JUNIT4: Java(4)}
