"""Settings: what is read, and that every mistake is told at once, in sentences, without a value or a traceback."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.domain.errors import TellUser
from app.settings import load


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


@pytest.fixture(scope="module")
def key() -> str:
    return pem(rsa.generate_private_key(65537, 2048))


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch, key: str) -> pytest.MonkeyPatch:
    monkeypatch.setenv("RECALL_GITHUB_APP_ID", "Iv23abc")
    monkeypatch.setenv("RECALL_GITHUB_PRIVATE_KEY", key)
    monkeypatch.setenv("RECALL_GITHUB_WEBHOOK_SECRET", "correct horse")
    return monkeypatch


def told(env_file: Path | None = None) -> str:
    with pytest.raises(TellUser) as caught:
        load(env_file)
    return str(caught.value)


def test_three_variables_are_enough(good: pytest.MonkeyPatch) -> None:
    settings = load(None)
    assert settings.label == "escaped-bug"
    assert settings.database == f"sqlite:///{Path('data/recall.db').absolute()}"
    assert settings.webhook_secrets == ("correct horse",)


def test_nothing_set_names_every_missing_variable() -> None:
    sentences = told().splitlines()
    assert [s.partition(" ")[0] for s in sentences] == ["RECALL_GITHUB_APP_ID", "RECALL_GITHUB_WEBHOOK_SECRET"]


def test_all_mistakes_are_told_at_once_without_their_values(good: pytest.MonkeyPatch) -> None:
    good.setenv("RECALL_GITHUB_WEBHOOK_SECRET", "short")
    good.setenv("RECALL_DATABASE_URL", "mysql://root:hunter2@db/x")
    good.setenv("RECALL_CONCURRENCY", "plenty")
    sentences = told()
    assert sentences.count("\n") == 2
    for name in ("RECALL_GITHUB_WEBHOOK_SECRET", "RECALL_DATABASE_URL", "RECALL_CONCURRENCY"):
        assert name in sentences
    for value in ("short", "hunter2", "plenty"):
        assert value not in sentences


def test_a_misspelt_variable_is_told_with_the_right_name(good: pytest.MonkeyPatch) -> None:
    good.setenv("RECALL_GITHUB_WEBHOOK_SECRETS", "correct horse")
    assert told() == "RECALL_GITHUB_WEBHOOK_SECRETS is not a setting of recall. Did you mean RECALL_GITHUB_WEBHOOK_SECRET?"


@pytest.mark.parametrize("value", ["not a key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"])
def test_a_key_that_does_not_load_is_told(good: pytest.MonkeyPatch, value: str) -> None:
    good.setenv("RECALL_GITHUB_PRIVATE_KEY", value)
    assert told().startswith("RECALL_GITHUB_PRIVATE_KEY does not hold a private key in PEM form. ")


def test_a_key_that_is_not_rsa_is_told(good: pytest.MonkeyPatch) -> None:
    good.setenv("RECALL_GITHUB_PRIVATE_KEY", pem(ec.generate_private_key(ec.SECP256R1())))
    assert "not RSA" in told()


def test_a_key_on_one_line_is_understood(good: pytest.MonkeyPatch, key: str) -> None:
    good.setenv("RECALL_GITHUB_PRIVATE_KEY", key.replace("\n", "\\n"))
    assert load(None).private_key_pem() == key


def test_the_key_may_be_a_file(good: pytest.MonkeyPatch, key: str, tmp_path: Path) -> None:
    (tmp_path / "app.pem").write_text(key)
    good.delenv("RECALL_GITHUB_PRIVATE_KEY")
    good.setenv("RECALL_GITHUB_PRIVATE_KEY_FILE", str(tmp_path / "app.pem"))
    assert load(None).private_key_pem() == key


def test_a_missing_key_file_is_told_by_its_name(good: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good.delenv("RECALL_GITHUB_PRIVATE_KEY")
    good.setenv("RECALL_GITHUB_PRIVATE_KEY_FILE", str(tmp_path / "none.pem"))
    assert told().startswith(f"RECALL_GITHUB_PRIVATE_KEY_FILE {tmp_path / 'none.pem'} cannot be read: No such file")


def test_two_keys_are_one_too_many(good: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good.setenv("RECALL_GITHUB_PRIVATE_KEY_FILE", str(tmp_path / "app.pem"))
    assert "both set" in told()


def test_no_key_is_told(good: pytest.MonkeyPatch) -> None:
    good.delenv("RECALL_GITHUB_PRIVATE_KEY")
    assert told().startswith("RECALL_GITHUB_PRIVATE_KEY is not set. Set it to the text")


def test_two_secrets_are_accepted_while_one_is_replaced(good: pytest.MonkeyPatch) -> None:
    good.setenv("RECALL_GITHUB_WEBHOOK_SECRET_OLD", "battery, staple")
    assert load(None).webhook_secrets == ("correct horse", "battery, staple")


def test_a_file_fills_in_what_the_environment_leaves_out(good: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RECALL_LABEL=from-file\nRECALL_GITHUB_APP_ID=1\n")
    settings = load(tmp_path / ".env")
    assert (settings.label, settings.github_app_id) == ("from-file", "Iv23abc")


def test_postgres_is_spoken_to_through_psycopg(good: pytest.MonkeyPatch) -> None:
    good.setenv("RECALL_DATABASE_URL", "postgresql://u:p@db/recall")
    assert load(None).database == "postgresql+psycopg://u:p@db/recall"


def test_secrets_do_not_show_in_the_settings(good: pytest.MonkeyPatch) -> None:
    good.setenv("RECALL_DATABASE_URL", "postgresql://u:hunter2@db/recall")
    shown = repr(load(None))
    assert "correct horse" not in shown
    assert "BEGIN" not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("web", "issuer"),
    [
        ("https://github.com", "https://token.actions.githubusercontent.com"),
        ("https://github.example.com/", "https://github.example.com/_services/token"),
    ],
)
def test_the_issuer_of_tokens_follows_from_which_github_it_is(good: pytest.MonkeyPatch, web: str, issuer: str) -> None:
    good.setenv("RECALL_GITHUB_WEB_URL", web)
    assert load(None).issuer == issuer
    good.setenv("RECALL_OIDC_ISSUER", "https://token.actions.acme.ghe.com/")
    assert load(None).issuer == "https://token.actions.acme.ghe.com"


def test_the_audience_of_uploads_has_no_last_slash(good: pytest.MonkeyPatch) -> None:
    good.setenv("RECALL_PUBLIC_URL", "https://recall.example.com/")
    assert load(None).public_url == "https://recall.example.com"


@pytest.mark.parametrize("name", ["MAP_UPLOAD_MB", "MAP_KEEP_MB", "MAP_KEEP_COMMITS", "MAP_MAX_DISTANCE", "PUBLIC_URL"])
def test_a_mistake_in_what_is_said_of_maps_is_told(good: pytest.MonkeyPatch, name: str) -> None:
    good.setenv(f"RECALL_{name}", "-1")
    assert told().startswith(f"RECALL_{name} is not as it should be. Give ")
