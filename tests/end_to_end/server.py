"""The served recall as a process that dies and is started again: `python -m tests.end_to_end.server PORT MARKS`.

Settings come by `RECALL_…` variables, as for `recall serve`. A file `ahead` beside the marks holds by how many seconds its clock
for courses and digests is ahead.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.bootstrap.bot import Bot, GitHubApp
from app.logs import configure
from app.settings import load
from app.web.server import serve
from tests.jobs.deadly import deadly
from tests.jobs.undying import undying


def main() -> None:
    settings = load(None)
    configure(settings.log_format, settings.log_level)
    (Path(sys.argv[2]) / "pid").write_text(str(os.getpid()))
    ahead = Path(sys.argv[2]) / "ahead"

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(ahead.read_text()) if ahead.exists() else 0)

    app = GitHubApp(settings, now)
    bot = Bot(settings, lambda kept: deadly(app.perform(kept), Path(sys.argv[2])), app.login(), app.gate, now)
    serve(bot, settings.webhook_secrets, "127.0.0.1", int(sys.argv[1]), print)


if __name__ == "__main__":
    undying(main)
