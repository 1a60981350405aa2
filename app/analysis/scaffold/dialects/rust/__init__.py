"""Rust tests for Cargo's runner."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects.rust.dialect import Rust
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {Framework.CARGO_TEST: Rust()}
