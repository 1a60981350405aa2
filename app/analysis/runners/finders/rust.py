"""Rust: Cargo's runner, and the package that the tests belong to."""

import re

from app.analysis.runners.files import Files, above, join
from app.domain.suite import Framework, Suite

_PACKAGE = re.compile(r"^\[package\]", re.MULTILINE)
_EDITION = re.compile(r"^edition\s*=\s*\"(\d+)\"", re.MULTILINE)
_ASYNC = {"tokio": re.compile(r"#\[tokio::test"), "async-std": re.compile(r"#\[async_std::test")}


def find(path: str, files: Files) -> Suite | None:
    """Cargo's runner for every file below a package; `version` is the edition."""
    for folder in above(path):
        manifest = files.text(join(folder, "Cargo.toml"))
        if _PACKAGE.search(manifest):
            edition = _EDITION.search(manifest)
            texts = [files.text(near) for near in files.neighbours(path)]
            also = tuple(slug for slug, mark in _ASYNC.items() if any(mark.search(text) for text in texts))
            return Suite(Framework.CARGO_TEST, folder, ("cargo",), edition[1] if edition else "", also)
    return None
