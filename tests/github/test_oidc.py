"""Tokens of GitHub Actions, really signed by the sandbox's issuer: what is taken, and each way of being refused."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator

import httpx
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ci import CiRun
from app.domain.errors import TryLater, Unproven
from app.github.oidc import Issuer, Verifier
from app.sandbox.auth import key_pair
from tests.shop import SHOP, Shop, open_shop

AUDIENCE = "https://recall.example"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("github")) as opened:
        yield opened


class Time:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Counting(httpx.HTTPTransport):
    """The real network, with what was asked of it; `down` cuts it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.down = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path.rpartition("/")[2])
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        return super().handle_request(request)


def verifier(shop: Shop, network: httpx.BaseTransport | None = None, time: Time | None = None) -> Verifier:
    return Verifier(Issuer(shop.sandbox.issuer.url, network, time or Time()), AUDIENCE)


def claims(shop: Shop, **changes: object) -> dict[str, object]:
    told = shop.sandbox.issuer.claims(shop.sandbox.start_run(SHOP), AUDIENCE) | changes
    return {name: value for name, value in told.items() if value is not None}


def token(shop: Shop, **changes: object) -> str:
    return shop.sandbox.issuer.sign(claims(shop, **changes))


def refused(shop: Shop, forged: str) -> str:
    with pytest.raises(Unproven) as raised:
        verifier(shop)(forged)
    return str(raised.value)


def part(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def test_a_good_token_tells_of_its_run(shop: Shop) -> None:
    run = shop.sandbox.start_run(SHOP)
    told = shop.sandbox.issuer.claims(run, AUDIENCE)
    proof = verifier(shop)(shop.sandbox.issuer.sign(told))
    owner = shop.repository.owner.id
    assert proof.run == CiRun(shop.repository.id, owner, SHOP, run.id, 1, "push", "refs/heads/main", run.sha)
    assert (proof.token, proof.ends) == (told["jti"], told["exp"] + 60)


def test_a_token_forged_with_another_key_under_the_same_name_is_refused(shop: Shop) -> None:
    kid = jwt.get_unverified_header(token(shop))["kid"]
    forged = jwt.encode(claims(shop), key_pair()[0], algorithm="RS256", headers={"kid": kid})
    assert refused(shop, forged) == "The token cannot be verified."


def test_a_token_with_one_changed_claim_is_refused(shop: Shop) -> None:
    head, _, signature = token(shop).split(".")
    body = part(claims(shop, repository_id="1")).decode()
    assert refused(shop, f"{head}.{body}.{signature}") == "The token cannot be verified."


@pytest.mark.parametrize("named", ["RS256", "HS256"])
def test_a_token_signed_by_hmac_with_the_public_key_is_refused(shop: Shop, named: str) -> None:
    kid = jwt.get_unverified_header(token(shop))["kid"]
    signed = part({"alg": named, "typ": "JWT", "kid": kid}) + b"." + part(claims(shop))
    made = hmac.new(shop.sandbox.issuer.public_key().encode(), signed, hashlib.sha256).digest()
    refused(shop, (signed + b"." + base64.urlsafe_b64encode(made).rstrip(b"=")).decode())


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_a_token_without_a_signature_is_refused(shop: Shop, alg: str) -> None:
    kid = jwt.get_unverified_header(token(shop))["kid"]
    refused(shop, (part({"alg": alg, "typ": "JWT", "kid": kid}) + b"." + part(claims(shop)) + b".").decode())


def test_a_token_that_brings_its_own_key_is_refused(shop: Shop) -> None:
    private, public = key_pair()
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).prepare_key(public))
    forged = jwt.encode(claims(shop), private, algorithm="RS256", headers={"kid": "mine", "jwk": json.loads(jwk)})
    assert "does not publish" in refused(shop, forged)


@pytest.mark.parametrize(
    "audience", ["https://github.com/octo", "https://other.example", [AUDIENCE, "https://other.example"], None]
)
def test_a_token_for_another_audience_is_refused(shop: Shop, audience: object) -> None:
    refused(shop, token(shop, aud=audience))


def test_a_token_for_another_audience_is_told_which_one_it_should_be_for(shop: Shop) -> None:
    assert refused(shop, token(shop, aud="https://other.example")).endswith(f"with the audience {AUDIENCE}.")


def test_a_token_of_another_issuer_is_refused_though_its_key_is_known(shop: Shop) -> None:
    assert refused(shop, token(shop, iss="https://issuer.example")).startswith("The token is not one of http")


@pytest.mark.parametrize(("seconds", "taken"), [(-50, True), (-70, False)])
def test_a_token_ends_a_minute_after_its_time(shop: Shop, seconds: int, taken: bool) -> None:
    now = int(shop.sandbox.hub.now().timestamp())
    made = token(shop, iat=now - 400, nbf=now - 400, exp=now + seconds)
    if taken:
        verifier(shop)(made)
    else:
        assert refused(shop, made).startswith("The token has ended")


@pytest.mark.parametrize(("seconds", "taken"), [(50, True), (70, False)])
def test_a_token_begins_a_minute_before_its_time(shop: Shop, seconds: int, taken: bool) -> None:
    made = token(shop, nbf=int(shop.sandbox.hub.now().timestamp()) + seconds)
    if taken:
        verifier(shop)(made)
    else:
        refused(shop, made)


