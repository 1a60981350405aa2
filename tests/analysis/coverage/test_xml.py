"""A stranger's XML is read in order and flat, and refused when it tries anything."""

from contextlib import suppress
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage.unreadable import Unreadable
from app.analysis.coverage.xml import MAX_DEPTH, MAX_TEXT, MAX_TOKEN, Closed, Event, Opened, events, first_elements


def test_elements_come_in_the_order_of_the_document() -> None:
    assert list(events(b'<a x="1"><b/>t</a>')) == [Opened("a", {"x": "1"}), Opened("b", {}), Closed("b", ""), Closed("a", "t")]


def test_a_namespace_prefix_is_left_out_of_the_name() -> None:
    assert next(events(b'<p:a xmlns:p="urn:x"/>')) == Opened("a", {"xmlns:p": "urn:x"})


def test_the_text_around_an_inner_element_is_one_text() -> None:
    assert list(events(b"<a>before<b/>after</a>"))[-1] == Closed("a", "beforeafter")


def test_a_document_type_that_is_only_named_is_passed_over() -> None:
    assert next(events(b'<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report/>')).name == "report"


def test_xml_in_utf_16_is_read() -> None:
    assert list(events("<a>é</a>".encode("utf-16"))) == [Opened("a", {}), Closed("a", "é")]


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>',
        b'<!DOCTYPE a [<!ATTLIST a b CDATA "much text">]><a/>',
    ],
)
def test_a_document_that_declares_its_own_type_is_refused(document: bytes) -> None:
    with pytest.raises(Unreadable, match="document type of its own"):
        list(events(document))


def test_an_entity_that_nobody_declared_is_refused() -> None:
    with pytest.raises(Unreadable, match="well-formed"):
        list(events(b"<a>&x;</a>"))


def test_an_encoding_that_is_no_encoding_is_refused() -> None:
    with pytest.raises(Unreadable, match="well-formed"):
        list(events(b'<?xml version="1.0" encoding="zlib"?><a/>'))


@pytest.mark.parametrize("document", [b"", b"<a>", b"<a></b>", b"<a/><b/>", b'<a x="1" x="2"/>', b"<a>\0</a>"])
def test_what_is_not_well_formed_is_refused(document: bytes) -> None:
    with pytest.raises(Unreadable, match="well-formed"):
        list(events(document))


def test_elements_nested_as_deep_as_allowed_are_read() -> None:
    assert len(list(events(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH))) == 2 * MAX_DEPTH


def test_elements_nested_deeper_are_refused() -> None:
    with pytest.raises(Unreadable, match="deep"):
        list(events(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1)))


@pytest.mark.parametrize("start", [b'<a x="', b"<a><!--"])
def test_a_tag_or_comment_without_an_end_is_refused_early(start: bytes) -> None:
    with pytest.raises(Unreadable, match="tag or comment"):
        list(events(start + b"y" * (2 * MAX_TOKEN)))


def test_text_is_cut_and_not_refused() -> None:
    assert list(events(b"<a>" + b"x" * 10_000_000 + b"</a>"))[-1] == Closed("a", "x" * MAX_TEXT)


def test_the_first_elements_are_seen_in_a_beginning() -> None:
    assert first_elements(b'<?xml version="1.0"?><coverage clover="4"><project><fi') == (
        Opened("coverage", {"clover": "4"}),
        Opened("project", {}),
    )


def test_what_is_no_xml_has_no_first_elements() -> None:
    assert first_elements(b"TN:\nSF:a.js\n") == ()


LETTERS = st.text(st.characters(codec="ascii", categories=["L"]))
TREES = st.recursive(
    st.tuples(st.sampled_from("abc"), LETTERS, st.just([])),
    lambda inner: st.tuples(st.sampled_from("abc"), LETTERS, st.lists(inner)),
    max_leaves=20,
)
Tree = tuple[str, str, list["Tree"]]


def written(tree: Tree) -> str:
    name, text, children = tree
    return f"<{name} t={quoteattr(text)}>{escape(text)}{''.join(written(child) for child in children)}</{name}>"


def expected(tree: Tree) -> list[Event]:
    name, text, children = tree
    return [Opened(name, {"t": text}), *(event for child in children for event in expected(child)), Closed(name, text)]


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_any_tree_is_read_as_it_was_written(tree: Tree) -> None:
    assert list(events(written(tree).encode())) == expected(tree)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), st.text("<>/a\"'=!-?[]& \n").map(str.encode)))
def test_any_bytes_are_events_or_unreadable(data: bytes) -> None:
    with suppress(Unreadable):
        assert all(isinstance(event, Event) for event in events(data))
    first_elements(data)
