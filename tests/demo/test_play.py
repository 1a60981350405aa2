"""The demo, played whole: a sandbox GitHub, the real server as a process of its own, and one comment."""

from pathlib import Path

import httpx
import pytest

from app.demo.play import play
from app.demo.scene import shop


def test_the_label_brings_the_comment_and_everything_ends_with_it(tmp_path: Path) -> None:
    told: list[str] = []
    with play(shop(tmp_path / "source"), tmp_path, told.append) as played:
        page = httpx.get(played.issue)
        alive = httpx.get(f"{played.server}/healthz")
    assert played.comment.splitlines()[1].startswith("**1 test file touches the changed code, and it is no integration test; 2 ")
    assert "tests/pricing/test_discounts.py" in page.text
    assert alive.is_success
    assert len(told) == 4
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{played.server}/healthz")
