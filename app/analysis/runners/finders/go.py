"""Go: its own runner, the module it is run in, and the build tags that a test file wants."""

import posixpath
import re

from app.analysis.runners.files import Files
from app.domain.suite import Framework, Suite

_IMPORTED = {
    "github.com/stretchr/testify/": "testify",
    "github.com/stretchr/testify/suite": "testify-suite",
    "gopkg.in/check.v1": "gocheck",
    "github.com/onsi/ginkgo": "ginkgo",
    "github.com/frankban/quicktest": "quicktest",
    "gotest.tools/": "gotest-tools",
    "github.com/google/go-cmp/cmp": "go-cmp",
}
_GO = re.compile(r"^go (\d+(?:\.\d+)*)", re.MULTILINE)
_BUILD = re.compile(r"^//go:build (.+)$|^// ?\+build (.+)$", re.MULTILINE)
_PACKAGE = re.compile(r"^package ", re.MULTILINE)
_TAG = re.compile(r"!?\b[\w.]+\b")
# Tags that the compiler sets by itself.
_OWN_TAGS = re.compile(
    r"^(?:!.*|go\d.*|cgo|gc|gccgo|unix|race|ignore|linux|darwin|windows|freebsd|netbsd|openbsd|dragonfly|solaris|illumos|aix"
    r"|android|ios|js|wasm|plan9|wasip1|amd64|386|arm|arm64|ppc64|ppc64le|mips\w*|riscv64|s390x|loong64)$"
)


def find(path: str, files: Files) -> Suite | None:
    """Go's runner for every file of tests; `also` holds what its imports, or its neighbours', bring, and `tags=` it needs."""
    if not path.endswith("_test.go"):
        return None
    module = files.nearest(path, "go.mod")
    version = _GO.search(files.text(module)) if module else None
    also = (*_libraries(path, files), *(f"tags={tag}" for tag in build_tags(files.text(path))))
    return Suite(Framework.GO_TEST, posixpath.dirname(module or ""), ("go",), version[1] if version else "", also)


def build_tags(text: str) -> tuple[str, ...]:
    """The tags that a person has to ask for: `//go:build integration && !windows` -> ("integration",)."""
    start = _PACKAGE.search(text)
    head = text[: start.start()] if start else text[:5_000]
    named = (tag for match in _BUILD.finditer(head) for tag in _TAG.findall(match[1] or match[2]))
    return tuple(dict.fromkeys(tag for tag in named if not _OWN_TAGS.match(tag)))


def _libraries(path: str, files: Files) -> tuple[str, ...]:
    targets = [each.target for near in files.neighbours(path) for each in files.imports(near)]
    return tuple(slug for start, slug in _IMPORTED.items() if any(target.startswith(start) for target in targets))
