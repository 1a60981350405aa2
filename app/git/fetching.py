"""Fetches from a remote into a bare mirror, within limits of time and size, with a token that leaves no trace.

The token is handed to git in its environment, as a header for that host alone: it is in no URL, no argument and no file.
"""

import base64
import contextlib
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.domain.delivery import Remote, Repository
from app.domain.errors import GiveUp, RecallError, TellUser, TryLater
from app.domain.escape import Fix, FixState
from app.domain.job import State
from app.git.run import GitFailed, run, start, stop

_SCHEMES = ("https", "http", "file")
_NETWORK = ("HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

_REFUSED = re.compile(
    r"returned error: (?:401|403|404)|Authentication failed|could not read Username|repository (?:'[^']*' )?not found",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"unable to access|RPC failed|early EOF|remote end hung up|timed out|No space left|Could not resolve", re.IGNORECASE
)
_ABSENT = re.compile(r"couldn't find remote ref|not our ref|no such remote ref", re.IGNORECASE)
_BROKEN = re.compile(
    r"bad object|corrupt|loose object|missing (?:blob|tree|commit)|unable to (?:read|parse)|cannot be accessed|is empty"
    r"|did not receive expected object|not a git repository|bad (?:ref|pack|index)|invalid (?:object|sha1|ref)|not a valid object"
    r"|has garbage|premature end of pack|broken link|commit-graph",
    re.IGNORECASE,
)


class Damaged(TryLater):
    """The mirror on disk is broken; it has to be made anew."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """How a fetch is bounded: `seconds` for one, and `most_bytes` for a mirror on disk, looked at every `look_every` seconds."""

    seconds: float = 900.0
    most_bytes: int = 10 << 30
    look_every: float = 1.0

    def branches(self, mirror: Path, repository: Repository, remote: Remote) -> None:
        """All branches as they are now, those that are gone taken away, the tags on them, and HEAD on the default branch."""
        self._fetch(mirror, repository, remote, "+refs/heads/*:refs/heads/*", branches=True)
        try:
            run(mirror, "symbolic-ref", "HEAD", f"refs/heads/{repository.default_branch}")
        except GitFailed as error:
            raise TellUser(f"{repository.full_name} has a default branch that git does not take as a name.") from error

    def fix(self, mirror: Path, repository: Repository, remote: Remote, fix: Fix | None) -> None:
        """What the fix needs beyond the branches: the head of an open pull request, and commits no branch holds any more.

        What GitHub does not have is left to whoever reads the mirror to miss.
        """
        if fix is None:
            return
        if fix.pull is not None and (fix.state is not FixState.MERGED or not _holds(mirror, fix.head)):
            self._try(mirror, repository, remote, f"+refs/pull/{fix.pull}/head:refs/recall/pull/{fix.pull}")
        for sha in (fix.head, fix.base):
            if sha and _SHA.fullmatch(sha) and not _holds(mirror, sha):
                self._try(mirror, repository, remote, f"+{sha}:refs/recall/commit/{sha}")

    def _try(self, mirror: Path, repository: Repository, remote: Remote, refspec: str) -> None:
        try:
            self._fetch(mirror, repository, remote, refspec)
        except _NotThere:
            return

    def _fetch(self, mirror: Path, repository: Repository, remote: Remote, refspec: str, *, branches: bool = False) -> None:
        # Without --no-tags git brings the tags of whatever it has, and nothing that only a tag leads to.
        process = start(
            mirror,
            *("fetch", "--quiet", "--no-write-fetch-head", "--no-recurse-submodules"),
            *(("--prune",) if branches else ("--no-prune", "--no-tags")),
            *("--", remote.url, refspec),
            extra=_environment(remote),
            config=_settings(remote),
        )
        ends = time.monotonic() + self.seconds
        try:
            while True:
                try:
                    _, said = process.communicate(timeout=self.look_every)
                    break
                except subprocess.TimeoutExpired:
                    self._check(mirror, repository, ends)
        finally:
            stop(process)
        if process.returncode:
            raise _failure(repository, said.decode(errors="replace")[:4000])

    def _check(self, mirror: Path, repository: Repository, ends: float) -> None:
        if time.monotonic() > ends:
            raise TryLater(f"Fetching {repository.full_name} took longer than {self.seconds:.0f} seconds.")
        if folder_size(mirror) > self.most_bytes:
            raise TellUser(f"{repository.full_name} is larger than the {self.most_bytes >> 20:,} MB that recall keeps of one.")


def folder_size(folder: Path) -> int:
    """The bytes of all files below; files that vanish meanwhile count nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += (Path(parent) / name).stat().st_size
    return total


class _NotThere(TryLater):
    """The remote has no such ref or commit, or gives none away."""


def _holds(mirror: Path, sha: str) -> bool:
    if not _SHA.fullmatch(sha):
        return False
    try:
        run(mirror, "cat-file", "-e", f"{sha}^{{commit}}")
    except GitFailed:
        return False
    return True


def _environment(remote: Remote) -> dict[str, str]:
    """Lets git speak only the protocol of that address, through the proxies and with the authorities of this machine."""
    scheme = urlsplit(remote.url).scheme
    if scheme not in _SCHEMES:
        raise TellUser(f"Code is not fetched over {scheme or 'a bare path'}: RECALL_GITHUB_WEB_URL has to begin with https://.")
    kept = {name: os.environ[name] for name in _NETWORK if name in os.environ}
    if "SSL_CERT_FILE" in os.environ:
        kept["GIT_SSL_CAINFO"] = os.environ["SSL_CERT_FILE"]
    return {**kept, "GIT_ALLOW_PROTOCOL": scheme}


def _settings(remote: Remote) -> tuple[tuple[str, str], ...]:
    """Configuration for this one run. The header goes to that host and nowhere else, so no redirect is followed."""
    settings = (
        ("http.followRedirects", "false"),
        ("http.lowSpeedLimit", "1000"),
        ("http.lowSpeedTime", "60"),
        ("transfer.bundleURI", "false"),
    )
    if remote.token is None:
        return settings
    at = urlsplit(remote.url)
    basic = base64.b64encode(f"x-access-token:{remote.token}".encode()).decode()
    return (*settings, (f"http.{at.scheme}://{at.netloc}/.extraHeader", f"Authorization: Basic {basic}"))


def _failure(repository: Repository, said: str) -> RecallError:
    """What it means that git could not fetch, by what it said."""
    if _ABSENT.search(said):
        return _NotThere(f"{repository.full_name} does not have what was asked for.")
    if _REFUSED.search(said):
        return GiveUp(
            f"recall may not read the code of {repository.full_name}: give it the permission Contents.", State.FORBIDDEN
        )
    if _AWAY.search(said):
        return TryLater(f"The code of {repository.full_name} could not be fetched now: {_line(said)}")
    ours = "\n".join(line for line in said.splitlines() if not line.startswith("remote:"))
    if _BROKEN.search(ours):
        return Damaged(f"The mirror of {repository.full_name} is damaged.")
    return TryLater(f"The code of {repository.full_name} could not be fetched: {_line(said)}")


def _line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0] if lines else "git gave no reason")
    return re.sub(r"'[^']*/[^']*'", "(path)", told.removeprefix("fatal:").removeprefix("error:").strip())[:200]
