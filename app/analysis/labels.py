"""Which labels mark an issue as an escaped bug; GitHub compares them without case, and so does everything here."""

from collections.abc import Iterable
from dataclasses import replace

from app.domain.configuration import Configuration, Settled
from app.domain.delivery import Repository
from app.domain.watch import Watched


def escape_labels(configuration: Configuration, own: str) -> tuple[str, ...]:
    """The labels in force: those of the repository's configuration, else the one that recall itself is set to."""
    return configuration.labels or (own,)


def is_escape_label(name: str, labels: Iterable[str]) -> bool:
    """Whether a label is one of those in force."""
    return name.casefold() in (label.casefold() for label in labels)


def escape_label(carried: Iterable[str], labels: Iterable[str]) -> str:
    """The first of an issue's labels that marks an escape, as people spell it there; "" where none does."""
    wanted = tuple(labels)
    return next((name for name in carried if is_escape_label(name, wanted)), "")


def noted(known: Watched | None, home: Repository, installation: int | None, settled: Settled, *, now: float) -> Watched | None:
    """What is to be remembered of a repository whose configuration was read `now`; None where all of that is known already."""
    labels = settled.configuration.labels
    before = known or Watched(home, installation)
    if known and known.read and (known.labels, known.installation, known.repository) == (labels, installation, home):
        return None
    return replace(before, repository=home, installation=installation, labels=labels, read=now)