@pytest.mark.parametrize(
    "name",
    ["jti", "exp", "nbf", "iat", "iss", "aud", "repository_id", "repository_owner_id", "run_id", "run_attempt", "sha", "ref"],
)
def test_a_token_that_lacks_a_claim_is_refused(shop: Shop, name: str) -> None:
    refused(shop, token(shop, **{name: None}))


@pytest.mark.parametrize(
    "odd",
    [
        {"repository_id": "1e3"},
        {"repository_id": "-5"},
        {"repository_id": "\u0661"},
        {"run_id": ["5"]},
        {"sha": "f" * 39},
        {"sha": "F" * 40},
        {"ref": "main"},
        {"repository": "octo/.."},
        {"repository": "octo/shop/../other"},
        {"event_name": "push\n"},
        {"jti": ""},
    ],
)
def test_a_token_with_an_odd_claim_is_refused(shop: Shop, odd: dict[str, object]) -> None:
    refused(shop, token(shop, **odd))


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}", fullmatch=True))
def test_what_is_no_token_is_refused_without_asking_anybody(text: str) -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    with pytest.raises(Unproven):
        Verifier(Issuer("https://issuer.example", httpx.MockTransport(nobody)), AUDIENCE)(text)


def test_a_very_long_token_is_refused(shop: Shop) -> None:
    assert "longer than" in refused(shop, token(shop) + "a" * 20_000)


def test_the_keys_are_asked_for_once(shop: Shop) -> None:
    network = Counting()
    verify = verifier(shop, network)
    for _ in range(3):
        verify(token(shop))
    assert network.asked == ["openid-configuration", "jwks"]


def test_a_new_key_is_fetched_when_it_is_first_seen(shop: Shop) -> None:
    network, time = Counting(), Time()
    verify = verifier(shop, network, time)
    verify(token(shop))
    shop.sandbox.issuer.rotate()
    time.now += 31
    verify(token(shop))
    assert network.asked.count("jwks") == 2


def test_invented_keys_ask_the_issuer_at_most_once_in_half_a_minute(shop: Shop) -> None:
    network, time = Counting(), Time()
    verify = verifier(shop, network, time)
    verify(token(shop))
    private = key_pair()[0]
    for number in range(20):
        time.now += 5
        with pytest.raises(Unproven):
            verify(jwt.encode(claims(shop), private, algorithm="RS256", headers={"kid": f"k{number}"}))
    assert network.asked.count("jwks") <= 4


def test_a_key_that_is_published_no_more_ends_within_the_hour(shop: Shop) -> None:
    time = Time()
    verify = verifier(shop, time=time)
    old = token(shop)
    verify(old)
    shop.sandbox.issuer.rotate(forget=True)
    time.now += 3601
    with pytest.raises(Unproven):
        verify(old)


def test_known_keys_last_while_the_issuer_is_out_of_reach(shop: Shop) -> None:
    network, time = Counting(), Time()
    verify = verifier(shop, network, time)
    made = token(shop)
    verify(made)
    network.down = True
    time.now += 3601
    verify(made)


def test_an_issuer_out_of_reach_is_a_matter_of_time(shop: Shop) -> None:
    network, time = Counting(), Time()
    network.down = True
    verify = verifier(shop, network, time)
    for _ in range(2):
        with pytest.raises(TryLater):
            verify(token(shop))
    network.down = False
    time.now += 31
    verify(token(shop))


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://issuer.example", "jwks_uri": "https://keys.example/jwks"},
        {"issuer": "https://issuer.example", "jwks_uri": "http://issuer.example/jwks"},
        {"issuer": "https://other.example", "jwks_uri": "https://issuer.example/jwks"},
        {"issuer": "https://issuer.example"},
        {},
    ],
)
def test_keys_are_taken_from_the_issuers_own_host_alone(shop: Shop, described: dict[str, str]) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, json=described if "openid" in request.url.path else shop.sandbox.issuer.jwks())

    with pytest.raises(TryLater):
        Verifier(Issuer("https://issuer.example", httpx.MockTransport(answer)), AUDIENCE)(token(shop))
    assert asked == ["issuer.example"]


def test_a_redirect_is_not_followed_for_keys(shop: Shop) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "https://keys.example/"})

    with pytest.raises(TryLater):
        Verifier(Issuer("https://issuer.example", httpx.MockTransport(answer)), AUDIENCE)(token(shop))


def test_short_keys_and_keys_of_other_kinds_are_not_used(shop: Shop) -> None:
    listed = [
        {"kty": "oct", "kid": "a", "k": "c2VjcmV0", "alg": "HS256"},
        {"kty": "RSA", "kid": "b", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "kid": "c", "use": "enc"},
        {"kid": "d"},
        "no key",
    ]
    url = "https://issuer.example"

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json={"issuer": url, "jwks_uri": f"{url}/jwks"} if "openid" in request.url.path else {"keys": listed}
        )

    with pytest.raises(TryLater, match="publishes no key"):
        Verifier(Issuer(url, httpx.MockTransport(answer)), AUDIENCE)(token(shop))
