"""C#: xUnit or NUnit, and the project file that the tests belong to."""

import posixpath
import re

from app.analysis.runners.files import Files, above
from app.domain.suite import Framework, Suite

_IMPORTED = (
    (Framework.XUNIT, re.compile(r"^\s*(?:global )?using Xunit\b", re.MULTILINE)),
    (Framework.NUNIT, re.compile(r"^\s*(?:global )?using NUnit\b", re.MULTILINE)),
)
_DEPENDED = (
    (Framework.XUNIT, re.compile(r'"xunit(?:\.v3|\.core)?"', re.IGNORECASE)),
    (Framework.NUNIT, re.compile(r'"NUnit"', re.IGNORECASE)),
)
_VERSION = re.compile(r'"(?:xunit(?:\.v3|\.core)?|NUnit)"[^>]*Version="(\d+(?:\.\d+)*)', re.IGNORECASE)


def find(path: str, files: Files) -> Suite | None:
    """What the file imports, else what its project depends on, else what its neighbours import."""
    project = next((found for folder in above(path) for found in files.with_ending(folder, ".csproj")), None)
    near = files.neighbours(path)
    depended = files.text(project) if project else ""
    framework = (
        _first(_IMPORTED, files.text(path)) or _first(_DEPENDED, depended) or _first(_IMPORTED, "\n".join(map(files.text, near)))
    )
    if framework is None or project is None:
        return None
    version = _VERSION.search(depended)
    return Suite(framework, posixpath.dirname(project), ("dotnet",), version[1] if version else "")


def _first(marks: tuple[tuple[Framework, re.Pattern[str]], ...], text: str) -> Framework | None:
    return next((framework for framework, mark in marks if mark.search(text)), None)
