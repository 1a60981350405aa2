"""Addresses on GitHub of the things a comment names; None wherever the repository's own address is not known."""

from dataclasses import dataclass
from urllib.parse import quote

from app.domain.change import Span

LONGEST = 1_000
"""Characters of an address; one that is longer is left out rather than cut."""


@dataclass(frozen=True, slots=True)
class Links:
    """Permalinks of one repository at one commit. `repository` is `owner/name`, empty when there is no web page for it."""

    web_url: str = ""
    repository: str = ""
    sha: str | None = None

    @property
    def home(self) -> str | None:
        """The repository's page."""
        if not (self.web_url and self.repository):
            return None
        return f"{self.web_url.rstrip('/')}/{quote(self.repository)}"

    def file(self, path: str, lines: Span | int | None = None, sha: str | None = None) -> str | None:
        """A file at the commit, with its lines marked: `.../blob/<sha>/shop/pricing.py#L88-L91`."""
        commit = sha or self.sha
        if self.home is None or commit is None or len(path) > LONGEST:
            return None
        address = f"{self.home}/blob/{quote(commit)}/{_quoted(path)}{_anchor(lines)}"
        return address if len(address) <= LONGEST else None

    def commit(self, sha: str) -> str | None:
        """A commit's page."""
        return self.home and f"{self.home}/commit/{quote(sha)}"

    def compare(self, base: str, head: str) -> str | None:
        """What changed between two commits."""
        return self.home and f"{self.home}/compare/{quote(base)}...{quote(head)}"

    def tag(self, name: str) -> str | None:
        """A tag, with its release notes where it has any."""
        return f"{self.home}/releases/tag/{_quoted(name)}" if self.home and len(name) <= LONGEST else None

    def pull(self, number: int, page: str = "") -> str | None:
        """A pull request, or one of its pages (`files`)."""
        return self.home and f"{self.home}/pull/{number}{'/' + page if page else ''}"

    def comment(self, issue: int, comment: int) -> str | None:
        """One comment of an issue."""
        return self.home and f"{self.home}/issues/{issue}#issuecomment-{comment}"

    def history(self, path: str) -> str | None:
        """The commits that changed a file, up to the commit."""
        if self.home is None or len(path) > LONGEST:
            return None
        return f"{self.home}/commits/{quote(self.sha or 'HEAD')}/{_quoted(path)}"


def _quoted(path: str) -> str:
    """Git paths need not be UTF-8: the bytes that are not stand as lone surrogates (PEP 383) and go back to what they were."""
    return quote(b"".join(_raw(sign) for sign in path))


def _raw(sign: str) -> bytes:
    escaped = "\udc80" <= sign <= "\udcff"
    return sign.encode("utf-8", "surrogateescape" if escaped else "replace")


def _anchor(lines: Span | int | None) -> str:
    if lines is None:
        return ""
    if isinstance(lines, int):
        return f"#L{lines}"
    return f"#L{lines.start}" if lines.start == lines.end else f"#L{lines.start}-L{lines.end}"
