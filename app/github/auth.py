"""Proves to GitHub who recall is: signs as the App, and mints tokens for one repository and the permissions of one step."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol, cast

import httpx
import jwt
from githubkit import AppAuthStrategy, GitHub
from githubkit.auth import BaseAuthStrategy, TokenAuthStrategy, UnauthAuthStrategy
from githubkit.cache import MemCacheStrategy
from githubkit.exception import GitHubException, RequestFailed
from githubkit.retry import RetryOption
from githubkit_schemas.v2022_11_28.rest import RestNamespace
from githubkit_schemas.v2022_11_28.types import AppPermissionsType

from app.domain.delivery import Actor
from app.domain.errors import GiveUp, TellUser
from app.domain.job import State
from app.github.failures import Special, ask, message
from app.github.fields import at, number, record, text

API_VERSION: Final = "2022-11-28"  # the one version that every supported Enterprise Server knows
USER_AGENT = "recall-bot"
_SECONDS = httpx.Timeout(20, connect=5)
_FRESH_FOR = timedelta(minutes=5)  # a token that dies sooner is not handed out: a first clone takes its time

_KEY_REFUSED = (
    "GitHub does not know this App and key: check RECALL_GITHUB_APP_ID, RECALL_GITHUB_PRIVATE_KEY, RECALL_GITHUB_API_URL"
    " and this machine's clock."
)
_UNKNOWN_APP: Special = {401: lambda _: TellUser(_KEY_REFUSED), 404: lambda _: TellUser(_KEY_REFUSED)}

Permissions = Mapping[str, str]
READ: Permissions = {"metadata": "read", "issues": "read", "pull_requests": "read", "contents": "read"}
COMMENT: Permissions = {"metadata": "read", "issues": "write"}
CODE: Permissions = {"metadata": "read", "contents": "read"}
WRITE_CODE: Permissions = {"metadata": "read", "contents": "write"}
PULLS: Permissions = {"metadata": "read", "contents": "read", "pull_requests": "write"}
ACTIONS: Permissions = {"metadata": "read", "actions": "read"}


class Client(GitHub[Any]):
    """githubkit with one connection pool for its whole life; its own way is a new one for every request."""

    def __init__(self, auth: BaseAuthStrategy, **settings: Any) -> None:
        super().__init__(auth, **settings)
        self._kept: httpx.Client | None = None
        self._one = threading.Lock()

    @contextmanager
    def get_sync_client(self) -> Iterator[httpx.Client]:
        """The pool."""
        with self._one:
            if self._kept is None:
                self._kept = self._create_sync_client()
        yield self._kept

    @property
    def verbs(self) -> RestNamespace:
        """Githubkit's typed methods, of the one version that recall speaks."""
        return self.rest(API_VERSION)

    def close(self) -> None:
        """Closes the connections."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


@dataclass(frozen=True, slots=True)
class Host:
    """Where GitHub is: `api_url` as `https://api.github.com` or, on an Enterprise Server, `https://HOST/api/v3`.

    `transport` replaces the network in tests.
    """

    api_url: str = "https://api.github.com"
    web_url: str = "https://github.com"
    transport: httpx.BaseTransport | None = None
    _tls: ssl.SSLContext = field(default_factory=httpx.create_ssl_context, repr=False, compare=False)

    def client(self, auth: BaseAuthStrategy, *, follow_redirects: bool = True) -> Client:
        """A client that answers in bounded time, repeats only what is safe to repeat, and never waits for a rate limit."""
        return Client(
            auth,
            base_url=self.api_url,
            user_agent=USER_AGENT,
            follow_redirects=follow_redirects,
            timeout=_SECONDS,
            ssl_verify=self._tls,
            http_cache=False,
            cache_strategy=MemCacheStrategy(),
            auto_retry=_repeat_reads,
            rest_api_validate_body=False,
            transport=self.transport,
        )

    def bare(self) -> httpx.Client:
        """A client that carries nothing of ours, for the addresses that GitHub leads to."""
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        return httpx.Client(transport=self.transport, verify=self._tls, timeout=_SECONDS, headers=headers)


def bearing(token: str) -> BaseAuthStrategy:
    """What a request with that token carries: nothing where there is none, as for whoever only looks at what is public."""
    return TokenAuthStrategy(token) if token else UnauthAuthStrategy()


def _repeat_reads(error: GitHubException, count: int) -> RetryOption:
    """Twice, a moment apart, and only for a GET that met a server error: a write may have happened before the error."""
    safe = isinstance(error, RequestFailed) and error.request.method == "GET" and error.response.status_code >= 500
    return RetryOption(safe and count < 2, timedelta(seconds=0.2 * (count + 1)))


class Tokens(Protocol):
    """Whatever can say who recall is, and give tokens for its one repository."""

    def me(self) -> Actor:
        """The identity that recall's own comments carry."""

    def token(self, permissions: Permissions, /) -> str:
        """A token for the repository that can do no more than that, as far as the kind of token allows."""

    def given(self) -> Permissions | None:
        """What such tokens can be given at most; None where only trying tells."""

    def forget(self) -> None:
        """GitHub refused a token: the next one is asked for anew."""


@dataclass(frozen=True, slots=True)
class Given:
    """A token that was handed to us (`GITHUB_TOKEN` of an Action); it cannot be narrowed. `login` is whom it writes as."""

    secret: str = field(repr=False)
    login: str = "github-actions[bot]"

    def me(self) -> Actor:
        """Whom the token writes as."""
        return Actor(self.login, "Bot" if self.login.endswith("[bot]") else "User")

    def token(self, _permissions: Permissions, /) -> str:
        """The token as it is."""
        return self.secret

    def given(self) -> Permissions | None:
        """Unknown."""
        return None

    def forget(self) -> None:
        """Nothing: there is no other token."""


