"""How definitions are called and brought into a test's file: one module per language, found here by recall's name for it."""

from collections.abc import Mapping

from app.analysis.scaffold.signatures import csharp, go, java, javascript, php, python, ruby, rust
from app.analysis.scaffold.signatures.model import Reader, Signature, Surroundings

__all__ = ["READERS", "Reader", "Signature", "Surroundings"]

READERS: Mapping[str, Reader] = {
    "python": python.READER,
    **javascript.READERS,
    "go": go.READER,
    "java": java.READER,
    "php": php.READER,
    "csharp": csharp.READER,
    "rust": rust.READER,
    "ruby": ruby.READER,
}
