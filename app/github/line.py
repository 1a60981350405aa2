"""One line to GitHub for the time of one job: typed requests with the least token each, raw JSON back, refusals as our errors.

What is asked, and what a refusal means to whoever asks, is left to `forge` and `drafts`.
"""

from typing import Any

from githubkit.response import Response

from app.domain.errors import RecallError, TryLater
from app.github.auth import READ, Client, Host, Permissions, Tokens, bearing
from app.github.failures import Special, ask, soon
from app.github.fields import Fields
from app.github.lookups import Verb


class _Absent(RecallError):
    """There is no such thing."""


class Line:
    """Connections are kept until `close`, one for each token."""

    def __init__(self, host: Host, tokens: Tokens) -> None:
        self._host = host
        self._tokens = tokens
        self._clients: dict[str, Client] = {}

    def close(self) -> None:
        """Closes the connections."""
        while self._clients:
            self._clients.popitem()[1].close()

    def _find(self, doing: str, verb: Verb) -> object:
        """The JSON that a verb answers, None where there is no such thing (an unknown sha is a 422)."""
        absent: Special = {status: lambda _: _Absent(doing) for status in (404, 409, 410, 422)}
        try:
            return self._answer(doing, verb, absent).json()
        except _Absent:
            return None

    def _read(self, doing: str, verb: Verb, special: Special | None = None, permissions: Permissions = READ) -> Fields:
        answer = self._answer(doing, verb, special, permissions).json()
        if not isinstance(answer, dict):
            raise TryLater(f"GitHub's answer could not be read while {doing}.", soon())
        return answer

    def _answer(
        self, doing: str, verb: Verb, special: Special | None = None, permissions: Permissions = READ
    ) -> Response[Any, Any]:
        """The answer to a verb, known to be JSON."""
        client = self._client(permissions)

        def send() -> Response[Any, Any]:
            answer = verb(client.verbs)
            answer.json()
            return answer

        return ask(doing, send, {401: self._token_refused, **(special or {})})

    def _token_refused(self, _refused: object) -> None:
        self._tokens.forget()

    def _client(self, permissions: Permissions) -> Client:
        token = self._tokens.token(permissions)
        if token not in self._clients:
            self._clients[token] = self._host.client(bearing(token))
        return self._clients[token]
