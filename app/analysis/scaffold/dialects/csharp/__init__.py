"""C# tests for xUnit and NUnit."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects.csharp.dialect import CSharp
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {Framework.XUNIT: CSharp("Fact"), Framework.NUNIT: CSharp("Test")}
