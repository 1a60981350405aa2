"""Whether recall is well, as probes ask it."""

import pytest
from fastapi.testclient import TestClient

from app.web.site import create_site


@pytest.mark.parametrize(("well", "status", "text"), [(True, 200, "ready"), (False, 503, "not ready")])
def test_ready_says_whether_and_nothing_else(well: bool, status: int, text: str) -> None:
    answer = TestClient(create_site(lambda: well, lambda: None)).get("/readyz")
    assert (answer.status_code, answer.text) == (status, text)


def test_alive_even_if_not_ready() -> None:
    assert TestClient(create_site(lambda: False, lambda: None)).get("/healthz").text == "alive"


def test_the_end_of_the_site_stops_the_rest() -> None:
    stopped: list[bool] = []
    with TestClient(create_site(lambda: True, lambda: stopped.append(True))):
        assert stopped == []
    assert stopped == [True]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_nothing_describes_the_site_to_strangers(path: str) -> None:
    assert TestClient(create_site(lambda: True, lambda: None)).get(path).status_code == 404
