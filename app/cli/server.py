"""A recall server as the command sees it: takes maps from CI runs, and gives them to whoever can read the repository."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import TypeVar
from urllib.parse import quote, urlsplit

import httpx

from app.analysis.testmap.wire import read_covers, read_map
from app.domain.errors import TellUser, TryLater
from app.domain.testmap import FileCover, Segment, TestMap
from app.github.shapes import FULL_NAME

PAUSES = (1.0, 4.0, 15.0)
"""Seconds before the second, third and fourth try."""

_SECONDS = httpx.Timeout(150, connect=10)
_AGAIN = (408, 429)
_LOCAL = ("127.0.0.1", "localhost", "::1")

Made = TypeVar("Made")


class Server:
    """One server. `transport` replaces the network in tests, `pause` the waiting between two tries."""

    def __init__(
        self, url: str, transport: httpx.BaseTransport | None = None, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Raises TellUser for an address that a token may not be sent to."""
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise TellUser(f"{self.url} is not an https:// address, and tokens are sent to no other.")
        self._client = httpx.Client(transport=transport, timeout=_SECONDS, headers={"User-Agent": "recall"})
        self._pause = pause

    def send(self, content: bytes, token: Callable[[], str]) -> str:
        """What the server says of the map that it kept. `token` gives a fresh one for every try.

        Raises TellUser where the server refuses, TryLater where it could not answer in four tries.
        """
        return self._tried(lambda: self._answer("PUT", "/maps", token(), content)).text.strip()

    def get(self, path: str, token: str) -> object:
        """The JSON under that path. Raises as `send` does."""
        answer = self._tried(lambda: self._answer("GET", path, token))
        try:
            found: object = answer.json()
        except (ValueError, RecursionError):
            raise TellUser(f"{self.url} does not answer as a recall server does.") from None
        return found

    def _tried(self, act: Callable[[], Made]) -> Made:
        for pause in PAUSES:
            try:
                return act()
            except TryLater:
                self._pause(pause)
        return act()

    def _answer(self, method: str, path: str, token: str, content: bytes | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            answer = self._client.request(method, f"{self.url}{path}", content=content, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TryLater(f"{self.url} could not be reached ({type(error).__name__}).") from None
        said = " ".join(answer.text[:500].split()) or f"status {answer.status_code}"
        if answer.status_code >= 500 or answer.status_code in _AGAIN:
            raise TryLater(f"{self.url} could not answer: {said}")
        if not answer.is_success:
            raise TellUser(f"{self.url} refused: {said}")
        return answer


class ServedMaps:
    """Implements `app.domain.testmap.Maps` on a server's maps of one repository."""

    def __init__(self, server: Server, repository: str, token: str) -> None:
        """Raises TellUser for what is no `OWNER/NAME`."""
        if not FULL_NAME.fullmatch(repository):
            raise TellUser(f"{repository} is not a repository's name: write OWNER/NAME.")
        self._server, self._token = server, token
        self._path = f"/maps/{repository}"

    def commits(self) -> Sequence[str]:
        """The covered commits."""
        found = self._server.get(self._path, self._token)
        commits = found.get("commits") if isinstance(found, dict) else None
        if not isinstance(commits, list):
            raise TellUser(f"{self._server.url} does not answer as a recall server does.")
        return [str(commit) for commit in commits]

    def at(self, commit: str) -> "ServedMap":
        """The map of one of these commits."""
        return ServedMap(self._server, f"{self._path}/{quote(commit, safe='')}", commit, self._token)

    def latest(self) -> TestMap:
        """The map that was made last. Raises TellUser where there is none."""
        maps = [self.at(commit) for commit in self.commits()]
        if not maps:
            raise TellUser("The server keeps no map of this repository yet.")
        return max(maps, key=lambda found: max((segment.origin.made for segment in found.segments), default=0))


class ServedMap:
    """Implements `app.domain.testmap.TestMap`; each question is one request."""

    def __init__(self, server: Server, path: str, commit: str, token: str) -> None:
        self._server, self._path, self._token = server, path, token
        self.commit = commit

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every live segment."""
        return self._told[0]

    @property
    def paths(self) -> Collection[str]:
        """All files that any segment knows."""
        return self._told[1]

    def covers(self, paths: Collection[str]) -> Mapping[str, tuple[FileCover, ...]]:
        """What the segments know of those files."""
        found = {
            path: read_covers(self._server.get(f"{self._path}/cover?path={quote(path, safe='')}", self._token)) for path in paths
        }
        return {path: covers for path, covers in found.items() if covers}

    @cached_property
    def _told(self) -> tuple[tuple[Segment, ...], frozenset[str]]:
        found = self._server.get(self._path, self._token)
        return read_map(found if isinstance(found, dict) else {})
