"""Takes `docs/digest.png`: `python -m tests.render.picture`."""

import tempfile
from pathlib import Path

from app.render.digest import digest_html
from tests.render import digests
from tests.render.browser import tab

PICTURE = Path(__file__).parents[2] / "docs" / "digest.png"


def take(picture: Path) -> None:
    """The shop's digest as a desk shows it."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "digest.html"
        page.write_text(digest_html(digests.shop()), encoding="utf-8")
        with tab(Path(folder) / "profile") as browser:
            browser.show(width=1120, height=800)
            browser.open(page)
            picture.write_bytes(browser.picture())


if __name__ == "__main__":
    take(PICTURE)
