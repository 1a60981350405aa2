"""What is remembered of a repository as a whole between jobs: by which labels it calls an escape, and when its digest is due."""

from dataclasses import dataclass

from app.domain.delivery import Repository


@dataclass(frozen=True, slots=True)
class Watched:
    """One repository with recalls, or with a configuration of its own. `labels` are its configuration's, () for recall's own.

    `due` is when its next digest is to be written, `read` when its configuration was last read; both are seconds since 1970.
    `collector` is the repository (`owner/name`) that its digest is collected in, "" for itself.
    `broken` is the commit on which a check run says what is wrong with the configuration, "" where none does.
    """

    repository: Repository
    installation: int | None
    labels: tuple[str, ...] = ()
    due: float | None = None
    read: float = 0.0
    collector: str = ""
    broken: str = ""
