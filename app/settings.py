"""Settings, read once from `RECALL_…` variables or a `.env`; nothing below can see the environment."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.errors import TellUser

PREFIX = "RECALL_"
ACTIONS_ISSUER = "https://token.actions.githubusercontent.com"
_GOOD_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")


class Places(BaseSettings):
    """Where GitHub is, and where recall keeps what it remembers: all that reading it takes."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file_encoding="utf-8", extra="ignore", frozen=True)

    github_api_url: str = Field(
        default="https://api.github.com",
        pattern=r"^https?://[^\s/?#]+[^\s?#]*$",
        description="Give an address such as https://api.github.com or https://github.example.com/api/v3.",
    )
    github_web_url: str = Field(
        default="https://github.com",
        pattern=r"^https?://[^\s/?#]+[^\s?#]*$",
        description="Give an address such as https://github.com or https://github.example.com.",
    )
    data_dir: Path = Field(default=Path("data"), description="Name a folder that recall may write to.")
    database_url: SecretStr | None = Field(
        default=None,
        description="Give postgresql://user:password@host/name, or leave it out for SQLite in RECALL_DATA_DIR.",
    )

    @field_validator("github_api_url", "github_web_url")
    @classmethod
    def _no_slash_at_the_end(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        scheme, found, rest = (value.get_secret_value() if value else "sqlite:///").partition("://")
        if scheme not in _GOOD_DATABASES or not found or not rest:
            raise ValueError("is neither a PostgreSQL nor an SQLite address")
        return value

    @property
    def database(self) -> str:
        """The database's address as SQLAlchemy wants it: psycopg for PostgreSQL, else a file in the data folder."""
        if self.database_url is None:
            return f"sqlite:///{(self.data_dir / 'recall.db').absolute()}"
        scheme, _, rest = self.database_url.get_secret_value().partition("://")
        return f"{'sqlite' if scheme == 'sqlite' else 'postgresql+psycopg'}://{rest}"


class Settings(Places):
    """Everything that can be configured. A field's description is the remedy that a mistake in it is answered with."""

    github_app_id: str = Field(
        pattern=r"^[A-Za-z0-9.]{1,60}$", description="Set it to the App ID or client ID on the App's page at GitHub."
    )
    github_private_key: SecretStr = Field(
        default=SecretStr(""),
        description="Set it to the text of the App's private key (PEM), or name its file in RECALL_GITHUB_PRIVATE_KEY_FILE.",
    )
    github_private_key_file: Path | None = Field(
        default=None, description="Name the .pem file that GitHub gave you for the App, readable by recall."
    )
    github_webhook_secret: SecretStr = Field(
        min_length=8, description="Set it to the webhook secret on the App's page at GitHub, at least 8 characters."
    )
    github_webhook_secret_old: SecretStr | None = Field(
        default=None,
        min_length=8,
        description="Set it to the secret that is being replaced, while both are in use, or leave it out.",
    )
    label: str = Field(
        default="escaped-bug", min_length=1, max_length=50, description="Give the label's name, 1 to 50 characters."
    )
    mirror_cache_mb: int = Field(default=20_000, ge=100, description="Give the size of the mirror cache in MB, at least 100.")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#]+[^\s?#]*$",
        description="Give the address that people and CI reach this server at, such as https://recall.example.com.",
    )
    oidc_issuer: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#]+[^\s?#]*$",
        description="Give the issuer of GitHub Actions' tokens, such as https://token.actions.githubusercontent.com.",
    )
    map_upload_mb: int = Field(default=64, ge=1, le=128, description="Give the largest test map that is taken in MB, 1 to 128.")
    map_keep_mb: int = Field(default=512, ge=1, description="Give how many MB of test maps are kept of a repository, at least 1.")
    map_keep_commits: int = Field(
        default=30, ge=1, le=10_000, description="Give of how many commits of a repository maps are kept, 1 to 10000."
    )
    map_max_distance: int = Field(
        default=200,
        ge=0,
        description="Give the commits between a map and the fix's parent beyond which it is a hint only, 0 or more.",
    )
    map_max_age_days: float = Field(
        default=30.0,
        ge=0,
        description="Give the days between a map and the fix's parent beyond which it is a hint only, 0 or more.",
    )
    concurrency: int = Field(default=4, ge=1, le=64, description="Give how many jobs may run at once here, 1 to 64.")
    worker_timeout: float = Field(
        default=30.0,
        ge=1,
        le=3600,
        description="Give seconds without a sign of life after which a worker's jobs move, 1 to 3600.",
    )
    keep_days: int = Field(default=30, ge=1, description="Give how many days finished jobs are remembered, at least 1.")
    drain_seconds: float = Field(
        default=30.0, ge=0, le=3600, description="Give how many seconds running jobs get to end on shutdown, 0 to 3600."
    )
    log_format: Literal["json", "text"] = Field(default="json", description="Choose json or text.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Choose debug, info, warning or error."
    )

    @field_validator("log_format", "log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _no_last_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @model_validator(mode="after")
    def _one_good_key(self) -> "Settings":
        if bool(self.github_private_key.get_secret_value()) == (self.github_private_key_file is not None):
            both = self.github_private_key_file is not None
            raise ValueError(f"RECALL_GITHUB_PRIVATE_KEY {'and its _FILE are both' if both else 'is not'} set")
        _check_key(self.private_key_pem(), "_FILE" if self.github_private_key_file else "")
        return self

    def private_key_pem(self) -> str:
        r"""The App's private key as PEM text; a `\n` written as two characters, as `.env` files have it, is a line break."""
        if self.github_private_key_file is None:
            return self.github_private_key.get_secret_value().replace("\\n", "\n")
        try:
            return self.github_private_key_file.read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise ValueError(f"RECALL_GITHUB_PRIVATE_KEY_FILE {self.github_private_key_file} cannot be read: {reason}") from None

    @property
    def github_host(self) -> str:
        """GitHub's name without a scheme, as in `github.com`: what everything kept is told apart by."""
        return urlsplit(self.github_web_url).netloc.lower()

    @property
    def issuer(self) -> str:
        """Who signs the tokens of Actions: as configured, else the one of github.com or of that Enterprise Server.

        Source: docs.github.com/en/actions/reference/security/oidc; installations with data residency have their own.
        """
        if self.oidc_issuer:
            return self.oidc_issuer
        return ACTIONS_ISSUER if self.github_host == "github.com" else f"{self.github_web_url}/_services/token"

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets that a delivery may be signed with: the current one, then the one being replaced."""
        secrets = (self.github_webhook_secret, self.github_webhook_secret_old)
        return tuple(s.get_secret_value() for s in secrets if s)


def _check_key(pem: str, suffix: str) -> None:
    """Raises ValueError unless `pem` is an RSA private key without a password, which is what GitHub hands out."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        raise ValueError(f"RECALL_GITHUB_PRIVATE_KEY{suffix} does not hold a private key in PEM form") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"RECALL_GITHUB_PRIVATE_KEY{suffix} holds a key that is not RSA")


Loaded = TypeVar("Loaded", bound=Places)


def load(env_file: Path | None = Path(".env"), environment: Mapping[str, str] | None = None) -> Settings:
    """The settings; raises `TellUser` with one sentence per mistake, all mistakes at once, one a line."""
    return _load(Settings, env_file, environment)


def load_places(env_file: Path | None = Path(".env")) -> Places:
    """The settings that reading what is remembered takes; raises as `load` does."""
    return _load(Places, env_file, None)


def _load(kind: type[Loaded], env_file: Path | None, environment: Mapping[str, str] | None) -> Loaded:
    names = os.environ if environment is None else environment
    mistakes = _misspelt(names)
    try:
        settings = kind.model_validate({"_env_file": env_file})
    except ValidationError as error:
        mistakes += [_sentence(dict(e)) for e in error.errors(include_url=False, include_input=False)]
    if mistakes:
        raise TellUser("\n".join(mistakes))
    return settings


def _sentence(error: dict[str, Any]) -> str:
    """One mistake as a sentence that names the variable and the remedy, and never repeats the value."""
    if not error["loc"]:
        problem = str(error["ctx"]["error"])
        field = "github_private_key_file" if "_FILE " in problem and " both " not in problem else "github_private_key"
        return f"{problem}. {Settings.model_fields[field].description}"
    field = str(error["loc"][0])
    if error["type"] == "missing":
        problem = "is not set"
    elif error["type"] == "value_error":
        problem = str(error["ctx"]["error"])
    else:
        problem = "is not as it should be"
    return f"{PREFIX}{field.upper()} {problem}. {Settings.model_fields[field].description}"


def _misspelt(environment: Mapping[str, str]) -> list[str]:
    """Sentences for variables that look like a setting and are none."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    strangers = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    meant = ((name, difflib.get_close_matches(name, known, n=1, cutoff=0.9)) for name in strangers)
    return [f"{name} is not a setting of recall. Did you mean {close[0]}?" for name, close in meant if close]
