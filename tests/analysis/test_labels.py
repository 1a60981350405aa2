"""Which labels mark an escape, and what is remembered of them."""

from dataclasses import fields, replace

from app.analysis.labels import escape_label, escape_labels, is_escape_label, noted
from app.domain.configuration import Configuration, Settled
from app.domain.delivery import Repository
from app.domain.watch import Watched

SHOP = Repository(9, "acme/shop")
INCIDENT = Settled(Configuration(labels=("incident",)))
KNOWN = Watched(SHOP, 5, ("incident",), due=70.0, read=3.0)


def test_the_configurations_labels_stand_in_place_of_recalls_own() -> None:
    assert escape_labels(Configuration(), "escaped-bug") == ("escaped-bug",)
    assert escape_labels(Configuration(labels=("incident", "p1")), "escaped-bug") == ("incident", "p1")


def test_labels_are_compared_without_case_and_told_as_people_spell_them() -> None:
    assert is_escape_label("Escaped-Bug", ["escaped-bug"])
    assert escape_label(["bug", "Escaped-Bug"], ["p1", "escaped-bug"]) == "Escaped-Bug"
    assert escape_label(["bug"], ["p1"]) == ""


def test_what_was_read_first_is_noted() -> None:
    assert noted(None, SHOP, 5, INCIDENT, now=8.0) == Watched(SHOP, 5, ("incident",), read=8.0)


def test_what_is_known_is_not_noted_again_unless_it_went_stale() -> None:
    assert noted(KNOWN, SHOP, 5, INCIDENT, now=8.0) is None
    assert noted(replace(KNOWN, read=0.0), SHOP, 5, INCIDENT, now=8.0) == replace(KNOWN, read=8.0)


def test_reading_the_configuration_changes_nothing_else_that_is_known() -> None:
    known = Watched(SHOP, 5, ("incident",), due=70.0, read=3.0, collector="acme/home", broken="a" * 40)
    read = noted(known, SHOP, 5, Settled(), now=8.0)
    assert read is not None
    changed = [each.name for each in fields(Watched) if getattr(read, each.name) != getattr(known, each.name)]
    assert changed == ["labels", "read"]


def test_other_labels_are_noted_and_the_digest_stays_due() -> None:
    assert noted(KNOWN, SHOP, 5, Settled(), now=8.0) == replace(KNOWN, labels=(), read=8.0)
