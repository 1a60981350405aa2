"""What a repository remembers: past commits with the paths they changed, and who last wrote which line. Read by `app.git`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PathChange:
    """One path of a past commit: git's status letter, the path after it, and the path before it if it was renamed."""

    status: str
    path: str
    old_path: str | None = None


@dataclass(frozen=True, slots=True)
class PastCommit:
    """A commit of the history. `when` is its committer date in seconds since 1970; a merge has no changes of its own."""

    sha: str
    when: int
    message: str
    changes: tuple[PathChange, ...] = ()

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0].strip()


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """Line `line` (1-based) of a file as of some commit was last written by the commit `sha`."""

    line: int
    sha: str
