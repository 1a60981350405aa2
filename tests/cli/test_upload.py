"""`recall map upload`, and `show` and `query` with a server that answers what a test tells it to."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from app.analysis.testmap.wire import covers_json, map_json
from app.cli import run
from app.cli.server import PAUSES, ServedMaps, Server
from app.cli.upload import notice
from app.domain.errors import TellUser, TryLater
from tests.analysis.testmap.build import map_bytes
from tests.maps import MemoryMap, cover

URL = "https://recall.example"
Answers = Callable[[httpx.Request], httpx.Response]


def server(*answers: httpx.Response | Answers) -> tuple[Server, list[httpx.Request], list[float]]:
    """A server that gives these answers in turn, what it was asked, and how long was waited in between."""
    asked: list[httpx.Request] = []
    waited: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        given = answers[min(len(asked), len(answers)) - 1]
        return given if isinstance(given, httpx.Response) else given(request)

    return Server(URL + "/", httpx.MockTransport(answer), waited.append), asked, waited


def down(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def tokens() -> Callable[[], str]:
    left = iter(f"token{number}" for number in range(10))
    return lambda: next(left)


def test_a_map_is_put_with_a_token() -> None:
    there, asked, waited = server(httpx.Response(201, text="Kept.\n"))
    assert there.send(b"map", tokens()) == "Kept."
    assert [(r.method, str(r.url), r.headers["authorization"], r.content) for r in asked] == [
        ("PUT", f"{URL}/maps", "Bearer token0", b"map")
    ]
    assert waited == []


@pytest.mark.parametrize("trouble", [httpx.Response(503, text="later"), httpx.Response(429), httpx.Response(502), down])
def test_trouble_is_waited_out_with_a_fresh_token_for_every_try(trouble: httpx.Response | Answers) -> None:
    there, asked, waited = server(trouble, trouble, httpx.Response(201, text="Kept."))
    assert there.send(b"map", tokens()) == "Kept."
    assert [r.headers["authorization"] for r in asked] == ["Bearer token0", "Bearer token1", "Bearer token2"]
    assert waited == list(PAUSES[:2])


def test_trouble_that_stays_ends_after_four_tries() -> None:
    there, asked, waited = server(httpx.Response(503, text="The database refused.\n"))
    with pytest.raises(TryLater, match="The database refused"):
        there.send(b"map", tokens())
    assert (len(asked), waited) == (4, list(PAUSES))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 301])
def test_a_refusal_is_told_at_once(status: int) -> None:
    there, asked, _ = server(httpx.Response(status, text="The map is damaged.\n", headers={"location": "https://other.example"}))
    with pytest.raises(TellUser, match=f"{URL} refused: The map is damaged"):
        there.send(b"map", tokens())
    assert len(asked) == 1


@pytest.mark.parametrize("url", ["http://recall.example", "recall.example", "ftp://recall.example", ""])
def test_tokens_are_sent_over_https_alone(url: str) -> None:
    with pytest.raises(TellUser, match="https://"):
        Server(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_tokens_may_be_sent_to_this_machine(url: str) -> None:
    assert Server(url).url == url


def written(tmp_path: Path) -> str:
    (tmp_path / "map.recall").write_bytes(map_bytes())
    return str(tmp_path / "map.recall")


def test_a_forks_pull_request_passes_with_a_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    event = {"pull_request": {"head": {"repo": {"id": 2}}, "base": {"repo": {"id": 1}}}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL", raising=False)
    assert run(["map", "upload", written(tmp_path), "--server", URL]) == 0
    assert capsys.readouterr().out.startswith("::notice title=recall::No map was sent: GitHub gives no token to a pull request")


def test_a_push_without_the_permission_fails_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for name in ("ACTIONS_ID_TOKEN_REQUEST_URL", "GITHUB_EVENT_PATH"):
        monkeypatch.delenv(name, raising=False)
    assert run(["map", "upload", written(tmp_path), "--server", URL]) == 2
    assert "`id-token: write`" in capsys.readouterr().err


def test_what_is_no_map_is_told_before_anything_is_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").write_text("x")
    assert run(["map", "upload", str(tmp_path / "x"), "--server", URL]) == 2
    assert "is not a map" in capsys.readouterr().err


def test_a_notice_stays_one_command() -> None:
    assert notice("a%\r\n::error::b") == "::notice title=recall::a%25%0D%0A::error::b"


FOUND = MemoryMap("c" * 40, [cover("a/b c.py", "d" * 40, ["t::1", "t::2", "t::3"], {"t::1": [1, 2], "t::3": [2]}, [9])])


def served(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/maps/octo/shop":
        return httpx.Response(200, json={"commits": [FOUND.commit]})
    if request.url.path.endswith("/cover"):
        path = request.url.params["path"]
        return httpx.Response(200, json=covers_json(FOUND.covers([path]).get(path, ())))
    return httpx.Response(200, json=map_json(FOUND))


def test_the_maps_of_a_server_are_as_they_are_there() -> None:
    there, _, _ = server(served)
    maps = ServedMaps(there, "octo/shop", "token")
    assert maps.commits() == [FOUND.commit]
    here = maps.latest()
    assert (here.commit, here.segments, set(here.paths)) == (FOUND.commit, FOUND.segments, {"a/b c.py"})
    (found,) = here.covers(["a/b c.py", "no.py"])["a/b c.py"]
    assert {found.tests[test]: lines for test, lines in found.ran(-1).items()} == {"t::1": 0b110, "t::3": 0b100}
    assert (found.outside, found.code, found.blob) == (1 << 9, None, "d" * 40)


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"commits": 5}', b"{", b"null"])
def test_what_is_no_recall_server_is_told(answer: bytes) -> None:
    there, _, _ = server(httpx.Response(200, content=answer))
    with pytest.raises(TellUser):
        ServedMaps(there, "octo/shop", "token").latest()


@pytest.mark.parametrize("name", ["octo", "octo/shop/x", "../x", "octo/..?x=1", "o/\n"])
def test_a_name_that_is_none_is_told(name: str) -> None:
    there, asked, _ = server(served)
    with pytest.raises(TellUser):
        ServedMaps(there, name, "token").commits()
    assert asked == []
