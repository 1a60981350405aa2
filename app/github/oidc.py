"""Verifies the OIDC tokens of GitHub Actions: who signed, for whom, until when, and of which run it speaks.

Whether the run may do what it wants is not known here, nor whether the token was used before. The checks are those of
docs.github.com/en/actions/reference/security/oidc; what `sub` says is ignored, since each organisation can choose its form.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.domain.ci import CiRun, Claims
from app.domain.errors import TryLater, Unproven
from app.github.auth import USER_AGENT
from app.github.fields import Fields, number, objects, record, text
from app.github.shapes import FULL_NAME

LONGEST_TOKEN = 16 * 1024
LEEWAY = 60
"""Seconds that the issuer's clock may be off ours."""

_REQUIRED = ("iss", "aud", "exp", "nbf", "iat", "jti")
_SMALLEST_KEY = 2048
_LARGEST_ANSWER = 256 * 1024
_FRESH_FOR = 3600.0
_NOT_BEFORE = 30.0  # an unknown key asks the issuer at most this often, whoever invents such keys
_SECONDS = httpx.Timeout(5)
_DIGITS = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_REF = re.compile(r"refs/[^\s\0]{1,500}")
_EVENT = re.compile(r"[a-z_]{1,100}", re.ASCII)


class Issuer:
    """The keys of the one configured issuer, as it publishes them; never those of an issuer that a token names.

    `transport` replaces the network in tests, `clock` the time that passes.
    """

    def __init__(
        self, url: str, transport: httpx.BaseTransport | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.url = url
        self._client = httpx.Client(
            timeout=_SECONDS, follow_redirects=False, transport=transport, headers={"User-Agent": USER_AGENT}
        )
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._asked = self._fetched = float("-inf")

    def key(self, kid: str) -> jwt.PyJWK:
        """The key of that name. Raises Unproven for one that is not published, TryLater where the issuer cannot be asked."""
        with self._lock:
            now = self._clock()
            stale = now - self._fetched > _FRESH_FOR
            if (stale or kid not in self._keys) and now - self._asked > _NOT_BEFORE:
                self._refresh(now, needed=kid not in self._keys)
            if kid in self._keys:
                return self._keys[kid]
            if self._fetched == float("-inf"):
                raise TryLater(f"The keys of {self.url} cannot be had at the moment.")
        raise Unproven(f"The token is signed with a key that {self.url} does not publish.")

    def _refresh(self, now: float, *, needed: bool) -> None:
        """Asks for the key set; keys that are known stay while the issuer is out of reach."""
        self._asked = now
        try:
            self._keys = self._published()
            self._fetched = now
        except TryLater:
            if needed:
                raise

    def _published(self) -> Mapping[str, jwt.PyJWK]:
        found = self._get(f"{self.url}/.well-known/openid-configuration")
        where = text(found, "jwks_uri", 1000)
        if found.get("issuer") != self.url or _origin(where) != _origin(self.url):
            raise TryLater(f"{self.url} does not describe itself as the issuer it should be.")
        listed = objects(self._get(where).get("keys"), most=100)
        keys = {name: key for entry in listed if (name := text(entry, "kid")) and (key := _usable(entry))}
        if not keys:
            raise TryLater(f"{self.url} publishes no key that can be used.")
        return keys

    def _get(self, url: str) -> Fields:
        failed = TryLater(f"The keys of {self.url} cannot be had at the moment.")
        body = b""
        try:
            with self._client.stream("GET", url, headers={"Accept": "application/json"}) as answer:
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > _LARGEST_ANSWER:
                        raise failed
            return record(json.loads(body)) if answer.status_code == 200 else {}
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError):
            raise failed from None


class Verifier:
    """Says what a token proves. `audience` is this deployment's own, which no other service's token is for."""

    def __init__(self, issuer: Issuer, audience: str) -> None:
        self._issuer = issuer
        self.audience = audience

    def __call__(self, token: str) -> Claims:
        """What the token says of its run. Raises Unproven with one sentence; TryLater where the issuer cannot be asked."""
        claims = self._claims(token)
        run = _run(claims)
        name = text(claims, "jti")
        ends = claims["exp"]
        if run is None or not name or not isinstance(ends, int | float):
            raise Unproven("The token does not say which run of which repository it is of.")
        return Claims(run, name, float(ends) + LEEWAY)

    def _claims(self, token: str) -> Mapping[str, Any]:
        key = self._issuer.key(_key_name(token))
        try:
            return jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self.audience,
                issuer=self._issuer.url,
                leeway=LEEWAY,
                options={"require": list(_REQUIRED), "strict_aud": True},
            )
        except jwt.ExpiredSignatureError:
            sentence = "The token has ended; ask the runner for a fresh one."
        except jwt.InvalidAudienceError:
            sentence = f"The token is for another audience; it has to be asked for with the audience {self.audience}."
        except jwt.InvalidIssuerError:
            sentence = f"The token is not one of {self._issuer.url}."
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            sentence = "The token cannot be verified."
        raise Unproven(sentence)


def _key_name(token: str) -> str:
    """The name of the key that the token says it is signed with, if it is of the one kind that is taken at all."""
    if len(token) > LONGEST_TOKEN:
        raise Unproven(f"The token is longer than {LONGEST_TOKEN:,} characters.")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Unproven("The token is not an OIDC token of GitHub Actions.") from None
    name = text(header, "kid")
    if header.get("alg") != "RS256" or not name:
        raise Unproven("The token is not signed by RS256 with a named key, as those of GitHub Actions are.")
    return name


def _usable(entry: Fields) -> jwt.PyJWK | None:
    """A published key, if it is an RSA key for signing that is long enough."""
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig" or entry.get("alg", "RS256") != "RS256":
        return None
    try:
        found = jwt.PyJWK(dict(entry), algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    public = isinstance(found.key, RSAPublicKey) and found.key.key_size >= _SMALLEST_KEY
    return found if public else None


def _run(claims: Fields) -> CiRun | None:
    """The run that the claims tell of; None where something is missing or has another form than GitHub gives it."""
    ids = [_number(claims, name) for name in ("repository_id", "repository_owner_id", "run_id", "run_attempt")]
    repository, commit = _matching(claims, "repository", FULL_NAME), _matching(claims, "sha", _COMMIT)
    ref, event = _matching(claims, "ref", _REF), _matching(claims, "event_name", _EVENT)
    repository_id, owner_id, run_id, attempt = ids
    if not (repository_id and owner_id and run_id and attempt and repository and commit and ref and event):
        return None
    return CiRun(repository_id, owner_id, repository, run_id, attempt, event, ref, commit)


def _number(claims: Fields, name: str) -> int | None:
    """GitHub writes ids as strings of digits."""
    written = text(claims, name)
    return int(written) if _DIGITS.fullmatch(written) else number(claims, name)


def _matching(claims: Fields, name: str, form: re.Pattern[str]) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) and form.fullmatch(value) else ""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return "", None, None
