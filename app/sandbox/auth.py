"""Who is calling and what they may do: App JWTs, installation tokens and people's tokens, really checked."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.sandbox.refusals import Refused, forbidden, invalid, not_found
from app.sandbox.state import LEVELS, ROLES, Account, App, Installation, Repository, Token, enough
from app.sandbox.world import World, verb

JWT_LIFE = timedelta(minutes=10)
LEEWAY = timedelta(seconds=60)
TOKEN_LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class Caller:
    """Whoever sent a request: an App by its JWT (`app` without `token`), an installation, a person, or nobody."""

    account: Account | None = None
    app: App | None = None
    token: Token | None = field(default=None, repr=False)

    @property
    def via(self) -> App | None:
        """The App that a write is performed through."""
        return self.app if self.token else None

    def sees(self, repository: Repository) -> bool:
        """Whether the caller may know that the repository exists."""
        if repository.visibility == "public":
            return True
        if self.token and self.token.installation:
            return self.reaches(repository)
        return enough(ROLES, repository.role(self.account), "read")

    def reaches(self, repository: Repository) -> bool:
        """Whether the token was given the repository."""
        token = self.token
        if token is None or token.installation is None:
            return False
        narrowed = token.repositories is None or repository.id in token.repositories
        return narrowed and token.installation.covers(repository)

    def may(self, repository: Repository, permission: str, level: str, role: str = "write") -> bool:
        """Whether a token holds the permission there, or a person the role; what is public can be read by all."""
        if level == "read" and repository.visibility == "public":
            return True
        if self.token and self.token.installation:
            return self.reaches(repository) and enough(LEVELS, self.token.permissions.get(permission, "none"), level)
        return enough(ROLES, repository.role(self.account), "read" if level == "read" else role)


def require(caller: Caller, repository: Repository, permissions: str, level: str, role: str = "write") -> None:
    """Refuses as GitHub does what the caller may not do. `permissions` may name alternatives (`issues|pull_requests`)."""
    if not caller.sees(repository):
        raise not_found()
    names = permissions.split("|")
    if not any(caller.may(repository, name, level, role) for name in names):
        if caller.account and caller.account.type == "Bot":
            raise forbidden(names[0], level)
        raise Refused(403, "Must have admin rights to Repository.") if caller.account else Refused(401, "Requires authentication")
    if level != "read" and repository.archived:
        raise Refused(403, "Repository was archived so is read-only.")


def key_pair() -> tuple[str, str]:
    """A fresh RSA key as PEM texts, private and public."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def identify(world: World, header: str | None) -> Caller:
    """The caller behind an Authorization header (`Bearer`, `token`, or `Basic` with the token as password).

    Raises the 401 that GitHub gives to tokens it does not know, no longer knows, or will not take.
    """
    if not header:
        return Caller()
    scheme, _, value = header.strip().partition(" ")
    if scheme.casefold() == "basic":
        value = _password(value)
    if scheme.casefold() not in ("basic", "bearer", "token") or not value:
        raise Refused(401, "Bad credentials")
    token = world.tokens.get(value.strip())
    if token is not None:
        return _holder(world, token)
    if value.count(".") == 2 and not value.startswith("gh"):
        return Caller(app=_app_of(world, value.strip()))
    raise Refused(401, "Bad credentials")


@verb
def mint(world: World, app: App, installation_id: int, wish: Mapping[str, Any], stateless: bool = False) -> Token:
    """An installation token for an hour, narrowed to the wished `permissions`, `repository_ids` and `repositories`."""
    installation = owned(world, app, installation_id)
    if installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    token = Token(
        value=_stateless(world, app) if stateless else world.new_token("ghs_"),
        expires_at=world.clock().replace(microsecond=0) + TOKEN_LIFE,
        installation=installation,
        permissions={**_narrowed(installation, wish.get("permissions")), "metadata": "read"},
        repositories=_chosen(world, installation, wish),
    )
    world.tokens[token.value] = token
    return token


def owned(world: World, app: App, installation_id: int) -> Installation:
    """The App's installation with that id, suspended or not; raises the 404 of any other."""
    installation = world.installations.get(installation_id)
    if installation is None or installation.app is not app or installation.deleted:
        raise not_found()
    return installation


def _holder(world: World, token: Token) -> Caller:
    if token.revoked or token.expires_at <= world.clock() or (token.installation and token.installation.deleted):
        raise Refused(401, "Bad credentials")
    if token.installation is None:
        return Caller(account=token.person, token=token)
    if token.installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    return Caller(account=token.installation.app.bot, app=token.installation.app, token=token)


def _password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _app_of(world: World, token: str) -> App:
    """The App whose JWT this is: signed by its key, issued in the past, ending within ten minutes from now."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise Refused(401, "A JSON web token could not be decoded") from None
    issuer = str(claims.get("iss", ""))
    app = next((a for a in list(world.apps.values()) if issuer in (str(a.id), a.client_id)), None)
    if app is None:
        raise Refused(401, "'Issuer' claim ('iss') must be an Integer or a valid client ID")
    try:
        jwt.decode(
            token, app.public_key, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False, "verify_iss": False}
        )
    except jwt.InvalidTokenError:
        raise Refused(401, "A JSON web token could not be decoded") from None
    _check_times(claims, world.clock())
    return app


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    times = {}
    for name, told in (("iat", "Issued at"), ("exp", "Expiration time")):
        if not isinstance(claims.get(name), int | float):
            raise Refused(401, f"'{told}' claim ('{name}') must be an Integer representing the assertion time")
        times[name] = datetime.fromtimestamp(claims[name], UTC)
    if times["iat"] > now + LEEWAY:
        raise Refused(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
    if times["exp"] <= now:
        raise Refused(
            401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which it expires"
        )
    if times["exp"] > now + JWT_LIFE + LEEWAY:
        raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")


def _narrowed(installation: Installation, wish: Mapping[str, str] | None) -> dict[str, str]:
    have = installation.permissions
    for name, level in (wish or {}).items():
        if not enough(LEVELS, have.get(name, "none"), level):
            raise Refused(422, "The permissions requested are not granted to this installation.")
    return dict(have if wish is None else wish)


def _chosen(world: World, installation: Installation, wish: Mapping[str, Any]) -> set[int] | None:
    ids, names = wish.get("repository_ids"), wish.get("repositories")
    if ids is None and names is None:
        return None
    own = {r.id: r for r in list(world.repositories.values()) if installation.covers(r)}
    by_name = {repository.name.casefold(): repository.id for repository in own.values()}
    chosen = {int(number) for number in ids or ()} | {by_name.get(str(name).casefold(), -1) for name in names or ()}
    if not chosen or len(chosen) > 500:
        raise invalid("Installation", "repositories", "invalid")
    if not chosen <= set(own):
        raise Refused(
            422, "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
    return chosen


def _stateless(world: World, app: App) -> str:
    """A token of the newer form, `ghs_<app id>_<JWT>`, about 520 characters with two dots."""

    def part(length: int, **facts: Any) -> str:
        padded = {**facts, "jti": secrets.token_hex(length)}
        return base64.urlsafe_b64encode(json.dumps(padded).encode()).decode().rstrip("=")

    head, body = part(8, alg="RS256", typ="JWT"), part(20, iss=app.id, iat=int(world.clock().timestamp()))
    start = f"ghs_{app.id}_{head}.{body}."
    return start + secrets.token_urlsafe(520)[: 520 - len(start)]