class App:
    """recall's registration as a GitHub App. Tokens are kept in memory until shortly before they end, and nowhere else."""

    def __init__(self, host: Host, app_id: str | int, private_key: str) -> None:
        """Raises TellUser where the private key cannot sign."""
        self.host = host
        self._client = host.client(AppAuthStrategy(app_id, private_key))
        self._minted: dict[tuple[int, int, tuple[tuple[str, str], ...]], tuple[str, datetime]] = {}
        self._lock = threading.Lock()
        self._me: Actor | None = None
        try:
            jwt.encode({}, private_key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            raise TellUser(
                "RECALL_GITHUB_PRIVATE_KEY is not an RSA private key in PEM form: use the file GitHub gave for the App."
            ) from None

    def me(self) -> Actor:
        """The bot that the App writes as, `slug[bot]`; asked once. Raises TellUser where GitHub does not know App and key."""
        if self._me is None:
            answer = ask("asking who recall is", lambda: self._client.verbs.apps.get_authenticated().json(), _UNKNOWN_APP)
            self._me = Actor(f"{text(record(answer), 'slug')}[bot]", "Bot")
        return self._me

    def installation(self, full_name: str, owner_id: int) -> int | None:
        """The installation that covers the repository of that name; None if it is suspended, or on another account than the one
        of that id. Raises GiveUp where there is none.
        """
        owner, _, name = full_name.partition("/")
        answer = ask(
            f"asking for the installation on {full_name}",
            lambda: self._client.verbs.apps.get_repo_installation(owner, name).json(),
            {401: _UNKNOWN_APP[401], 404: lambda _: GiveUp(f"recall is not installed on {full_name}.", State.FORBIDDEN)},
        )
        found = record(answer)
        own = number(at(found, "account"), "id") == owner_id and not text(found, "suspended_at")
        return number(found, "id") if own else None

    def permissions(self, installation: int) -> Permissions:
        """What the account's owner has granted to the installation, asked anew each time: new permissions are accepted late.

        Raises GiveUp where it is gone.
        """
        gone = GiveUp(f"Installation {installation} is gone: recall was uninstalled there.", State.FORBIDDEN)
        answer = ask(
            f"asking what installation {installation} may do",
            lambda: self._client.verbs.apps.get_installation(installation).json(),
            {**_UNKNOWN_APP, 404: lambda _: gone},
        )
        granted = at(record(answer), "permissions")
        return {name: level for name, level in granted.items() if isinstance(level, str)}

    def on(self, installation: int, repository_id: int) -> "Installed":
        """The App on one repository of one installation."""
        return Installed(self, installation, repository_id)

    def mint(self, installation: int, repository_id: int, permissions: Permissions) -> str:
        """A token of that installation for that repository and those permissions alone.

        Raises GiveUp where the installation is suspended or gone, or does not cover the repository or the permissions.
        """
        key = (installation, repository_id, tuple(sorted(permissions.items())))
        with self._lock:
            secret, ends = self._minted.get(key, ("", datetime.min.replace(tzinfo=UTC)))
        if ends > datetime.now(UTC) + _FRESH_FOR:
            return secret
        answer = ask(
            f"asking for a token of installation {installation}",
            lambda: self._client.verbs.apps.create_installation_access_token(
                installation, repository_ids=[repository_id], permissions=cast("AppPermissionsType", dict(permissions))
            ).json(),
            {
                **_UNKNOWN_APP,
                404: lambda _: GiveUp(f"Installation {installation} is gone: recall was uninstalled there.", State.FORBIDDEN),
                422: lambda refused: GiveUp(
                    f"Installation {installation} gives recall no access it needs: {message(refused)}", State.FORBIDDEN
                ),
            },
        )
        secret = text(answer, "token", 5000)
        with self._lock:
            self._minted[key] = (secret, _moment(text(answer, "expires_at")))
        return secret

    def token_to_name(self, installation: int, full_name: str) -> str:
        """A token that can do no more than tell which repository of that installation has the name.

        Raises GiveUp where the installation does not cover it.
        """
        uncovered = GiveUp(f"recall is not installed on {full_name}.", State.FORBIDDEN)
        answer = ask(
            f"asking for a token on {full_name}",
            lambda: self._client.verbs.apps.create_installation_access_token(
                installation, repositories=[full_name.partition("/")[2]], permissions={"metadata": "read"}
            ).json(),
            {**_UNKNOWN_APP, 404: lambda _: uncovered, 422: lambda _: uncovered},
        )
        return text(answer, "token", 5000)

    def forget(self, installation: int) -> None:
        """Drops the tokens of an installation, so that the next ones are asked for anew."""
        with self._lock:
            for key in [key for key in self._minted if key[0] == installation]:
                del self._minted[key]


@dataclass(frozen=True, slots=True)
class Installed:
    """The App on one repository of one installation."""

    app: App
    installation: int
    repository_id: int

    def me(self) -> Actor:
        """The bot that the App writes as."""
        return self.app.me()

    def token(self, permissions: Permissions, /) -> str:
        """A token for that repository and those permissions alone."""
        return self.app.mint(self.installation, self.repository_id, permissions)

    def given(self) -> Permissions | None:
        """What the installation was granted."""
        return self.app.permissions(self.installation)

    def forget(self) -> None:
        """The next tokens are asked for anew."""
        self.app.forget(self.installation)


def _moment(iso: str) -> datetime:
    """A moment as GitHub writes it (`2026-01-01T00:00:00Z`); long past where it cannot be read."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
