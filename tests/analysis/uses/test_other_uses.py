"""What JavaScript, TypeScript, Go and Java code calls of what it imports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.uses import uses
from app.domain.change import Span

ALL = [Span(1, 1_000)]


def called(language: str, source: str) -> list[tuple[str, ...]]:
    return [(use.target, *use.names) for use in uses(language, source.encode(), ALL)]


def test_a_required_module_is_used_by_its_name() -> None:
    assert called("javascript", "const db = require('../db');\nfunction f() { return db.get(1); }\n") == [("../db", "get")]


def test_a_destructured_require_keeps_the_name_before_renaming() -> None:
    assert called("javascript", "const { get: g } = require('../db');\nfunction f() { g(1); }\n") == [("../db", "get")]


def test_a_default_import_is_called_through() -> None:
    assert called("typescript", "import axios from 'axios';\nexport const f = () => axios.get('/');\n") == [
        ("axios", "default", "get")
    ]


def test_fetch_needs_no_import() -> None:
    assert called("typescript", "export const f = () => fetch('/');\n") == [("globalThis.fetch",)]


def test_a_parameter_of_that_name_hides_it() -> None:
    assert called("typescript", "export const f = (fetch: X) => fetch('/');\n") == []


def test_a_constructor_parameter_is_a_field_in_typescript() -> None:
    source = "import { Client } from './c';\nclass A { constructor(private c: Client) {}\n f() { this.c.go(); } }\n"
    assert called("typescript", source) == [("./c", "Client", "go")]


def test_a_method_of_a_go_package_is_used_through_a_field_of_its_type() -> None:
    source = 'package a\nimport "x.y/pay"\ntype S struct { c *pay.Client }\nfunc (s *S) F() { s.c.Charge() }\n'
    assert called("go", source) == [("x.y/pay", "Client", "Charge")]


def test_a_go_package_goes_by_its_name_and_not_its_version() -> None:
    source = 'package a\nimport "github.com/go-redis/redis/v8"\nfunc F() { redis.NewClient(nil) }\n'
    assert called("go", source) == [("github.com/go-redis/redis/v8", "NewClient")]


def test_a_java_field_of_an_imported_class_is_called_through() -> None:
    source = "package a;\nimport x.Client;\nclass A { private Client c;\n void f() { c.charge(); } }\n"
    assert called("java", source) == [("x.Client", "charge")]


def test_a_java_static_import_is_a_use_of_its_class() -> None:
    source = "package a;\nimport static x.Pay.charge;\nclass A { void f() { charge(); } }\n"
    assert called("java", source) == [("x.Pay", "charge")]


@pytest.mark.parametrize("language", ["javascript", "typescript", "vue", "go", "java"])
@given(source=st.text(alphabet="abf importquireclasfunc(){}[].:;=,*'\"`\n\0\u00e9<>@", max_size=200))
def test_no_source_is_too_broken(language: str, source: str) -> None:
    uses(language, source.encode(), ALL)
