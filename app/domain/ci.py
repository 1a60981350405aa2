"""One run of CI as somebody trustworthy tells it: GitHub's API or a token that GitHub signed, never what was uploaded."""

from dataclasses import dataclass

from app.domain.delivery import Repository

BASELINE_EVENTS = ("push", "schedule")
"""What tests a branch as it is. A run by hand is not among them: its inputs may have had anything checked out and tested."""


@dataclass(frozen=True, slots=True)
class CiRun:
    """`ref` and `commit` are what was tested; `own` is False where the code came from a fork.

    `repository` is the full name, for people and for asking GitHub; the two ids decide.
    """

    repository_id: int
    owner_id: int
    repository: str
    id: int
    attempt: int
    event: str
    ref: str
    commit: str
    own: bool = True

    @property
    def name(self) -> str:
        """`<run id>.<attempt>`, which is what an upload of the same run again is recognised by."""
        return f"{self.id}.{self.attempt}"

    def is_baseline(self, default_branch: str) -> bool:
        """Whether its maps may speak for the default branch. Source: the claims that docs.github.com/en/actions/reference/
        security/oidc describes; anyone who can push to some branch can have a run there, and tokens for it.
        """
        return self.own and self.event in BASELINE_EVENTS and self.ref == f"refs/heads/{default_branch}"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. `token` names it for as long as it lives, until `ends` (seconds since 1970)."""

    run: CiRun
    token: str
    ends: float


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that a CI run left behind; `size` in bytes, as far as GitHub tells it."""

    id: int
    name: str
    size: int = 0
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """A repository that the App is installed on, and through which installation."""

    repository: Repository
    installation: int
